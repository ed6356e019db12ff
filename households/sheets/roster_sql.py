"""The statements of a roster's merge (households.sheets.roster says in which order and why)."""

# ruff: noqa: S608 - the texts are constants

from households.models.codes import HEAD

# Blank numbers are no fault where the person number names somebody who was registered without one.
NO_NUMBER = """
SELECT r.n FROM sheet_row r WHERE r.id_blank AND NOT EXISTS (
    SELECT 1 FROM households_member m
    WHERE left(m.village_id, 6) = %(county)s AND m.person_no = r.person_no AND m.id_hash = '')
"""

# Who is registered under another of his papers (the number itself, or the certificate that begins with it) is spoken of
# by the number he is registered under.
CERTIFIED = """
SELECT m.id, m.id_no FROM households_member m
WHERE left(m.village_id, 6) = %(county)s AND m.left_on IS NULL AND m.id_type = '2'
"""
BY_CERTIFICATE = 'CREATE TEMP TABLE sheet_certified (base text COLLATE "C", member_id bigint)'
UNDER_OTHER_PAPER = """
UPDATE sheet_row r SET m_id_hash = o.id_hash, m_id_no = NULL, m_id_area = NULL, m_id_type = NULL
FROM (SELECT DISTINCT ON (base) base, id_hash FROM (
        SELECT c.base, m.id_hash FROM sheet_certified c JOIN households_member m ON m.id = c.member_id
        UNION ALL
        SELECT s.id_base, m.id_hash FROM sheet_row s JOIN households_member m ON m.id_hash = s.id_base
        WHERE s.id_base <> s.m_id_hash AND m.left_on IS NULL AND left(m.village_id, 6) = %(county)s) known
      ORDER BY base, id_hash) o
WHERE o.base = r.id_base AND o.id_hash <> r.m_id_hash
"""

SAME_ID_EARLIER = """
SELECT n FROM (SELECT n, row_number() OVER (PARTITION BY id_base ORDER BY n) AS k
               FROM sheet_row WHERE id_base IS NOT NULL) numbered
WHERE k > 1
UNION
SELECT r.n FROM sheet_row r JOIN sheet_seen s ON s.base = r.id_base
"""
NOTE_SEEN = "INSERT INTO sheet_seen SELECT id_base, household_no FROM sheet_row WHERE id_base IS NOT NULL"

SAME_ID_ELSEWHERE = """
SELECT DISTINCT r.n FROM sheet_row r
JOIN households_member m ON m.id_hash = r.m_id_hash AND m.left_on IS NULL AND left(m.village_id, 6) = %(county)s
JOIN households_household h ON h.id = m.household_id AND h.removed_on IS NULL
WHERE r.m_id_hash IS NOT NULL AND h.in_register AND h.household_no IS DISTINCT FROM r.household_no
"""

OUTSIDE = """
SELECT r.n FROM sheet_row r
JOIN households_household h ON left(h.village_id, 6) = %(county)s AND h.household_no = r.household_no
WHERE NOT (h.village_id ^@ ANY (%(within)s::text[]))
"""

# Narrow on purpose: these rows are updated several times, the wide ones of sheet_row never.
GATHER = """
CREATE TEMP TABLE sheet_good AS
SELECT r.n, r.household_no, r.person_no, r.village_id, r.m_id_hash, r.m_name, r.m_relation, h.id AS household_id,
       h.removed_on IS NOT NULL AS removed, h.village_id AS registered_in, NULL::bigint AS member_id, FALSE AS gone,
       NULL::text AS new_no, FALSE AS facts, FALSE AS risky, FALSE AS adopted,
       FALSE AS held, FALSE AS older
FROM sheet_row r
LEFT JOIN households_household h ON left(h.village_id, 6) = %(county)s AND h.household_no = r.household_no
WHERE NOT EXISTS (SELECT 1 FROM sheet_remark f WHERE f.n = r.n AND f.sheet = %(sheet)s AND f.rank < %(warning)s)
"""

