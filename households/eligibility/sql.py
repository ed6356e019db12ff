"""Compiles the declared criteria into one statement over sets of households.

The statement is a chain of CTEs: ``h`` the households, ``r`` the rule that holds in each village, ``p`` the counted
members of each household, ``i`` the inputs of one household, ``j`` the result of each criterion, ``fresh`` the verdict.
Parameters: ``year`` (a number), ``low`` and ``high`` (range of village codes) or ``ids`` (household ids), ``now``,
``job``. Nothing a user typed becomes part of the text.
"""

# ruff: noqa: S608 - the text is put together from declarations in this package only

from functools import lru_cache

from households.eligibility.blockers import Blocker, registered
from households.eligibility.criteria import (
    CRITERIA,
    FAIL,
    MEMBER_FACTS,
    MISSING,
    NET_INCOME,
    PARAMS,
    PASS,
    RECORD_FACTS,
)
from households.register import completeness

Ctes = dict[str, str]

# Columns of a household that rules and blockers look at, and the entry sections that only look at the household.
HOUSEHOLD_FACTS = ("id", "village_id", "identified_on", "return_year")
OWN_SECTIONS = [
    section
    for section in completeness.SECTIONS
    if {each.field.partition(".")[0] for each in completeness.ITEMS if each.section == section} == {"household"}
]

# Columns of an assessment in the order they are written; everything but the key is content.
KEY = ("household_id", "year")
CONTENT = (
    "village_id", "criteria_set_id", "line_id", "line_amount", "persons", "net_income", "per_head", "margin", "verdict",
    "failed", "missing", "evidence", "borderline", "blockers", "eligible", "gaps", "filled", "fields",
)  # fmt: skip


def households(*, by_id: bool) -> Ctes:
    """The registered households that ``ids`` names, or those of a range of villages."""
    which = "id = ANY(%(ids)s)" if by_id else _in_range("h")
    counts = completeness.section_counts("", "")
    entries = _entries({section: counts[section] for section in OWN_SECTIONS})
    columns = ", ".join([*HOUSEHOLD_FACTS, entries])
    return {"h": f"SELECT {columns} FROM households_household h WHERE removed_on IS NULL AND NOT candidate AND {which}"}


def _entries(counts: dict[str, tuple[str, str]]) -> str:
    """How many entry fields of each section are recorded and asked for, as columns."""
    return ", ".join(f"{done} AS {section}_filled, {of} AS {section}_total" for section, (done, of) in counts.items())


def rules() -> Ctes:
    """Criteria set and line of every village concerned: the most specific place wins, then the latest first year."""
    where = "v.village_id LIKE {0}.place_id || '%%' OR {0}.place_id IS NULL"
    params = ", ".join(f"{param.sql('c.params')} AS {name}" for name, param in PARAMS.items())
    return {
        "v": "SELECT DISTINCT village_id FROM h",
        "r": f"""SELECT v.village_id, c.id AS criteria_set_id, c.criteria, l.id AS line_id, l.amount AS line_amount,
            c.borderline,
            (%(year)s || '-' || c.count_day)::date AS count_day,
            (s.day - make_interval(years => c.school_from))::date AS school_born_by,
            (s.day - make_interval(years => c.school_until))::date AS school_born_after
            FROM v
            CROSS JOIN LATERAL (
                SELECT c.id, c.criteria, {params} FROM villages_criteriaset c
                WHERE c.is_active AND c.year_from <= %(year)s AND (c.year_to IS NULL OR c.year_to >= %(year)s)
                AND ({where.format("c")})
                ORDER BY length(c.place_id) DESC NULLS LAST, c.year_from DESC, c.version DESC, c.id DESC LIMIT 1) c
            CROSS JOIN LATERAL (SELECT (%(year)s || '-' || c.school_day)::date AS day) s
            LEFT JOIN LATERAL (
                SELECT l.id, l.amount FROM villages_povertyline l
                WHERE l.kind = 'exit' AND l.year = %(year)s AND l.withdrawn_at IS NULL AND ({where.format("l")})
                ORDER BY length(l.place_id) DESC NULLS LAST, l.id DESC LIMIT 1) l ON true""",
    }


