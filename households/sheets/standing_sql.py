"""The statements that bring what a roster says of standing into spells or proposals (households.sheets.standing)."""

# ruff: noqa: S608 - the texts are constants

from collections.abc import Collection

from households.models.codes import HEAD
from households.standing.stated import COLUMNS, SPELLS

KINDS = {**COLUMNS, "risk_clear_way": "way", "risks": "list"}
"""What a roster may say of a household's standing; the last two belong to the episode of monitoring."""
# What the sheet says beside what the register holds, for the households of the good rows. Blank cells say nothing.
STATED = """
CREATE TEMP TABLE sheet_stated AS
SELECT s.n, s.household_id, coalesce({asof}, h.data_date, register_today()) AS asof, {said},
       h.in_register,
       EXISTS (SELECT 1 FROM households_spell p WHERE p.household_id = h.id) AS known,
       EXISTS (SELECT 1 FROM households_spell p WHERE p.household_id = h.id AND p.origin <> 'opening') AS firm,
       {differs} AS differs, {beside} AS beside
FROM sheet_ready s JOIN households_household h ON h.id = s.household_id
WHERE s.facts
"""

# Rosters know months: a day of the same month is no difference.
DIFFERS = {
    "date": "date_trunc('month', {said}) IS DISTINCT FROM date_trunc('month', h.{name})",
    "varchar": "{said} <> h.{name}",
    "smallint": "{said} IS DISTINCT FROM h.{name}",
    "boolean": "{said} IS DISTINCT FROM coalesce(h.{name}, false)",
    "way": "{said} <> h.{name}",
    "list": "{said} <> h.{name}",
}


def said(name: str, staged: Collection[str]) -> str:
    """What holds once the sheet is read: its cell, or where that is blank or missing what the register has. A sheet
    with another 户类型 and no 脱贫属性 says that, too, by its type."""
    if name in staged:
        return f'coalesce(s."h_{name}", h.{name})'
    if name == "exit_status" and "household_type" in staged:
        return "CASE WHEN s.h_household_type <> h.household_type THEN '' ELSE h.exit_status END"
    return f"h.{name}"


def differing(name: str, staged: Collection[str]) -> str:
    """Whether the cell says otherwise than the register. A way of removal counts where the risk is removed."""
    differs = DIFFERS[KINDS[name]].format(said=f's."h_{name}"', name=name)
    if KINDS[name] == "way":
        differs += f" AND {said('risk_cleared', staged)}"
    return f'coalesce({differs} AND s."h_{name}" IS NOT NULL, false)'


# Spells that would be the same again are left alone.
RESTATED = f"""
CREATE TEMP TABLE sheet_restated AS
SELECT q.household_id FROM sheet_stated q
WHERE NOT q.firm AND (NOT q.known OR q.differs) AND (q.beside OR (
    SELECT coalesce(array_agg(ROW(t.klass, t.since, t.until)::text ORDER BY t.klass, t.since), '{{{{}}}}')
    FROM ({SPELLS.format(source="(SELECT q.*)")}) t
) IS DISTINCT FROM (
    SELECT coalesce(array_agg(ROW(p.klass_id, p.since, p.until)::text ORDER BY p.klass_id, p.since), '{{{{}}}}')
    FROM households_spell p WHERE p.household_id = q.household_id))
""".replace("{{", "{").replace("}}", "}")
# What a roster does not say of an episode outlives its being stated anew.
KEEP = """
CREATE TEMP TABLE sheet_kept AS
SELECT DISTINCT ON (s.household_id) s.household_id, e.details, e.wanted, e.snapshot
FROM sheet_restated r JOIN households_spell s USING (household_id) JOIN households_episode e ON e.spell_id = s.id
ORDER BY s.household_id, s.since DESC NULLS LAST, s.id DESC
"""
GIVE_BACK = """
UPDATE households_episode e SET details = k.details, wanted = k.wanted, snapshot = k.snapshot
FROM sheet_kept k JOIN households_spell s ON s.household_id = k.household_id AND s.axis = 'monitoring'
WHERE e.spell_id = s.id AND ROW(e.details, e.wanted, e.snapshot) IS DISTINCT FROM ROW(k.details, k.wanted, k.snapshot)
"""
FORGET_EPISODES = """
DELETE FROM households_episode e USING households_spell s, sheet_restated r
WHERE s.id = e.spell_id AND s.household_id = r.household_id
"""
FORGET = "DELETE FROM households_spell s USING sheet_restated r WHERE s.household_id = r.household_id"
SOURCE = "(SELECT q.* FROM sheet_stated q JOIN sheet_restated r USING (household_id))"

