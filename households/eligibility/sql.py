"""Compiles the declared criteria into one statement over sets of households.

The statement is a chain of CTEs: ``s`` what spells say of the year, ``h`` the households, ``r`` the rule that holds in
each village, ``p`` the members who lived in each household on the count day, ``i`` the inputs of one household with the
result of each criterion, ``j`` its blockers, ``fresh`` the verdict.
Parameters: ``year`` (a number), ``low`` and ``high`` (range of village codes) or ``ids`` (household ids), ``now``,
``job``. Nothing a user typed becomes part of the text.
"""

# ruff: noqa: S608 - the text is put together from declarations in this package only

from functools import lru_cache

from households.closed.sql import open_sql
from households.eligibility.blockers import Blocker, registered
from households.eligibility.criteria import registered as registered_criteria
from households.eligibility.criterion import FAIL, MISSING, PASS, Criterion
from households.models.standing import Origin
from households.register import completeness
from households.register.terms import age_columns
from households.register.worksheet import net_income_sql
from households.register.years import counted_sql
from povreg.kit.scopes import COUNTY
from villages.models import PovertyLine
from villages.periods.sql import line_kind, national_line_kind
from villages.standards.rules import count_day_sql, threshold_sql
from villages.standards.sql import line_in_force, set_in_force

Ctes = dict[str, str]

# Columns of a household that rules and blockers look at, and what its spells say (the CTE ``s``).
HOUSEHOLD_FACTS = ("id", "village_id", "main_cause", "household_attr")
STANDING = {
    "exit_status": "max({s}.code) FILTER (WHERE {s}.axis = 'poverty' AND {s}.during @> {day} AND {sure})",
    "household_type": "max({s}.klass_id) FILTER (WHERE {s}.axis = 'poverty' AND {s}.during @> {day} AND {sure})",
    "monitor_type": "max({s}.code) FILTER (WHERE {s}.axis = 'monitoring' AND {s}.during @> {day})",
    "cleared_type": "max({s}.code) FILTER (WHERE {s}.axis = 'monitoring' AND {s}.until <= {day})",
    "at_end": "coalesce(bool_or({s}.during @> {day}), false)",
    "counted": "bool_or({s}.during && daterange(make_date(%(year)s::int, 1, 1), make_date(%(year)s::int + 1, 1, 1)))",
    "begun_this_year": "coalesce(bool_or({s}.klass_id IN ('poor', 'returned') AND {s}.since_known <> 'unknown' "
    "AND coalesce({s}.year, extract(year FROM {s}.since)) = %(year)s), false)",
}
"""Aggregates over the spells of a household: its classes on the last day of the year (today in the running one),
whether it had one on any day of it, whether it was identified or returned in it."""
LAST_DAY = "least(make_date(%(year)s::int, 12, 31), register_today())"
SURE = "({s}.sure_until IS NULL OR {s}.sure_until > {day}) AND ({s}.since IS NOT NULL OR {s}.proven_on <= {day})"

# Columns of an assessment in the order they are written; everything but the key is content.
KEY = ("household_id", "year")
CONTENT = (
    "village_id", "counted_in", "criteria_set_id", "line_id", "line_amount", "national_amount", "provincial_amount",
    "persons", "net_income", "per_head", "margin", "verdict", "failed", "missing", "evidence", "borderline", "blockers",
    "eligible", "gaps", "filled", "fields",
    "counted", "at_end", "exit_status", "household_type", "monitor_type", "risk_cleared",
    "household_attr", "main_cause",
)  # fmt: skip


TYPE = """CASE WHEN s.household_type = 'out' THEN '01'
    WHEN s.household_type IN ('poor', 'leaving', 'returned') THEN '03'
    WHEN coalesce(s.monitor_type, s.cleared_type) = '2' THEN '04'
    WHEN s.household_type IS NULL AND NOT coalesce(s.at_end, false) THEN '02' ELSE '' END"""


