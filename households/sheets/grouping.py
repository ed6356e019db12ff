"""Numbers that a roster leaves open: which rows are one household (2016 layout), and people without a person number."""

# ruff: noqa: S608 - the texts are constants

from households.models.codes import HEAD
from households.sheets.cleaning import RowCleaner
from households.sheets.staging import run

FIRST_DIGITS = 4  # as households.register.numbers gives them


def number_households(cleaner: RowCleaner, county: str) -> None:
    """Give every row its household number where the layout has no such column.

    Rows belong together from one 户主 to the next. A group is the registered household of its head; if the head is new,
    the one household in which all its registered people are; otherwise a new household of the village.
    """
    if cleaner.found.spec.column("row.household_no").must_exist:
        return
    if "household_no" not in cleaner.names:
        run('ALTER TABLE sheet_row ADD COLUMN household_no text COLLATE "C"')
    run(_GROUPS)
    run(_REGISTERED, {"county": county})
    run(FRESH, {"county": county, "digits": FIRST_DIGITS})
    run(NUMBERED)


_GROUPS = f"""
CREATE TEMP TABLE sheet_group AS
SELECT n, count(*) FILTER (WHERE m_relation = '{HEAD}') OVER (ORDER BY n) AS grp
FROM sheet_row WHERE household_no IS NULL
"""

_REGISTERED = f"""
CREATE TEMP TABLE sheet_known AS
SELECT grp, coalesce(min(household_no) FILTER (WHERE head),
                     CASE WHEN count(DISTINCT household_no) = 1 THEN min(household_no) END) AS household_no
FROM (SELECT g.grp, r.m_relation = '{HEAD}' AS head, h.household_no
      FROM sheet_group g JOIN sheet_row r USING (n)
      JOIN households_member m ON m.id_hash = r.m_id_hash AND m.left_on IS NULL AND left(m.village_id, 6) = %(county)s
      JOIN households_household h ON h.id = m.household_id AND h.removed_on IS NULL) found
GROUP BY grp
"""

# A group without any village among its rows gets no number: all its rows are rejected anyway.
FRESH = """
CREATE TEMP TABLE sheet_fresh AS
SELECT grp, village_id || lpad(number::text, greatest(%(digits)s, length(number::text)), '0') AS household_no
FROM (SELECT g.grp, g.village_id,
             coalesce(used.number, 0) + row_number() OVER (PARTITION BY g.village_id ORDER BY g.grp) AS number
      FROM (SELECT grp, (array_agg(r.village_id ORDER BY r.n) FILTER (WHERE r.village_id IS NOT NULL))[1] AS village_id
            FROM sheet_group JOIN sheet_row r USING (n) GROUP BY grp) g
      LEFT JOIN sheet_known k ON k.grp = g.grp AND k.household_no IS NOT NULL
      LEFT JOIN (SELECT left(household_no, 12) AS village_id, max(substr(household_no, 13)::int) AS number
                 FROM households_household
                 WHERE left(village_id, 6) = %(county)s AND household_no ~ '^[0-9]{16,17}$'
                 GROUP BY 1) used ON used.village_id = g.village_id
      WHERE k.grp IS NULL AND g.village_id IS NOT NULL) numbered
"""

NUMBERED = """
UPDATE sheet_row r SET household_no = coalesce(k.household_no, f.household_no)
FROM sheet_group g LEFT JOIN sheet_known k USING (grp) LEFT JOIN sheet_fresh f USING (grp)
WHERE g.n = r.n
"""


def number_people(county: str) -> None:
    """A person number for every new person: the sheet's own, else the household's number and the next two digits.

    A number that is repeated in the sheet or somebody else's is replaced; the person is found by identity number the
    next time.
    """
    run(_OWN, {"county": county})
    run(_NEXT, {"county": county})


_OWN = """
UPDATE sheet_good s SET new_no = s.person_no
FROM (SELECT person_no, min(n) AS n FROM sheet_good WHERE member_id IS NULL AND person_no IS NOT NULL GROUP BY 1) first
WHERE first.n = s.n
  AND NOT EXISTS (SELECT 1 FROM households_member m
                  WHERE left(m.village_id, 6) = %(county)s AND m.person_no = s.person_no)
"""

_NEXT = """
WITH wanted AS (
    SELECT n, household_no, row_number() OVER (PARTITION BY household_no ORDER BY n) AS k
    FROM sheet_good WHERE member_id IS NULL AND new_no IS NULL),
taken AS (
    SELECT s.household_no, substr(s.new_no, length(s.household_no) + 1) AS digits
    FROM sheet_good s WHERE s.new_no ^@ s.household_no
    UNION ALL
    SELECT w.household_no, substr(m.person_no, length(w.household_no) + 1)
    FROM (SELECT DISTINCT household_no FROM wanted) w JOIN households_member m
      ON left(m.village_id, 6) = %(county)s AND m.person_no > w.household_no AND m.person_no < w.household_no || ':'),
highest AS (
    SELECT household_no, max(digits::int) AS number FROM taken WHERE digits ~ '^[0-9]{2,3}$' GROUP BY 1)
UPDATE sheet_good s
SET new_no = s.household_no || lpad((coalesce(h.number, 0) + w.k)::text,
                                    greatest(2, length((coalesce(h.number, 0) + w.k)::text)), '0')
FROM wanted w LEFT JOIN highest h USING (household_no)
WHERE w.n = s.n
"""
