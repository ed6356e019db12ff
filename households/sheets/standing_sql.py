"""The statements that bring what a roster says of standing into spells or proposals (households.sheets.standing)."""

# ruff: noqa: S608 - the texts are constants

from collections.abc import Collection

from households.models.codes import HEAD
from households.standing.stated import COLUMNS, SPELLS

BLANK = {"varchar": "''", "date": "NULL::date", "smallint": "NULL::smallint", "boolean": "NULL::boolean"}

# What the sheet says beside what the register holds, for the households of the good rows. Blank cells say nothing.
STATED = """
CREATE TEMP TABLE sheet_stated AS
SELECT s.n, s.household_id, coalesce({asof}, h.data_date, register_today()) AS asof, {said},
       h.risk_clear_way, h.risks, h.in_register,
       EXISTS (SELECT 1 FROM households_spell p WHERE p.household_id = h.id) AS known,
       EXISTS (SELECT 1 FROM households_spell p WHERE p.household_id = h.id AND p.origin <> 'opening') AS firm,
       {differs} AS differs
FROM sheet_ready s JOIN households_household h ON h.id = s.household_id
WHERE s.facts
"""

# Rosters know months: a day of the same month is no difference.
DIFFERS = {
    "date": "date_trunc('month', {said}) IS DISTINCT FROM date_trunc('month', h.{name})",
    "varchar": "{said} <> h.{name}",
    "smallint": "{said} IS DISTINCT FROM h.{name}",
    "boolean": "{said} IS DISTINCT FROM coalesce(h.{name}, false)",
}


def said(name: str, staged: Collection[str]) -> str:
    """What holds once the sheet is read: its cell, or where that is blank or missing what the register has. A sheet
    with another 户类型 and no 脱贫属性 says that, too, by its type."""
    if name in staged:
        return f'coalesce(s."h_{name}", h.{name})'
    if name == "exit_status" and "household_type" in staged:
        return "CASE WHEN s.h_household_type <> h.household_type THEN '' ELSE h.exit_status END"
    return f"h.{name}"


def differing(name: str, kind: str) -> str:
    return (
        "coalesce(" + DIFFERS[kind].format(said=f's."h_{name}"', name=name) + f' AND s."h_{name}" IS NOT NULL, false)'
    )


# Spells that would be the same again are left alone.
RESTATED = f"""
CREATE TEMP TABLE sheet_restated AS
SELECT q.household_id FROM sheet_stated q
WHERE NOT q.firm AND (NOT q.known OR q.differs) AND (
    SELECT coalesce(array_agg(ROW(t.klass, t.since, t.until)::text ORDER BY t.klass, t.since), '{{{{}}}}')
    FROM ({SPELLS.format(source="(SELECT q.*)")}) t
) IS DISTINCT FROM (
    SELECT coalesce(array_agg(ROW(p.klass_id, p.since, p.until)::text ORDER BY p.klass_id, p.since), '{{{{}}}}')
    FROM households_spell p WHERE p.household_id = q.household_id)
""".replace("{{", "{").replace("}}", "}")
FORGET_EPISODES = """
DELETE FROM households_episode e USING households_spell s, sheet_restated r
WHERE s.id = e.spell_id AND s.household_id = r.household_id
"""
FORGET = "DELETE FROM households_spell s USING sheet_restated r WHERE s.household_id = r.household_id"
SOURCE = "(SELECT q.* FROM sheet_stated q JOIN sheet_restated r USING (household_id))"

# A roster's household that lives in the village already, as an ordinary one: found by its people, the head first.
MATCH_ORDINARY = f"""
WITH found AS (
    SELECT DISTINCT ON (h.id) g.household_no, h.id, h.village_id
    FROM sheet_good g
    JOIN households_member m ON m.id_hash = g.m_id_hash AND m.left_on IS NULL AND left(m.village_id, 6) = %(county)s
    JOIN households_household h ON h.id = m.household_id AND h.removed_on IS NULL AND NOT h.in_register
    WHERE g.household_id IS NULL ORDER BY h.id, g.m_relation <> '{HEAD}', g.n),
one AS (SELECT DISTINCT ON (household_no) * FROM found ORDER BY household_no, id)
UPDATE sheet_good s SET household_id = o.id, registered_in = o.village_id, adopted = TRUE
FROM one o WHERE o.household_no = s.household_no AND s.household_id IS NULL
"""
IN_ANOTHER_ORDINARY = """
SELECT DISTINCT g.n FROM sheet_good g
JOIN households_member m ON m.id_hash = g.m_id_hash AND m.left_on IS NULL AND left(m.village_id, 6) = %(county)s
JOIN households_household h ON h.id = m.household_id AND h.removed_on IS NULL
WHERE h.id IS DISTINCT FROM g.household_id
"""
DROP_REJECTED = """
DELETE FROM sheet_good g WHERE EXISTS (
    SELECT 1 FROM sheet_remark f WHERE f.n = g.n AND f.sheet = %(sheet)s AND f.rank < %(warning)s)
"""
ADOPT = """
UPDATE households_household h SET former_no = h.household_no, household_no = s.household_no,
    version = h.version + 1, updated_at = now()
FROM sheet_good s WHERE s.facts AND s.adopted AND h.id = s.household_id AND h.household_no <> s.household_no
"""
NOT_IN_SHEET = """
SELECT g.n FROM sheet_good g WHERE g.facts AND g.adopted AND EXISTS (
    SELECT 1 FROM households_member m WHERE m.household_id = g.household_id AND m.left_on IS NULL
      AND NOT EXISTS (SELECT 1 FROM sheet_good o WHERE o.m_id_hash = m.id_hash AND o.household_id = m.household_id))
"""

_SAID_CLASS = "q.exit_status <> '' OR q.household_type IN ('01', '03', '04') OR q.monitor_type <> ''"
PROPOSE = f"""
INSERT INTO households_standingproposal
    (household_id, village_id, kind, state, differences, source_id, source_name, found_at, reason)
SELECT q.household_id, h.village_id, k.kind, 'open', d.differences, %(sheet)s, %(source)s, now(), ''
FROM sheet_stated q JOIN households_household h ON h.id = q.household_id
CROSS JOIN LATERAL (SELECT CASE
    WHEN NOT q.in_register AND ({_SAID_CLASS}) THEN 'in'
    WHEN q.monitor_type <> '' AND h.monitor_type = '' THEN 'in'
    WHEN q.risk_cleared AND h.risk_cleared IS FALSE THEN 'clear'
    WHEN (q.exit_status = '1' OR q.household_type = '01') AND h.exit_status IN ('0', '2', '3') THEN 'out'
    ELSE 'error' END AS kind) k
CROSS JOIN LATERAL (
    SELECT jsonb_object_agg(name, jsonb_build_array(held, said)) AS differences
    FROM (VALUES {", ".join(f"('{name}', h.{name}::text, q.{name}::text)" for name in COLUMNS)}) v (name, held, said)
    WHERE coalesce(held, '') <> coalesce(said, '')) d
WHERE q.differs AND d.differences IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM households_standingproposal o
    WHERE o.household_id = q.household_id AND o.kind = k.kind AND o.state = 'dismissed'
      AND o.differences = d.differences)
ON CONFLICT (household_id, kind) WHERE state = 'open'
DO UPDATE SET differences = excluded.differences, source_id = excluded.source_id,
    source_name = excluded.source_name, found_at = excluded.found_at
"""