def households(*, by_id: bool) -> Ctes:
    """The households that ``ids`` names, or those of a range of villages, that had a class in the year (``counted``),
    or have a record of it (tested, and in no figure); not those that had ended by the count day, nor those that
    split off after it: their past is the old household's."""
    spells, records = (f"{alias}.household_id = ANY(%(ids)s)" if by_id else _in_range(alias) for alias in ("s", "a"))
    sure = SURE.format(s="s", day=LAST_DAY)
    said = ", ".join(f"{sql.format(s='s', day=LAST_DAY, sure=sure)} AS {name}" for name, sql in STANDING.items())
    counts = completeness.section_counts("", "")
    entries = _entries({section: counts[section] for section in own_sections()})
    own = ", ".join(f"h.{name}" for name in HOUSEHOLD_FACTS)
    kept = ", ".join(f"s.{name}" for name in ("begun_this_year", "cleared_type"))
    begun = f"""SELECT FROM households_presence z
        WHERE z.household_id = h.id AND (z.since IS NULL OR z.since <= {count_day_sql()})"""
    codes = ", ".join(f"coalesce(s.{name}, '') AS {name}" for name in ("exit_status", "monitor_type"))
    return {
        "s": f"""SELECT s.household_id, {said}, bool_or(s.origin = '{Origin.SPLIT}') AS split_off
            FROM households_spell s WHERE {spells} GROUP BY s.household_id""",
        "c": f"""SELECT household_id FROM s WHERE counted
            UNION SELECT a.household_id FROM households_annualrecord a WHERE a.year = %(year)s AND {records}""",
        "h": f"""SELECT {own}, {kept}, {codes}, {TYPE} AS household_type,
            coalesce(s.counted, false) AS counted, coalesce(s.at_end, false) AS at_end,
            {entries}
            FROM c JOIN households_household h ON h.id = c.household_id LEFT JOIN s ON s.household_id = h.id
            WHERE (h.removed_on IS NULL OR h.removed_on > {count_day_sql()}) AND {open_sql("h.village_id")}
            AND (s.split_off IS NOT TRUE OR EXISTS ({begun}))""",
    }


def own_sections() -> list[str]:
    """The entry sections that only look at the household."""
    tables: dict[str, set[str]] = {section: set() for section in completeness.SECTIONS}
    for each in completeness.items():
        tables[each.section].add(each.field.partition(".")[0])
    return [section for section, found in tables.items() if found == {"household"}]


def _entries(counts: dict[str, tuple[str, str]]) -> str:
    """How many entry fields of each section are recorded and asked for, as columns."""
    return ", ".join(f"{done} AS {section}_filled, {of} AS {section}_total" for section, (done, of) in counts.items())


def rules(criteria: tuple[Criterion, ...]) -> Ctes:
    """Criteria set and lines of every village concerned, and who has reached which age there: the country's line and
    the province's beside the one that judges in the year and county."""
    by_province = f"k.kind = '{PovertyLine.Kind.PROVINCIAL}'"
    terms = [each.whom for criterion in criteria for each in criterion.members]
    terms += [term for each in completeness.items() for term in (each.done, each.when)]
    return {
        "v": "SELECT DISTINCT village_id FROM h",
        "r": f"""SELECT v.village_id, s.id AS criteria_set_id, s.criteria,
            CASE WHEN {by_province} THEN q.id ELSE l.id END AS line_id,
            CASE WHEN {by_province} THEN q.amount ELSE l.amount END AS line_amount,
            l.amount AS national_amount, q.amount AS provincial_amount,
            {threshold_sql("borderline", "s.params")} AS borderline, {age_columns(terms, "s.params")}
            FROM v CROSS JOIN LATERAL {set_in_force("v.village_id")} s
            CROSS JOIN LATERAL (SELECT {line_kind("v.village_id")} AS kind) k
            LEFT JOIN LATERAL {line_in_force(national_line_kind(), "v.village_id")} l ON true
            LEFT JOIN LATERAL {line_in_force(f"'{PovertyLine.Kind.PROVINCIAL}'", "v.village_id")} q ON true""",
    }


def _in_range(alias: str) -> str:
    return f"{alias}.village_id >= %(low)s AND {alias}.village_id < %(high)s"