def _in_range(alias: str) -> str:
    return f"{alias}.village_id >= %(low)s AND {alias}.village_id < %(high)s"


def inputs(*, by_id: bool) -> Ctes:
    """Counted members and the year's record of every household, side by side.

    Rows of a household carry its village: a range of villages is read as a range of each table, however many rows of
    the year the other counties have.
    """
    filled, total = completeness.member_counts()
    members = MEMBER_FACTS | {"entered": f"sum({filled})", "to_enter": f"sum({total})"}
    facts = ", ".join(f"{sql} AS {name}" for name, sql in members.items())
    counts = completeness.section_counts("p.entered", "p.to_enter")
    own = {section: (f"h.{section}_filled", f"h.{section}_total") for section in OWN_SECTIONS}
    entries = _entries(counts | own)
    kept = ", ".join(f"p.{name}" for name in MEMBER_FACTS if name != "persons")
    record = ", ".join(f"a.{name}" for name in RECORD_FACTS)
    near = {alias: "" if by_id else f"AND {_in_range(alias)}" for alias in ("m", "y", "a")}
    return {
        "p": f"""SELECT m.household_id, {facts}
            FROM h JOIN r USING (village_id)
            JOIN households_member m ON m.household_id = h.id {near["m"]}
            LEFT JOIN households_memberyear y ON y.member_id = m.id AND y.year = %(year)s {near["y"]}
            WHERE (m.left_on IS NULL OR m.left_on > r.count_day) AND (m.joined_on IS NULL OR m.joined_on <= r.count_day)
            GROUP BY m.household_id""",
        "i": f"""SELECT h.id AS household_id, h.village_id, h.identified_on, h.return_year,
            r.criteria_set_id, r.criteria, r.line_id, r.line_amount, r.borderline,
            n.persons, n.net_income, round(n.net_income / n.persons, 2) AS per_head, {kept}, {record}, {entries}
            FROM h JOIN r USING (village_id)
            LEFT JOIN p ON p.household_id = h.id
            LEFT JOIN households_annualrecord a ON a.household_id = h.id AND a.year = %(year)s {near["a"]}
            CROSS JOIN LATERAL (SELECT greatest(p.persons, 1) AS persons, {NET_INCOME} AS net_income) n""",
    }


def verdicts(blockers: tuple[Blocker, ...]) -> Ctes:
    """Results of the criteria of the set, and what follows from them."""
    results = ", ".join(f"CASE WHEN '{c.code}' = ANY(i.criteria) THEN {c.result} END AS r_{c.code}" for c in CRITERIA)
    evidence = ", ".join(
        f"'{fact}', CASE WHEN r_{c.code} IS NOT NULL THEN i.{fact} END" for c in CRITERIA for fact in c.facts
    )
    stopped = ", ".join(f"CASE WHEN {b.condition} THEN '{b.code}' END" for b in blockers)
    counts = {name: (f"{name}_filled", f"{name}_total") for name in completeness.SECTIONS}
    return {
        "j": f"""SELECT i.*, {results}, array_remove(ARRAY[{stopped}]::varchar[], NULL) AS blockers
            FROM i OFFSET 0""",
        "k": f"""SELECT i.*, {_codes(FAIL)} AS failed, {_codes(MISSING)} AS missing,
            per_head / line_amount - 1 AS margin_exact, jsonb_strip_nulls(jsonb_build_object({evidence})) AS evidence
            FROM j i""",
        "fresh": f"""SELECT k.household_id, %(year)s::smallint AS year, village_id, criteria_set_id, line_id,
            line_amount, persons, net_income, per_head, round(margin_exact, 4) AS margin, verdict, failed, missing,
            evidence, coalesce(r_income = '{PASS}' AND margin_exact < borderline, false) AS borderline, blockers,
            verdict = '{PASS}' AND cardinality(blockers) = 0 AS eligible,
            {completeness.gaps(counts)} AS gaps, {completeness.filled(counts)} AS filled,
            {completeness.total(counts)} AS fields
            FROM k
            CROSS JOIN LATERAL (SELECT CASE WHEN cardinality(failed) > 0 THEN '{FAIL}'
                WHEN cardinality(missing) > 0 THEN '{MISSING}' ELSE '{PASS}' END AS verdict) w""",
    }


