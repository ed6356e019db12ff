"""The list of a village's people (户籍名单) into ordinary households, beside those that are registered.

Rows of one 户号 in a village are one household; without it, from one 户主 to the next. A household that is in the
register is matched and never changed by such a list: its people count as unchanged, and who is new in a household
whose head is its head too joins it. Nobody is entered twice.
"""

from dataclasses import dataclass

from households.models.codes import HEAD
from households.sheets import grouping, standing_sql
from households.sheets.roster import RosterMerge
from households.sheets.staging import run

NUMBER_LENGTH = 9  # a 户号 of so many characters is the household's number in its county, a shorter one the village's


@dataclass(frozen=True)
class ResidentsMerge(RosterMerge):
    """One list of residents on its way into one county."""

    def _number(self) -> None:
        for name in ("family_no", "household_no"):
            if name not in self.cleaner.names:
                run(f'ALTER TABLE sheet_row ADD COLUMN {name} text COLLATE "C"')
        params = {"county": self.county, "digits": grouping.FIRST_DIGITS, "length": NUMBER_LENGTH}
        for statement in (_GROUPS, _KNOWN, grouping.FRESH, _OWN_NUMBER, grouping.NUMBERED):
            run(statement, params)

    def _reject_elsewhere(self) -> None:
        """Who is registered elsewhere is matched there, not refused."""

    def _adopt_ordinary(self) -> None:
        """Match the people of registered households; refuse who lives in another ordinary one, and who belongs to a
        head that heads nothing here."""
        run(_HOLD, self.params)
        elsewhere = "已登记在本县另一户（普通农户），与本表的户不是同一户，请核对；如确已转入，请先由原户办理转出"
        self._remark("row.id_no", "duplicate_person", elsewhere, standing_sql.IN_ANOTHER_ORDINARY)
        other = "本表的户主已登记在一个在册户，且不是该户的户主，此人无法归户，请核对后在该户办理增加成员"
        self._remark("member.relation", "no_head", other, _HEADED_BY_A_MEMBER)
        run(standing_sql.DROP_REJECTED, self.params)

    def _warn(self) -> None:
        super()._warn()
        self._remark("member.name", "member_added", "该户在册，此人原来没有登记，已加入该户，请核对", _JOINS_REGISTERED)

    def _settle(self) -> list[int]:
        """Such a list says nothing of standing."""
        return []


_GROUPS = f"""
CREATE TEMP TABLE sheet_group AS
WITH led AS (
    SELECT n, village_id, family_no, max(n) FILTER (WHERE m_relation = '{HEAD}') OVER (ORDER BY n) AS head_n
    FROM sheet_row WHERE household_no IS NULL),
family AS (
    SELECT village_id, family_no, min(n) AS first FROM led WHERE family_no IS NOT NULL GROUP BY 1, 2)
SELECT l.n, coalesce(own.first, above.first, l.head_n, 0) AS grp
FROM led l
LEFT JOIN family own USING (village_id, family_no)
LEFT JOIN led head ON head.n = l.head_n AND l.family_no IS NULL
LEFT JOIN family above ON above.village_id = head.village_id AND above.family_no = head.family_no
"""  # noqa: S608

# The household of the head; where the head is new, the ordinary household of the village that has this number; where
# the rows have no head, the ordinary household in which all of them who are known live.
_KNOWN = f"""
CREATE TEMP TABLE sheet_known AS
WITH lives AS (
    SELECT g.grp, r.m_relation = '{HEAD}' AS head, h.household_no, h.in_register
    FROM sheet_group g JOIN sheet_row r USING (n)
    JOIN households_member m ON m.id_hash = r.m_id_hash AND m.left_on IS NULL AND left(m.village_id, 6) = %(county)s
    JOIN households_household h ON h.id = m.household_id AND h.removed_on IS NULL),
numbered AS (
    SELECT g.grp, min(h.household_no) AS household_no FROM sheet_group g JOIN sheet_row r USING (n)
    JOIN households_household h ON h.household_no = r.family_no AND h.village_id = r.village_id
    WHERE left(h.village_id, 6) = %(county)s AND h.removed_on IS NULL AND NOT h.in_register GROUP BY 1)
SELECT grp, coalesce(l.heads, n.household_no, CASE WHEN l.homes = 1 AND NOT EXISTS (
    SELECT 1 FROM sheet_group g JOIN sheet_row r USING (n) WHERE g.grp = l.grp AND r.m_relation = '{HEAD}'
) THEN l.home END) AS household_no
FROM (SELECT grp, min(household_no) FILTER (WHERE head) AS heads,
             count(DISTINCT household_no) FILTER (WHERE NOT in_register) AS homes,
             min(household_no) FILTER (WHERE NOT in_register) AS home FROM lives GROUP BY 1) l
FULL JOIN numbered n USING (grp)
"""  # noqa: S608

_OWN_NUMBER = """
UPDATE sheet_fresh f SET household_no = o.family_no
FROM (SELECT min(g.grp) AS grp, r.family_no FROM sheet_group g JOIN sheet_row r USING (n)
      WHERE length(r.family_no) >= %(length)s GROUP BY 2 HAVING count(DISTINCT g.grp) = 1) o
WHERE o.grp = f.grp AND NOT EXISTS (
    SELECT 1 FROM households_household h
    WHERE left(h.village_id, 6) = %(county)s AND h.household_no = o.family_no)
"""

_HOLD = """
UPDATE sheet_good g SET held = TRUE, household_id = h.id, household_no = h.household_no, registered_in = h.village_id,
    m_relation = m.relation, removed = FALSE
FROM households_member m JOIN households_household h ON h.id = m.household_id
WHERE m.id_hash = g.m_id_hash AND m.left_on IS NULL AND left(m.village_id, 6) = %(county)s
  AND h.removed_on IS NULL AND h.in_register
"""

_HEADED_BY_A_MEMBER = f"""
SELECT g.n FROM sheet_good g JOIN households_household h ON h.id = g.household_id AND h.in_register
WHERE NOT g.held AND NOT EXISTS (
    SELECT 1 FROM sheet_good o JOIN sheet_row r ON r.n = o.n
    WHERE o.held AND o.household_no = g.household_no AND o.m_relation = '{HEAD}' AND r.m_relation = '{HEAD}')
"""  # noqa: S608

_JOINS_REGISTERED = """
SELECT g.n FROM sheet_good g JOIN households_household h ON h.id = g.household_id AND h.in_register
WHERE NOT g.held AND g.member_id IS NULL
"""
