"""One statement that judges every open episode of a set of households, writes what differs and drops what is over."""

# ruff: noqa: S608 - the text is put together from declarations in this package only

from __future__ import annotations

from functools import lru_cache

from households.closed.sql import open_sql
from households.eligibility.clearing.conditions import CONDITIONS, EVIDENCE, PEOPLE, delivered_sql
from households.eligibility.criterion import FAIL, MISSING
from households.eligibility.sql import LAST_DAY, chain
from villages.standards.rules import threshold_sql
from villages.standards.sql import set_in_force

CONTENT = (
    "household_id", "village_id", "monitor_type", "since", "months", "per_head", "line_amount", "failed", "missing",
    "eligible", "evidence",
)  # fmt: skip
NO_RECORD = "record"
"""What is missing where the year was not judged at all."""


def statement(which: str) -> str:
    """``which`` is a condition on rows of an alias ``{0}`` (``household_id``, ``village_id``)."""
    return _statement(which, delivered_sql())


@lru_cache(maxsize=4)
def _statement(which: str, delivered: str) -> str:
    old, new = (", ".join(f"{alias}.{name}" for name in CONTENT) for alias in ("o", "f"))
    columns = ", ".join(("spell_id", "year", *CONTENT))
    update = ", ".join(f"{name} = excluded.{name}" for name in (*CONTENT, "judged_at"))
    steps = {
        "e": f"""SELECT s.id AS spell_id, s.household_id, s.village_id, s.code AS monitor_type, s.since,
            coalesce(p.risks, '{{}}') AS risks, CASE WHEN s.since_known <> 'unknown' THEN
                (extract(year FROM age({LAST_DAY}, s.since)) * 12 + extract(month FROM age({LAST_DAY}, s.since)))::int
            END AS months
            FROM households_spell s LEFT JOIN households_episode p ON p.spell_id = s.id
            WHERE s.axis = 'monitoring' AND s.during @> {LAST_DAY} AND {which.format("s")}
            AND {open_sql("s.village_id")}""",
        "v": "SELECT DISTINCT village_id FROM e",
        "r": f"""SELECT v.village_id, {threshold_sql("calm_months", "s.params")} AS calm_months
            FROM v LEFT JOIN LATERAL {set_in_force("v.village_id")} s ON true""",
        "i": f"""SELECT e.*, a.per_head, a.line_amount, coalesce(a.failed, '{{}}') AS failed_criteria,
            coalesce(a.missing, ARRAY['{NO_RECORD}']::varchar[]) AS missing_criteria,
            {", ".join(f"{each.result} AS r_{each.code}" for each in CONDITIONS)},
            jsonb_strip_nulls(jsonb_build_object({_evidence()})) AS evidence
            FROM e JOIN r USING (village_id) JOIN households_household h ON h.id = e.household_id
            LEFT JOIN households_assessment a ON a.household_id = e.household_id AND a.year = %(year)s
            LEFT JOIN LATERAL (SELECT t.id, t.asked_on, t.is_heavy FROM households_incometest t
                WHERE t.household_id = e.household_id AND t.per_head IS NOT NULL AND t.asked_on <= {LAST_DAY}
                ORDER BY t.asked_on DESC, t.id DESC LIMIT 1) t ON true
            CROSS JOIN LATERAL (SELECT {PEOPLE} FROM households_member m
                WHERE m.household_id = e.household_id AND m.left_on IS NULL) l
            CROSS JOIN LATERAL (SELECT {delivered} AS delivered) w""",
        "k": f"""SELECT i.*, failed_criteria || {_codes(FAIL)} AS failed,
            missing_criteria || {_codes(MISSING)} AS missing FROM i OFFSET 0""",
        "fresh": """SELECT k.*, %(year)s::smallint AS year, cardinality(failed) + cardinality(missing) = 0 AS eligible
            FROM k""",
        "written": f"""INSERT INTO households_clearance ({columns}, judged_at)
            SELECT {", ".join(f"f.{name}" for name in columns.split(", "))}, %(now)s FROM fresh f
            LEFT JOIN households_clearance o ON o.spell_id = f.spell_id AND o.year = f.year
            WHERE o.id IS NULL OR ROW({old}) IS DISTINCT FROM ROW({new})
            ON CONFLICT (spell_id, year) DO UPDATE SET {update} RETURNING spell_id""",
        "over": f"""DELETE FROM households_clearance o WHERE o.year = %(year)s AND {which.format("o")}
            AND {open_sql("o.village_id")} AND NOT EXISTS (SELECT FROM e WHERE e.spell_id = o.spell_id)
            RETURNING o.spell_id""",
    }
    counts = ", ".join(f"(SELECT count(*) FROM {name})" for name in ("fresh", "written", "over"))
    return chain(steps, f"SELECT {counts}")


def _codes(result: str) -> str:
    """Array of the codes of the conditions with this result."""
    cases = ", ".join(f"CASE WHEN r_{each.code} = '{result}' THEN '{each.code}' END" for each in CONDITIONS)
    return f"array_remove(ARRAY[{cases}]::varchar[], NULL)"


def _evidence() -> str:
    return ", ".join(f"'{name}', {sql}" for name, sql in EVIDENCE.items())