def _codes(result: str) -> str:
    """Array of the codes of the criteria with this result."""
    cases = ", ".join(f"CASE WHEN r_{c.code} = '{result}' THEN '{c.code}' END" for c in CRITERIA)
    return f"array_remove(ARRAY[{cases}]::varchar[], NULL)"


def writing() -> Ctes:
    """Write what differs, and note every verdict that changed with its cause.

    A changed set of criteria is a change of rule; so is a changed line if it moved the income criterion. Every row is
    compared (``(SELECT count(*) FROM differs)``) before the first is written: a look-up in the table that is being
    filled would take longer with every row.
    """
    old, new = (", ".join(f"{alias}.{name}" for name in CONTENT) for alias in ("o", "f"))
    columns = ", ".join(KEY + CONTENT)
    update = ", ".join(f"{name} = excluded.{name}" for name in (*CONTENT, "assessed_at"))
    return {
        "differs": f"""SELECT f.*, o.verdict AS old_verdict, o.failed AS old_failed,
            o.missing AS old_missing, o.criteria_set_id AS old_set_id, o.line_amount AS old_line_amount
            FROM fresh f
            LEFT JOIN households_assessment o ON o.household_id = f.household_id AND o.year = %(year)s
            WHERE o.id IS NULL OR ROW({old}) IS DISTINCT FROM ROW({new})""",
        "written": f"""INSERT INTO households_assessment ({columns}, assessed_at)
            SELECT {columns}, %(now)s FROM differs WHERE (SELECT count(*) FROM differs) > 0
            ON CONFLICT (household_id, year) DO UPDATE SET {update} RETURNING household_id""",
        "turned": f"""SELECT d.*, {_changed_codes()} AS changed FROM differs d WHERE old_verdict <> verdict""",
        "flips": """INSERT INTO households_flip
            (household_id, village_id, year, before, after, cause, changed, job_id, at)
            SELECT household_id, village_id, year, old_verdict, verdict, CASE
                WHEN old_set_id <> criteria_set_id THEN 'rule'
                WHEN old_line_amount IS DISTINCT FROM line_amount AND 'income' = ANY(changed) THEN 'rule'
                ELSE 'data' END, changed, %(job)s, %(now)s
            FROM turned RETURNING household_id""",
    }


def _changed_codes() -> str:
    """Array of the codes of the criteria whose result is not what it was."""
    cases = ", ".join(
        f"CASE WHEN ('{c.code}' = ANY(failed)) <> ('{c.code}' = ANY(old_failed)) "
        f"OR ('{c.code}' = ANY(missing)) <> ('{c.code}' = ANY(old_missing)) THEN '{c.code}' END"
        for c in CRITERIA
    )
    return f"array_remove(ARRAY[{cases}]::varchar[], NULL)"


def chain(ctes: Ctes, final: str) -> str:
    """One statement out of named steps."""
    return "WITH " + ",\n".join(f"{name} AS ({body})" for name, body in ctes.items()) + f"\n{final}"


def recompute_statement(*, by_id: bool) -> str:
    """Judge, write and count. Returns one row: households that should be judged, were judged, written, flipped."""
    return _recompute_statement(by_id, tuple(registered()))


@lru_cache(maxsize=8)
def _recompute_statement(by_id: bool, blockers: tuple[Blocker, ...]) -> str:
    steps = households(by_id=by_id) | rules() | inputs(by_id=by_id) | verdicts(blockers) | writing()
    return chain(
        steps,
        "SELECT (SELECT count(*) FROM h), (SELECT count(*) FROM fresh), (SELECT count(*) FROM written), "
        "(SELECT count(*) FROM flips)",
    )