# What is written: the staged facts of the good rows. A sealed value, or what an id or a name says, is given only
# where its hash or name differs: after a change of keys the same number is sealed differently, and is no change.
READY = """
CREATE TEMP VIEW sheet_ready AS
SELECT g.n, g.household_no, g.village_id, g.household_id, g.registered_in, g.member_id, g.new_no, g.facts, {facts}
FROM sheet_good g JOIN sheet_row r ON r.n = g.n
LEFT JOIN households_household h ON h.id = g.household_id
LEFT JOIN households_member m ON m.id = g.member_id
"""
VALID = (
    "CASE WHEN r.m_id_hash IS NOT NULL AND m.id_hash IS DISTINCT FROM r.m_id_hash THEN r.m_id_type IN ('1', '2') END"
)
# A roster taken out says the year's figure where nothing was declared; coming back it declares nothing.
DECLARED = """
CASE WHEN h.declared_income IS NULL AND r.h_declared_income = (
    SELECT a.per_head FROM households_assessment a WHERE a.household_id = g.household_id AND a.per_head IS NOT NULL
    ORDER BY a.year DESC LIMIT 1) THEN NULL ELSE r.h_declared_income END
"""
UNLESS_SAME = "CASE WHEN {known} IS DISTINCT FROM {new} THEN {value} END"
# contract.md section 2: a blank 在校生状况 with a filled 文化程度 means 非在校生. Where the register has an education
# but no school status, an export looks the same, and must come back unchanged.
SCHOOL = """
CASE WHEN r.m_school_status IS NULL AND r.m_education IS NOT NULL AND m.school_status IS DISTINCT FROM ''
     THEN '01' ELSE r.m_school_status END
"""
RISK_DATE = "CASE WHEN g.risky THEN NULL ELSE r.{name} END"

# People are found by identity number in their household; one who is present comes before one who left.
MATCH_BY_ID = """
UPDATE sheet_good s SET member_id = m.id, gone = m.left_on IS NOT NULL
FROM (SELECT DISTINCT ON (household_id, id_hash) id, household_id, id_hash, left_on
      FROM households_member
      WHERE household_id IN (SELECT household_id FROM sheet_good) AND id_hash <> ''
      ORDER BY household_id, id_hash, left_on IS NOT NULL, id) m
WHERE m.household_id = s.household_id AND m.id_hash = s.m_id_hash
"""

# A corrected identity number: the same person number and the same name.
MATCH_BY_NUMBER = """
WITH free AS (
    SELECT household_id, person_no, min(n) AS n FROM sheet_good
    WHERE member_id IS NULL AND household_id IS NOT NULL AND person_no IS NOT NULL GROUP BY 1, 2)
UPDATE sheet_good s SET member_id = m.id
FROM free f JOIN households_member m USING (household_id, person_no)
WHERE f.n = s.n AND m.left_on IS NULL AND (m.name = s.m_name OR m.id_hash = '')
  AND NOT EXISTS (SELECT 1 FROM sheet_good o WHERE o.member_id = m.id)
"""

HEADS = f"""
CREATE TEMP TABLE sheet_heads AS
SELECT g.household_no, g.heads + CASE WHEN lost.household_no IS NULL THEN coalesce(r.heads, 0) ELSE 0 END AS heads
FROM (SELECT household_no, count(*) FILTER (WHERE m_relation = '{HEAD}' AND NOT gone) AS heads
      FROM sheet_good GROUP BY 1) g
LEFT JOIN (SELECT DISTINCT household_no FROM sheet_row r
           WHERE m_relation = '{HEAD}' AND household_no IS NOT NULL
             AND NOT EXISTS (SELECT 1 FROM sheet_good o WHERE o.n = r.n)) lost USING (household_no)
LEFT JOIN (SELECT s.household_no, count(DISTINCT m.id) AS heads
           FROM sheet_good s JOIN households_member m
             ON m.household_id = s.household_id AND m.relation = '{HEAD}' AND m.left_on IS NULL
           WHERE NOT EXISTS (SELECT 1 FROM sheet_good o WHERE o.member_id = m.id)
           GROUP BY 1) r USING (household_no)
"""

HEADS_WRONG = "SELECT n FROM sheet_good JOIN sheet_heads USING (household_no) WHERE heads {}"

