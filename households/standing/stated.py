"""What somebody says of a household's standing, as spells: rosters in the opening stock, the demonstration.

One SQL function (``stated_spells``) turns the columns that rosters know into spells, whoever says them, for sets.
"""

# ruff: noqa: S608 - the text is put together from constants of this package only

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import connection
from django.utils import timezone

from households.models.household import STANDING

COLUMNS = {
    "exit_status": "varchar",
    "household_type": "varchar",
    "identified_on": "date",
    "exit_year": "smallint",
    "return_year": "smallint",
    "monitor_type": "varchar",
    "risk_identified_on": "date",
    "risk_cleared": "boolean",
    "risk_cleared_on": "date",
}
"""The columns of a household that a roster may state, and their types."""
KEPT = (*COLUMNS, "risk_clear_way", "risks")

SPELLS = f"""
SELECT q.household_id, h.village_id, s.klass, s.since, s.since_known, s.until, s.until_known, s.sure_until, s.year,
       q.asof, q.risk_clear_way, q.risks
FROM {{source}} q JOIN households_household h ON h.id = q.household_id
CROSS JOIN LATERAL stated_spells({", ".join(f"q.{name}::{kind}" for name, kind in COLUMNS.items())}, q.asof) s
"""

WRITE = """
WITH told AS MATERIALIZED ({spells}), made AS (
    INSERT INTO households_spell (household_id, village_id, klass_id, axis, code, since, since_known, until,
        until_known, sure_until, proven_on, year, origin, end_origin, document, recorded_at)
    SELECT household_id, village_id, klass, '', '', since, since_known, until, until_known, sure_until, asof, year,
        'opening', CASE WHEN until IS NULL THEN '' ELSE 'opening' END, %(document)s, now() FROM told
    RETURNING id, household_id, axis)
INSERT INTO households_episode (spell_id, risks, details, wanted, clear_way, snapshot)
SELECT made.id, t.risks, '{{}}', '', t.risk_clear_way, '{{}}'
FROM made JOIN (SELECT DISTINCT ON (household_id) household_id, risks, risk_clear_way FROM told) t USING (household_id)
WHERE made.axis = 'monitoring'
"""

_ARRAYS = ", ".join(f"%({name})s::{kind}[]" for name, kind in COLUMNS.items())
FROM_ARRAYS = f"""(SELECT household_id, asof, {", ".join(COLUMNS)}, risk_clear_way,
    coalesce(string_to_array(nullif(risks, ''), ','), '{{}}')::varchar[] AS risks
FROM unnest(%(household_id)s::bigint[], %(asof)s::date[], {_ARRAYS}, %(risk_clear_way)s::varchar[],
    %(risks)s::varchar[])
    AS given (household_id, asof, {", ".join(COLUMNS)}, risk_clear_way, risks))"""


def write_spells(source: str, params: Mapping[str, Any], document: str) -> None:
    """Write the spells that the rows of ``source`` (SQL: household_id, asof, the columns of COLUMNS, risk_clear_way,
    risks) state, with the origin 建库期名册. The database refuses them at commit once the county has closed it."""
    with connection.cursor() as cursor:
        cursor.execute(WRITE.format(spells=SPELLS.format(source=source)), {**params, "document": document})


def state(rows: Iterable[tuple[int, Mapping[str, Any]]], document: str, asof: date | None = None) -> None:
    """Write the spells of households without any: (household id, what is said of it by the names of STANDING)."""
    day = asof or timezone.localdate()
    given = [(pk, facts.get("data_date") or day, *_values(facts)) for pk, facts in rows]
    if not given:
        return
    names = ("household_id", "asof", *COLUMNS, "risk_clear_way", "risks")
    columns = zip(*given, strict=True)
    write_spells(FROM_ARRAYS, dict(zip(names, map(list, columns), strict=True)), document)


def _values(facts: Mapping[str, Any]) -> list[Any]:
    texts = ("exit_status", "household_type", "monitor_type", "risk_clear_way")
    plain = [facts.get(name) or ("" if name in texts else facts.get(name)) for name in (*COLUMNS, "risk_clear_way")]
    return [*plain, ",".join(facts.get("risks") or ())]


def split_facts(facts: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Facts of a household apart: its own, and what is said of its standing."""
    said = {name: value for name, value in facts.items() if name in STANDING}
    return {name: value for name, value in facts.items() if name not in STANDING}, said