def inputs(criteria: tuple[Criterion, ...], *, by_id: bool) -> Ctes:
    """Counted members and the year's record of every household, side by side, and what each criterion of the set says.

    Rows of a household carry its village: a range of villages is read as a range of each table, however many rows of
    the year the other counties have.
    """
    asked = {each.name: each.sql() for criterion in criteria for each in criterion.members}
    entered = completeness.section_counts("p.entered", "p.to_enter")
    own = {section: (f"h.{section}_filled", f"h.{section}_total") for section in own_sections()}
    kept = [*(f"p.{name}" for name in asked), *(f"a.{name}" for name in _record_facts(criteria))]
    near = {alias: "" if by_id else f"AND {_in_range(alias)}" for alias in ("z", "y", "a")}
    return {
        "p": f"""SELECT z.household_id, {_of_members(asked)}
            FROM h JOIN r USING (village_id)
            JOIN households_presence z ON z.household_id = h.id {near["z"]}
            JOIN households_member m ON m.id = z.member_id
            LEFT JOIN households_memberyear y ON y.member_id = m.id AND y.year = %(year)s {near["y"]}
            WHERE {counted_sql("z", "m")}
            GROUP BY z.household_id""",
        "i": f"""SELECT h.id AS household_id, h.village_id,
            coalesce(a.counted_in, households_village_on(h.id, %(year)s, h.village_id)) AS counted_in,
            h.begun_this_year, h.counted, h.at_end, h.exit_status,
            h.household_type, coalesce(nullif(h.monitor_type, ''), h.cleared_type, '') AS monitor_type,
            CASE WHEN h.monitor_type <> '' THEN false WHEN h.cleared_type IS NOT NULL THEN true END AS risk_cleared,
            h.household_attr, h.main_cause,
            r.criteria_set_id, r.criteria, r.line_id, r.line_amount, r.national_amount, r.provincial_amount,
            r.borderline,
            n.persons, n.net_income, n.per_head, {", ".join(kept)}, {_results(criteria)}, {_entries(entered | own)}
            FROM h JOIN r USING (village_id)
            LEFT JOIN p ON p.household_id = h.id
            LEFT JOIN households_annualrecord a ON a.household_id = h.id AND a.year = %(year)s {near["a"]}
            CROSS JOIN LATERAL (SELECT greatest(p.persons, 1) AS persons, {net_income_sql("a")} AS net_income) q
            CROSS JOIN LATERAL (
                SELECT q.persons, q.net_income, round(q.net_income / q.persons, 2) AS per_head) n""",
    }


def _record_facts(criteria: tuple[Criterion, ...]) -> list[str]:
    """Columns of the year's record that some verdict keeps, each once."""
    return list(dict.fromkeys(name for each in criteria if each.keeps_record for name in each.record))


def _of_members(asked: dict[str, str]) -> str:
    """The aggregates over the counted members of a household."""
    filled, total = completeness.member_counts()
    facts = {"persons": "count(*)", **asked, "entered": f"sum({filled})", "to_enter": f"sum({total})"}
    return ", ".join(f"{sql} AS {name}" for name, sql in facts.items())


def _results(criteria: tuple[Criterion, ...]) -> str:
    """The result of every criterion that the set names, null for the others."""
    return ", ".join(f"CASE WHEN '{c.code}' = ANY(r.criteria) THEN {c.result} END AS r_{c.code}" for c in criteria)


def verdicts(criteria: tuple[Criterion, ...], blockers: tuple[Blocker, ...]) -> Ctes:
    """What follows from the results."""
    evidence = ", ".join(
        f"'{fact}', CASE WHEN r_{c.code} IS NOT NULL THEN i.{fact} END" for c in criteria for fact in c.kept
    )
    stopped = ", ".join(f"CASE WHEN {b.condition} THEN '{b.code}' END" for b in blockers)
    counts = {name: (f"{name}_filled", f"{name}_total") for name in completeness.SECTIONS}
    met = " OR ".join(f"r_{c.code} = '{PASS}'" for c in criteria if c.against_line) or "false"
    return {
        "j": f"""SELECT i.*, array_remove(ARRAY[{stopped}]::varchar[], NULL) AS blockers
            FROM i OFFSET 0""",
        "k": f"""SELECT i.*, {_codes(FAIL, criteria)} AS failed, {_codes(MISSING, criteria)} AS missing,
            per_head / line_amount - 1 AS margin_exact, jsonb_strip_nulls(jsonb_build_object({evidence})) AS evidence
            FROM j i""",
        "fresh": f"""SELECT k.household_id, %(year)s::smallint AS year, village_id, counted_in, criteria_set_id,
            line_id, line_amount, national_amount, provincial_amount, persons, net_income, per_head,
            round(margin_exact, 4) AS margin, verdict, failed, missing, evidence,
            coalesce(({met}) AND margin_exact < borderline, false) AS borderline, blockers,
            verdict = '{PASS}' AND cardinality(blockers) = 0 AS eligible,
            {completeness.gaps(counts)} AS gaps, {completeness.filled(counts)} AS filled,
            {completeness.total(counts)} AS fields, counted, at_end, exit_status, household_type, monitor_type,
            risk_cleared, household_attr, main_cause
            FROM k
            CROSS JOIN LATERAL (SELECT CASE WHEN cardinality(failed) > 0 THEN '{FAIL}'
                WHEN cardinality(missing) > 0 THEN '{MISSING}' ELSE '{PASS}' END AS verdict) w""",
    }


def _codes(result: str, criteria: tuple[Criterion, ...]) -> str:
    """Array of the codes of the criteria with this result."""
    cases = ", ".join(f"CASE WHEN r_{c.code} = '{result}' THEN '{c.code}' END" for c in criteria)
    return f"array_remove(ARRAY[{cases}]::varchar[], NULL)"


