"""Database triggers that keep presence in step with members, and where a row of a year was surveyed.

A member's household, relation, joining and leaving are the last line of his presence: whatever tool writes them, one
statement keeps both. Written over sets (transition tables), so that a roster of a hundred thousand people costs two
statements more.
"""

# ruff: noqa: S608 - the texts are put together from constants

import pgtrigger
from django.db import models

from households.models.codes import HEAD
from villages.standards.rules import COUNT_DAY

_LATER_FIRST = "ORDER BY s.since DESC NULLS LAST, s.id DESC LIMIT 1"
_COUNTED_ON = COUNT_DAY.sql("y.year::int")

# Somebody who had left and comes again, to the same household, is no correction of his leaving.
_CAME_AGAIN = """(n.was_left IS NOT NULL AND n.left_on IS NULL AND n.joined_on >= n.was_left
    AND n.joined_on IS DISTINCT FROM n.was_joined)"""

# Each member before and after. The plan is kept from the first time, mostly for one row; a full join never compares
# every row with every other, so that a change of a hundred thousand members takes its time only once.
_TWICE = """(SELECT n.id, n.household_id, n.village_id, n.relation, n.joined_on, n.joined_reason, n.left_on,
        n.left_reason, o.household_id AS was_household, o.relation AS was_relation, o.joined_on AS was_joined,
        o.joined_reason AS was_joined_reason, o.left_on AS was_left, o.left_reason AS was_left_reason
      FROM new_values n FULL JOIN old_values o ON o.id = n.id OFFSET 0) n"""

_COLUMNS = "member_id, household_id, village_id, since, until, relation, continued, came, went"


def _another_head(since: str) -> str:
    """Whether somebody else is head of the household of ``n`` on a day from ``since`` on."""
    return f"""EXISTS (SELECT 1 FROM households_presence x
        WHERE x.household_id = n.household_id AND x.relation = '{HEAD}' AND x.member_id <> n.id
          AND ({since} IS NULL OR x.until IS NULL OR x.until > {since}))"""


def _headed(changed: str) -> str:
    """A head of whom no day is told is one since the head before him left; before that his relation is what it was."""
    return f"""
FOR headed IN
    SELECT p.* FROM {changed}
    CROSS JOIN LATERAL (SELECT * FROM households_presence s WHERE s.member_id = n.id {_LATER_FIRST}) p
    WHERE n.relation = '{HEAD}' AND p.relation <> '{HEAD}'
LOOP
    SELECT max(x.until) INTO free_on FROM households_presence x
    WHERE x.household_id = headed.household_id AND x.relation = '{HEAD}' AND x.member_id <> headed.member_id
      AND (headed.since IS NULL OR x.until > headed.since);
    IF free_on IS NULL OR free_on > coalesce(headed.until, 'infinity') THEN
        UPDATE households_presence SET relation = '{HEAD}' WHERE id = headed.id;
    ELSE
        UPDATE households_presence SET until = free_on, went = '' WHERE id = headed.id;
        INSERT INTO households_presence ({_COLUMNS})
        VALUES (headed.member_id, headed.household_id, headed.village_id, free_on, headed.until, '{HEAD}', TRUE, '',
                headed.went);
    END IF;
END LOOP;
"""


ARRIVED = f"""
INSERT INTO households_presence ({_COLUMNS})
SELECT id, household_id, village_id, joined_on, left_on,
       CASE WHEN relation = '{HEAD}' AND {_another_head("n.joined_on")} THEN '' ELSE relation END, FALSE,
       joined_reason, left_reason
FROM new_values n;
{_headed("new_values n")}
RETURN NULL;
"""