# A roster's household that lives in the village already, as an ordinary one: found by its people, the head first.
MATCH_ORDINARY = f"""
WITH found AS (
    SELECT DISTINCT ON (h.id) g.household_no, h.id, h.village_id, g.m_relation <> '{HEAD}' AS follows, g.n
    FROM sheet_good g
    JOIN households_member m ON m.id_hash = g.m_id_hash AND m.left_on IS NULL AND left(m.village_id, 6) = %(county)s
    JOIN households_household h ON h.id = m.household_id AND h.removed_on IS NULL AND NOT h.in_register
    WHERE g.household_id IS NULL ORDER BY h.id, g.m_relation <> '{HEAD}', g.n),
one AS (SELECT DISTINCT ON (household_no) * FROM found ORDER BY household_no, follows, n)
UPDATE sheet_good s SET household_id = o.id, registered_in = o.village_id, adopted = TRUE
FROM one o WHERE o.household_no = s.household_no AND s.household_id IS NULL
"""
IN_ANOTHER_ORDINARY = """
SELECT DISTINCT g.n FROM sheet_good g
JOIN households_member m ON m.id_hash = g.m_id_hash AND m.left_on IS NULL AND left(m.village_id, 6) = %(county)s
JOIN households_household h ON h.id = m.household_id AND h.removed_on IS NULL
WHERE h.id IS DISTINCT FROM g.household_id AND NOT g.held
"""
DROP_REJECTED = """
DELETE FROM sheet_good g WHERE EXISTS (
    SELECT 1 FROM sheet_remark f WHERE f.n = g.n AND f.sheet = %(sheet)s AND f.rank < %(warning)s)
"""
ADOPT = """
UPDATE households_household h SET former_no = h.household_no, household_no = s.household_no,
    version = h.version + 1, updated_at = now()
FROM sheet_good s WHERE s.facts AND s.adopted AND h.id = s.household_id AND h.household_no <> s.household_no
RETURNING h.id
"""
NOT_IN_SHEET = """
SELECT g.n FROM sheet_good g WHERE g.facts AND g.adopted AND EXISTS (
    SELECT 1 FROM households_member m WHERE m.household_id = g.household_id AND m.left_on IS NULL
      AND NOT EXISTS (SELECT 1 FROM sheet_good o WHERE o.m_id_hash = m.id_hash AND o.household_id = m.household_id))
"""

_SAID_CLASS = "q.exit_status <> '' OR q.household_type IN ('01', '03', '04') OR q.monitor_type <> ''"
_RISKS = """(SELECT string_agg(c.label, '、' ORDER BY u.place) FROM unnest({}.risks) WITH ORDINALITY u (code, place)
    JOIN villages_code c ON c."table" = 'risk' AND c.code = u.code)"""


def _told(alias: str, name: str) -> str:
    return _RISKS.format(alias) if name == "risks" else f"{alias}.{name}::text"


_PAIRS = ", ".join(f"('{name}', {_told('h', name)}, {_told('q', name)})" for name in KINDS)
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
    FROM (VALUES {_PAIRS}) v (name, held, said)
    WHERE coalesce(held, '') <> coalesce(said, '')) d
WHERE q.differs AND d.differences IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM households_standingproposal o
    WHERE o.household_id = q.household_id AND o.kind = k.kind AND o.state = 'dismissed'
      AND o.differences = d.differences)
ON CONFLICT (household_id, kind) WHERE state = 'open'
DO UPDATE SET differences = excluded.differences, source_id = excluded.source_id,
    source_name = excluded.source_name, found_at = excluded.found_at
"""