def writing(criteria: tuple[Criterion, ...], *, by_id: bool) -> Ctes:
    """Write what differs, drop the verdict of who has none any more, note every verdict that changed with its cause.

    A changed set of criteria is a change of rule; so is a changed line if it moved the criterion it is for. Every row
    is compared (``(SELECT count(*) FROM differs)``) before the first is written: a look-up in the table that is being
    filled would take longer with every row.
    """
    old, new = (", ".join(f"{alias}.{name}" for name in CONTENT) for alias in ("o", "f"))
    which = "a.household_id = ANY(%(ids)s)" if by_id else _in_range("a")
    columns = ", ".join(KEY + CONTENT)
    by_line = "".join(f"'{c.code}'," for c in criteria if c.against_line).rstrip(",")
    update = ", ".join(f"{name} = excluded.{name}" for name in (*CONTENT, "assessed_at"))
    return {
        "differs": f"""SELECT f.*, o.verdict AS old_verdict, o.failed AS old_failed,
            o.missing AS old_missing, o.criteria_set_id AS old_set_id, o.line_amount AS old_line_amount
            FROM fresh f
            LEFT JOIN households_assessment o ON o.household_id = f.household_id AND o.year = %(year)s
            WHERE o.id IS NULL OR ROW({old}) IS DISTINCT FROM ROW({new})""",
        "written": f"""INSERT INTO households_assessment ({columns}, assessed_at)
            SELECT {columns}, %(now)s FROM differs WHERE (SELECT count(*) FROM differs) > 0
            ON CONFLICT (household_id, year) DO UPDATE SET {update} RETURNING counted""",
        "dropped": f"""DELETE FROM households_assessment a
            WHERE a.year = %(year)s AND {which} AND {open_sql("a.village_id")}
            AND NOT EXISTS (SELECT 1 FROM h WHERE h.id = a.household_id)""",
        "turned": f"""SELECT d.*, {_changed_codes(criteria)} AS changed FROM differs d
            WHERE old_verdict <> verdict AND counted""",
        "flips": f"""INSERT INTO households_flip
            (household_id, village_id, year, before, after, cause, changed, job_id, at)
            SELECT household_id, village_id, year, old_verdict, verdict, CASE
                WHEN old_set_id <> criteria_set_id THEN 'rule'
                WHEN old_line_amount IS DISTINCT FROM line_amount AND changed && ARRAY[{by_line}]::varchar[] THEN 'rule'
                ELSE 'data' END, changed, %(job)s, %(now)s
            FROM turned RETURNING household_id""",
    }


def _changed_codes(criteria: tuple[Criterion, ...]) -> str:
    """Array of the codes of the criteria whose result is not what it was."""
    cases = ", ".join(
        f"CASE WHEN ('{c.code}' = ANY(failed)) <> ('{c.code}' = ANY(old_failed)) "
        f"OR ('{c.code}' = ANY(missing)) <> ('{c.code}' = ANY(old_missing)) THEN '{c.code}' END"
        for c in criteria
    )
    return f"array_remove(ARRAY[{cases}]::varchar[], NULL)"


def chain(ctes: Ctes, final: str) -> str:
    """One statement out of named steps."""
    return "WITH " + ",\n".join(f"{name} AS ({body})" for name, body in ctes.items()) + f"\n{final}"


def recompute_statement(*, by_id: bool) -> str:
    """Judge, write and count. Returns one row: households that should be judged, were judged, written, flipped, and
    those whose verdict stands because their county closed the year."""
    return _recompute_statement(by_id, registered_criteria(), tuple(registered()), completeness.items())


@lru_cache(maxsize=8)
def _recompute_statement(
    by_id: bool, criteria: tuple[Criterion, ...], blockers: tuple[Blocker, ...], _asked: tuple[completeness.Item, ...]
) -> str:
    steps = households(by_id=by_id) | rules(criteria) | inputs(criteria, by_id=by_id)
    steps |= verdicts(criteria, blockers) | writing(criteria, by_id=by_id)
    which = "a.household_id = ANY(%(ids)s)" if by_id else _in_range("a")
    return chain(
        steps,
        "SELECT (SELECT count(*) FROM h WHERE counted), (SELECT count(*) FROM fresh WHERE counted), "
        "(SELECT count(*) FROM written WHERE counted), (SELECT count(*) FROM flips), "
        "(SELECT count(*) FROM households_yearclosing z JOIN households_assessment a ON a.year = z.year "
        f"AND left(a.village_id, {COUNTY}) = z.county_id AND a.counted AND {which} WHERE z.year = %(year)s)",
    )
