"""What the database itself keeps of the ledger of funds: running totals that no statement can overdraw.

A total stands in the row that money is taken from (``allocated``, ``paid``); a trigger adds what is taken in the same
statement, so that two who take at once wait for each other, and a check constraint of that row refuses what exceeds it.
At commit each total is counted anew from the rows behind it: a total written by hand is refused.
"""

# ruff: noqa: S608 - the text is put together from names of tables only

import pgtrigger

CHECK = "USING ERRCODE = 'check_violation', CONSTRAINT = "


def spread(total: str, of: str, by: str, rows: str) -> str:
    """The statement that moves the total ``total`` of the table ``of`` by what ``rows`` hold for its keys ``by``."""
    return f"""
UPDATE {of} AS kept SET {total} = kept.{total} + taken.amount
FROM (SELECT {by} AS key, sum(amount) AS amount FROM {rows} GROUP BY {by} HAVING sum(amount) <> 0) AS taken
WHERE kept.id = taken.key;
"""


def difference(by: str) -> str:
    """What a statement changed, as rows of key and amount."""
    return f"(SELECT {by}, amount FROM new_values UNION ALL SELECT {by}, -amount FROM old_values) AS changed"


def added(name: str, *totals: tuple[str, str, str]) -> pgtrigger.Trigger:
    """New rows count into ``totals`` (column, table, key)."""
    return pgtrigger.Trigger(
        name=f"{name}_added",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        referencing=pgtrigger.Referencing(new="new_values"),
        func="".join(spread(*total, "new_values") for total in totals) + "RETURN NULL;",
    )


def changed(name: str, *totals: tuple[str, str, str]) -> pgtrigger.Trigger:
    """Changed amounts count into ``totals``, too."""
    return pgtrigger.Trigger(
        name=f"{name}_changed",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Update,
        referencing=pgtrigger.Referencing(old="old_values", new="new_values"),
        func="".join(spread(*total, difference(total[2])) for total in totals) + "RETURN NULL;",
    )


def in_balance(total: str, counted: str) -> pgtrigger.Trigger:
    """At commit the total is what ``counted`` (of NEW.id) says."""
    found = f"SELECT {total} IS DISTINCT FROM ({counted}) FROM {{meta.db_table}} WHERE id = NEW.id"
    return pgtrigger.Trigger(
        name=f"{total}_in_balance",
        level=pgtrigger.Row,
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Update,
        timing=pgtrigger.Deferred,
        func=pgtrigger.Func(
            f"IF ({found}) THEN RAISE EXCEPTION 'the total {total} is not what its rows say' "
            f"{CHECK}'{total}_in_balance'; END IF; RETURN NULL;"
        ),
    )


def kept_for_good(*fields: str) -> pgtrigger.Trigger:
    """What a row of the ledger hangs on does not change."""
    return pgtrigger.ReadOnly(name="hangs_on", fields=list(fields))


SOUND = f"""
SELECT project_id INTO NEW.project_id FROM assistance_allocation WHERE id = NEW.allocation_id;
IF NEW.reverses_id IS NOT NULL AND NOT EXISTS (
    SELECT FROM assistance_disbursement AS first WHERE first.id = NEW.reverses_id AND first.amount = -NEW.amount
    AND first.allocation_id = NEW.allocation_id AND first.reverses_id IS NULL
    AND first.household_id IS NOT DISTINCT FROM NEW.household_id AND first.item = NEW.item)
THEN
    RAISE EXCEPTION 'a reversal takes back the whole of one payment' {CHECK}'reversal_of_the_whole';
END IF;
NEW.is_reversed := false;
RETURN NEW;
"""
MARK_REVERSED = """
UPDATE assistance_disbursement SET is_reversed = true WHERE id IN (SELECT reverses_id FROM new_values);
RETURN NULL;
"""
REVERSED_BY_A_ROW = f"""
IF NEW.is_reversed <> EXISTS (SELECT FROM assistance_disbursement WHERE reverses_id = NEW.id) THEN
    RAISE EXCEPTION 'a payment is reversed by another row only' {CHECK}'reversed_by_a_row';
END IF;
RETURN NULL;
"""

NOT_BEYOND_THE_PAYMENT = f"""
PERFORM FROM assistance_disbursement WHERE id = NEW.payment_id FOR NO KEY UPDATE;
IF (SELECT sum(amount) FROM assistance_measure WHERE payment_id = NEW.payment_id AND withdrawn_on IS NULL)
    > (SELECT amount FROM assistance_disbursement WHERE id = NEW.payment_id)
THEN
    RAISE EXCEPTION 'measures of a payment come to more than was paid' {CHECK}'measures_within_payment';
END IF;
RETURN NULL;
"""


def within_payment() -> pgtrigger.Trigger:
    """Measures that name a payment come to no more than it, whoever notes them at the same time."""
    return pgtrigger.Trigger(
        name="within_payment",
        level=pgtrigger.Row,
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("payment_id", "amount", "withdrawn_on"),
        condition=pgtrigger.Condition("NEW.payment_id IS NOT NULL AND NEW.withdrawn_on IS NULL"),
        func=NOT_BEYOND_THE_PAYMENT,
    )


def payments() -> list[pgtrigger.Trigger]:
    """Triggers of disbursements: their totals, and that a reversal takes back one whole payment, once."""
    return [
        added("paid", ("paid", "assistance_allocation", "allocation_id"), ("paid", "assistance_project", "project_id")),
        pgtrigger.Trigger(name="sound", when=pgtrigger.Before, operation=pgtrigger.Insert, func=SOUND),
        pgtrigger.Trigger(
            name="takes_back",
            level=pgtrigger.Statement,
            when=pgtrigger.After,
            operation=pgtrigger.Insert,
            referencing=pgtrigger.Referencing(new="new_values"),
            func=MARK_REVERSED,
        ),
        pgtrigger.Trigger(
            name="reversed_by_a_row",
            when=pgtrigger.After,
            operation=pgtrigger.Update,
            condition=pgtrigger.Condition("OLD.is_reversed IS DISTINCT FROM NEW.is_reversed"),
            func=REVERSED_BY_A_ROW,
        ),
    ]
