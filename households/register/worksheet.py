"""The net income worksheet (contract.md section 4; dictionary.md 3.1). Pure arithmetic, yuan a year:
for one household, and as SQL for sets of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from households.models.annual import EXPENSE_FIELDS, INCOME_FIELDS, TRANSFER_FIELDS, WORKSHEET_FIELDS

CENT = Decimal("0.01")
ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Worksheet:
    """Sums of one household and year. All are None when none of the ten items is recorded; ``per_head`` too when
    nobody counts."""

    persons: int
    transfer: Decimal | None
    gross: Decimal | None
    expense: Decimal | None
    net: Decimal | None
    per_head: Decimal | None


def add_up(items: Mapping[str, Any], persons: int) -> Worksheet:
    """Sum the ten items (missing keys and None are blank, a blank counts 0 unless all are blank).

    Net = wage + business + property + six transfers - business expense; per head is rounded half up to 2 decimals.
    """
    amounts = {name: items.get(name) for name in WORKSHEET_FIELDS}
    if all(amount is None for amount in amounts.values()):
        return Worksheet(persons, None, None, None, None, None)
    transfer = _sum(amounts, TRANSFER_FIELDS)
    gross = _sum(amounts, INCOME_FIELDS) + transfer
    expense = _sum(amounts, EXPENSE_FIELDS)
    net = gross - expense
    return Worksheet(persons, transfer, gross, expense, net, per_head(net, persons))


def per_head(net: Decimal, persons: int) -> Decimal | None:
    """Net income per head, half up to the cent; None when nobody counts."""
    return (net / persons).quantize(CENT, ROUND_HALF_UP) if persons > 0 else None


def of_record(record: Any, persons: int) -> Worksheet:
    """The worksheet of an annual record, or of None."""
    return add_up({name: getattr(record, name, None) for name in WORKSHEET_FIELDS}, persons)


def net_income_sql(alias: str) -> str:
    """The net income of a record as SQL (null where none of the ten items is recorded); ``alias`` names the record."""
    recorded = ", ".join(f"{alias}.{name}" for name in WORKSHEET_FIELDS)
    plus = " + ".join(f"coalesce({alias}.{name}, 0)" for name in INCOME_FIELDS + TRANSFER_FIELDS)
    minus = "".join(f" - coalesce({alias}.{name}, 0)" for name in EXPENSE_FIELDS)
    return f"CASE WHEN num_nonnulls({recorded}) > 0 THEN {plus}{minus} END"


def _sum(amounts: Mapping[str, Any], names: tuple[str, ...]) -> Decimal:
    return sum((Decimal(amounts[name]) for name in names if amounts[name] is not None), ZERO)