_CORRECTED = f"""
UPDATE households_presence p SET
    relation = CASE WHEN p.id <> e.last OR e.relation = '{HEAD}' AND p.relation <> '{HEAD}' AND e.contested
                    THEN p.relation ELSE e.relation END,
    until = CASE WHEN p.id = e.last THEN e.left_on ELSE p.until END,
    went = CASE WHEN p.id = e.last THEN e.left_reason ELSE p.went END,
    since = CASE WHEN p.id = e.first THEN e.joined_on ELSE p.since END,
    came = CASE WHEN p.id = e.first AND e.joined_reason <> e.old_reason THEN e.joined_reason ELSE p.came END
FROM (SELECT n.id, n.relation, n.joined_on, n.joined_reason, n.left_on, n.left_reason,
        n.was_joined_reason AS old_reason, {_another_head("n.joined_on")} AS contested,
        (SELECT s.id FROM households_presence s WHERE s.member_id = n.id AND NOT s.continued {_LATER_FIRST}) AS first,
        (SELECT s.id FROM households_presence s WHERE s.member_id = n.id {_LATER_FIRST}) AS last
      FROM {_TWICE}
      WHERE n.household_id = n.was_household AND NOT {_CAME_AGAIN}
        AND ROW(n.relation, n.joined_on, n.joined_reason, n.left_on, n.left_reason)
            IS DISTINCT FROM ROW(n.was_relation, n.was_joined, n.was_joined_reason, n.was_left, n.was_left_reason)) e
WHERE p.member_id = e.id AND p.id IN (e.first, e.last);
"""

# An earlier stay in that household since that day: what followed it is taken back. Else he moves in on joined_on.
_MOVED = f"""
FOR moved IN
    SELECT n.* FROM {_TWICE} WHERE n.household_id <> n.was_household OR {_CAME_AGAIN} ORDER BY n.id
LOOP
    SELECT * INTO last FROM households_presence s WHERE s.member_id = moved.id {_LATER_FIRST};
    SELECT * INTO stay FROM households_presence s
    WHERE s.member_id = moved.id AND s.household_id = moved.household_id AND NOT s.continued
      AND s.since IS NOT DISTINCT FROM moved.joined_on {_LATER_FIRST};
    IF stay.id IS NOT NULL THEN
        DELETE FROM households_presence p
        USING (SELECT coalesce(s.since, '-infinity') AS since, s.id FROM households_presence s
               WHERE s.member_id = moved.id AND NOT s.continued
                 AND (coalesce(s.since, '-infinity'), s.id) > (coalesce(stay.since, '-infinity'), stay.id)
               ORDER BY 1, 2 LIMIT 1) next
        WHERE p.member_id = moved.id AND (coalesce(p.since, '-infinity'), p.id) >= (next.since, next.id);
        UPDATE households_presence p
        SET relation = moved.relation, until = moved.left_on, went = moved.left_reason
        WHERE p.id = (SELECT s.id FROM households_presence s WHERE s.member_id = moved.id {_LATER_FIRST});
    ELSE
        IF moved.joined_on IS NULL OR moved.joined_on <= last.since THEN
            RAISE EXCEPTION 'member %: another household needs the day (joined_on), after the last one', moved.id
                USING ERRCODE = 'check_violation', CONSTRAINT = 'presence_dated';
        END IF;
        UPDATE households_presence SET until = moved.joined_on WHERE id = last.id AND until IS NULL;
        INSERT INTO households_presence
            ({_COLUMNS})
        VALUES (moved.id, moved.household_id, moved.village_id, moved.joined_on, moved.left_on, moved.relation, FALSE,
                moved.joined_reason, moved.left_reason);
    END IF;
END LOOP;
"""

_RELIVED = f"""
SELECT array_agg(n.id) INTO relived FROM {_TWICE}
WHERE ROW(n.household_id, n.joined_on, n.left_on) IS DISTINCT FROM ROW(n.was_household, n.was_joined, n.was_left);
IF relived IS NOT NULL THEN
    UPDATE households_memberyear y
    SET household_id = p.household_id, village_id = p.village_id, version = y.version + 1, updated_at = now()
    FROM households_presence p
    WHERE y.member_id = ANY (relived) AND p.member_id = y.member_id AND y.household_id <> p.household_id
      AND (p.since IS NULL OR p.since <= {_COUNTED_ON}) AND (p.until IS NULL OR p.until > {_COUNTED_ON});
END IF;
"""