DROP_HEADLESS = """
DELETE FROM sheet_good g USING sheet_heads h WHERE h.household_no = g.household_no AND h.heads <> 1
"""

# The row that a household's facts are taken from: its head's, else the first one.
PICK_FACTS = f"""
UPDATE sheet_good g SET facts = TRUE
FROM (SELECT DISTINCT ON (household_no) n FROM sheet_good ORDER BY household_no, m_relation <> '{HEAD}', n) f
WHERE f.n = g.n
"""

# New rows beside people of one name and sex in other households; who shares the birthday, too, is told before.
STRANGERS = """
FROM sheet_good g JOIN sheet_row r ON r.n = g.n
JOIN households_member m ON m.name = r.m_name AND m.sex = r.m_sex AND m.left_on IS NULL
    AND left(m.village_id, 6) = %(county)s AND m.household_id IS DISTINCT FROM g.household_id
"""
# (staging column that must be there, field, code, message, rows)
WARNINGS = (
    (
        "size",
        "row.size",
        "member_count",
        "与本表中该户收下的人数不同，请核对是否漏了人",
        """
        SELECT g.n FROM sheet_good g JOIN sheet_row r ON r.n = g.n
        JOIN (SELECT household_no, count(*) AS people FROM sheet_good GROUP BY 1) c ON c.household_no = g.household_no
        WHERE g.facts AND r.size <> c.people
        """,
    ),
    (
        "sex",
        "row.sex",
        "sex_differs",
        "与证件号码不符，已按证件号码登记",
        "SELECT n FROM sheet_row JOIN sheet_good USING (n) WHERE sex <> m_sex",
    ),
    (
        "village_id",
        "row.village",
        "village_differs",
        "与登记的村不同，仍按登记的村；如已搬迁，请办理迁移",
        "SELECT n FROM sheet_good WHERE facts AND registered_in IS NOT NULL AND village_id <> registered_in",
    ),
    (
        "m_name",
        "member.name",
        "member_left",
        "此人已登记为离开本户，只更新资料，未恢复",
        "SELECT n FROM sheet_good WHERE gone",
    ),
    (
        "village_id",
        "row.village",
        "household_removed",
        "该户已销号，只更新资料，未恢复",
        "SELECT n FROM sheet_good WHERE facts AND removed",
    ),
    (
        "m_id_hash",
        "row.id_no",
        "likely_duplicate",
        "另一户有同名、同一天出生、同性别的人，可能是同一个人而号码抄错，请核对",
        """
        SELECT g.n FROM sheet_good g JOIN sheet_row r ON r.n = g.n
        JOIN households_member m ON m.name = r.m_name AND m.birth_date = r.m_birth_date AND m.sex = r.m_sex
            AND m.left_on IS NULL AND left(m.village_id, 6) = %(county)s
            AND m.household_id IS DISTINCT FROM g.household_id
        WHERE g.member_id IS NULL
        UNION
        SELECT n FROM (SELECT g.n, min(g.household_no) OVER twins AS first, max(g.household_no) OVER twins AS last
                       FROM sheet_good g JOIN sheet_row r ON r.n = g.n
                       WHERE r.m_birth_date IS NOT NULL AND g.member_id IS NULL
                       WINDOW twins AS (PARTITION BY r.m_name, r.m_birth_date, r.m_sex)) found
        WHERE first <> last
        """,
    ),
    (
        "m_phone",
        "row.id_no",
        "likely_duplicate",
        "另一户有同名、同性别、登记了同一个电话的人，可能是同一个人，请核对",
        f"""
        SELECT g.n {STRANGERS}
        WHERE g.member_id IS NULL AND r.m_phone_hash <> '' AND m.phone_hash = r.m_phone_hash
            AND m.birth_date IS DISTINCT FROM r.m_birth_date
        """,
    ),
    (
        "h_bank_account",
        "row.id_no",
        "likely_duplicate",
        "另一户有同名、同性别、登记了同一个银行账号的人，可能是同一个人，请核对",
        f"""
        SELECT g.n {STRANGERS} JOIN households_household h ON h.id = m.household_id
        WHERE g.member_id IS NULL AND r.h_bank_hash <> '' AND h.bank_hash = r.h_bank_hash
            AND m.birth_date IS DISTINCT FROM r.m_birth_date
        """,
    ),
    (
        "m_id_hash",
        "row.id_no",
        "id_changed",
        "与原来登记的不同，已改为本表的号码，请核对",
        """
        SELECT s.n FROM sheet_good s JOIN households_member m ON m.id = s.member_id
        WHERE m.id_hash NOT IN ('', s.m_id_hash)
        """,
    ),
)

# (message) of a row whose name is not the registered one: forms of a middle dot and blanks are no difference.
SPELLED = "translate(replace({}, ' ', ''), '•・．‧∙⋅●', '·······')"
NAME_DIFFERS = f"""
SELECT s.n, format('登记的是“%%s”，本表写的是“%%s”', m.name, s.m_name) AS said
FROM sheet_good s JOIN households_member m ON m.id = s.member_id
WHERE s.m_name IS NOT NULL AND NOT s.held AND {SPELLED.format("m.name")} <> {SPELLED.format("s.m_name")}
"""
UNLESS_NAMED = f"""
CASE WHEN m.id IS NULL THEN {{value}} WHEN {SPELLED.format("m.name")} = {SPELLED.format("r.m_name")} THEN NULL
     WHEN {{confirmed}} THEN {{value}} END
"""

# Facts of an older day do not replace newer ones.
MARK_OLDER = """
UPDATE sheet_good g SET older = TRUE
FROM (SELECT DISTINCT r.household_no, h.data_date FROM sheet_row r JOIN sheet_good f ON f.n = r.n
      JOIN households_household h ON h.id = f.household_id WHERE r.h_data_date < h.data_date) o
WHERE o.household_no = g.household_no
"""
OLDER = """
SELECT g.n, format('登记的数据日期是 %%s，本表是 %%s', h.data_date, r.h_data_date) AS said
FROM sheet_good g JOIN sheet_row r ON r.n = g.n JOIN households_household h ON h.id = g.household_id
WHERE g.older AND r.h_data_date < h.data_date
"""
NEW_IN_OLDER = "SELECT g.n FROM sheet_good g WHERE g.older AND g.member_id IS NULL"

# How many registered numbers a column would replace, out of those it names.
REPLACED = """
SELECT count(*) FILTER (WHERE r.{hash} <> t.{own}), count(*) FROM sheet_good g JOIN sheet_row r ON r.n = g.n
JOIN {table} t ON t.id = g.{key} WHERE r.{hash} IS NOT NULL AND t.{own} <> '' AND ({rows})
"""

MARK_RISKY = """
UPDATE sheet_good g SET risky = TRUE
FROM sheet_row r LEFT JOIN households_household h ON left(h.village_id, 6) = %(county)s
                                                 AND h.household_no = r.household_no
WHERE r.n = g.n AND g.facts AND coalesce({cleared}, h.risk_cleared_on) < coalesce({identified}, h.risk_identified_on)
"""

FIND_NEW_HOUSEHOLDS = """
UPDATE sheet_good s SET household_id = h.id, registered_in = h.village_id
FROM households_household h
WHERE s.household_id IS NULL AND left(h.village_id, 6) = %(county)s AND h.household_no = s.household_no
"""

# A row is updated when its person changed; the row of the household's facts also when those did.
SETTLE = """
CREATE TEMP TABLE sheet_settled AS
SELECT g.household_id,
       CASE WHEN g.member_id IS NULL THEN 'created'
            WHEN m.id IS NOT NULL OR h.id IS NOT NULL THEN 'updated' ELSE 'unchanged' END AS outcome
FROM sheet_good g
LEFT JOIN unnest(%(members)s::bigint[]) m (id) ON m.id = g.member_id
LEFT JOIN unnest(%(households)s::bigint[]) h (id) ON h.id = g.household_id AND g.facts
"""

OUTCOMES = "SELECT outcome, count(*) FROM sheet_settled GROUP BY 1"
CHANGED_HOUSEHOLDS = "SELECT DISTINCT household_id FROM sheet_settled WHERE outcome <> 'unchanged'"