_TURNED = f"(SELECT n.* FROM {_TWICE} WHERE n.was_relation <> n.relation) n"
RESETTLED = f"{_CORRECTED}{_MOVED}{_headed(_TURNED)}{_RELIVED}RETURN NULL;"

IN_STEP = f"""
SELECT household_id, relation, joined_on, left_on INTO person
FROM households_member WHERE id = coalesce(NEW.member_id, OLD.member_id);
IF NOT FOUND THEN RETURN NULL; END IF;
SELECT s.* INTO last FROM households_presence s WHERE s.member_id = coalesce(NEW.member_id, OLD.member_id)
{_LATER_FIRST};
SELECT s.since INTO came_on FROM households_presence s
WHERE s.member_id = coalesce(NEW.member_id, OLD.member_id) AND NOT s.continued {_LATER_FIRST};
IF ROW(last.household_id, last.relation, came_on, last.until)
   IS DISTINCT FROM ROW(person.household_id, person.relation, person.joined_on, person.left_on) THEN
    RAISE EXCEPTION 'presence of member % is not what the member says', coalesce(NEW.member_id, OLD.member_id)
        USING ERRCODE = 'check_violation', CONSTRAINT = 'presence_in_step';
END IF;
RETURN NULL;
"""

KEPT = """
IF NEW.counted_in <> '' THEN
    RAISE EXCEPTION 'where a row of a year was surveyed (counted_in) does not change'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'counted_for_good';
END IF;
NEW.counted_in := OLD.counted_in;
RETURN NEW;
"""


_HEADING = [("headed", "households_presence%ROWTYPE"), ("free_on", "date")]


def presence_of_members() -> list[pgtrigger.Trigger]:
    """What a change of members leaves in their presence, and in which household their yearly rows are counted."""
    return [
        pgtrigger.Trigger(
            name="presence_arrived",
            level=pgtrigger.Statement,
            when=pgtrigger.After,
            operation=pgtrigger.Insert,
            referencing=pgtrigger.Referencing(new="new_values"),
            declare=_HEADING,
            func=ARRIVED,
        ),
        pgtrigger.Trigger(
            name="presence_resettled",
            level=pgtrigger.Statement,
            when=pgtrigger.After,
            operation=pgtrigger.Update,
            referencing=pgtrigger.Referencing(old="old_values", new="new_values"),
            declare=[
                *_HEADING,
                ("moved", "record"),
                ("last", "households_presence%ROWTYPE"),
                ("stay", "households_presence%ROWTYPE"),
                ("relived", "bigint[]"),
            ],
            func=RESETTLED,
        ),
    ]


def in_step() -> pgtrigger.Trigger:
    """At commit the last presence says what the member says; rows written by the members' own triggers do already."""
    return pgtrigger.Trigger(
        name="presence_in_step",
        level=pgtrigger.Row,
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        timing=pgtrigger.Deferred,
        condition=pgtrigger.Condition("pg_trigger_depth() = 0"),
        declare=[("person", "record"), ("last", "households_presence%ROWTYPE"), ("came_on", "date")],
        func=IN_STEP,
    )


def village_then(label: str) -> models.CharField:
    """The code of the village where something of a year was surveyed; :func:`surveyed_here` fills it."""
    return models.CharField(
        label, max_length=12, blank=True, default="", db_default="", db_collation="C", editable=False
    )


def surveyed_here() -> pgtrigger.Trigger:
    """A row of a year keeps the village where it was surveyed: where the household lived on the count day, which its
    moves tell (the function is part of the schema), today's village where it never moved."""
    fill = "NEW.counted_in := households_village_on(NEW.household_id, NEW.year::int, NEW.village_id); RETURN NEW;"
    return pgtrigger.Trigger(
        name="counted_where",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        condition=pgtrigger.Condition("NEW.counted_in = ''"),
        func=fill,
    )


def never_moved() -> pgtrigger.Trigger:
    """The village where something was surveyed does not change afterwards."""
    return pgtrigger.Trigger(
        name="counted_for_good",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=pgtrigger.Q(old__counted_in__df=pgtrigger.F("new__counted_in")),
        func=KEPT,
    )
