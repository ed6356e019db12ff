"""The statements of a run: what each rule finds, and how that becomes doubts."""

# ruff: noqa: S608 - the text is put together from declarations only

from __future__ import annotations

from audits.checks.check import HOUSEHOLD, MEMBER, VILLAGE, Check
from households.register import completeness
from households.register.years import counted_sql
from villages.standards.sql import set_in_force

REGISTERED = "t.in_register AND t.removed_on IS NULL"
IN_PLACE = f"{REGISTERED} AND t.village_id >= %(low)s AND t.village_id < %(high)s"
BY_ID = f"{REGISTERED} AND t.id = ANY(%(ids)s)"
HITS = """CREATE TEMP TABLE check_hits (
    rule text COLLATE "C", severity text, grp smallint, village_id text COLLATE "C", household_id bigint,
    member_id bigint, seen jsonb) ON COMMIT DROP"""
FOUND = "INSERT INTO check_hits SELECT %(rule)s, %(severity)s, %(group)s, "
FROM = {
    HOUSEHOLD: ("h.village_id, h.household_id, NULL::bigint", "facts_households h"),
    MEMBER: (
        "p.village_id, p.household_id, p.member_id",
        "facts_people p JOIN facts_households h ON h.household_id = p.household_id",
    ),
    VILLAGE: ("v.village_id, NULL::bigint, NULL::bigint", "villages_villageyear v"),
}
THERE = {VILLAGE: "v.year = %(year)s AND v.village_id >= %(low)s AND v.village_id < %(high)s AND "}


def finding(check: Check) -> str:
    """Note what a rule finds."""
    what, tables = FROM[check.per]
    return f"{FOUND}{what}, {check.seen_sql} FROM {tables} WHERE {THERE.get(check.per, '')}({check.where})"


def suspects(check: Check) -> str:
    """The households that a rule which needs opened numbers must look at one by one."""
    return f"SELECT DISTINCT h.household_id FROM {FROM[check.per][1]} WHERE ({check.where})"


def gap_rule(field: str) -> str:
    """The id of the rule that asks for an entry (households.register.logic.gaps)."""
    table, _, name = field.partition(".")
    return f"required-{table}-{name}".replace("_", "-")


def gaps(*, of_members: bool) -> str:
    """Note every entry that is asked for and not made, in one statement (households.register.completeness)."""
    asked = [each for each in completeness.items() if each.section != "files" and each.is_member is of_members]
    cases = ", ".join(
        f"CASE WHEN {each.when.sql()} AND NOT {each.done.sql()} THEN '{gap_rule(each.field)}' END" for each in asked
    )
    people = f"""JOIN households_presence z ON z.household_id = h.id
        JOIN households_member m ON m.id = z.member_id AND {counted_sql("z", "m")}
        LEFT JOIN households_memberyear y ON y.member_id = m.id AND y.year = %(year)s"""
    return f"""
        INSERT INTO check_hits
        WITH r AS (
            SELECT v.village_id, {completeness.rule_columns("s.params")}
            FROM (SELECT DISTINCT village_id FROM facts_households) v
            LEFT JOIN LATERAL {set_in_force("v.village_id")} s ON true)
        SELECT g.rule, 'G', 3, g.village_id, g.household_id, g.member_id, '{{}}'::jsonb
        FROM (
            SELECT h.village_id, h.id AS household_id, {"m.id" if of_members else "NULL::bigint"} AS member_id,
                unnest(array_remove(ARRAY[{cases}]::text[], NULL)) AS rule
            FROM facts_households f JOIN households_household h ON h.id = f.household_id
            JOIN r ON r.village_id = h.village_id
            {people if of_members else ""}
            LEFT JOIN households_annualrecord a ON a.household_id = h.id AND a.year = %(year)s) g
        WHERE g.rule = ANY(%(rules)s)"""


KEY = "rule, year, village_id, household_id, member_id"
WRITE = f"""
    WITH kept AS (
        INSERT INTO audits_doubt AS d (rule, severity, "group", year, village_id, household_id, member_id, seen,
            first_seen, last_seen, times, exempted, confirmed)
        SELECT rule, severity, grp, %(year)s, village_id, household_id, member_id, seen,
            register_today(), register_today(), 1, false, false
        FROM check_hits
        ON CONFLICT ({KEY}) DO UPDATE SET severity = excluded.severity, seen = excluded.seen,
            last_seen = excluded.last_seen, solved_on = NULL,
            times = d.times + (d.solved_on IS NOT NULL)::int
        WHERE (d.severity, d.seen, d.last_seen, d.solved_on) IS DISTINCT FROM
            (excluded.severity, excluded.seen, excluded.last_seen, NULL::date)
        RETURNING d.first_seen, d.xmax = 0 AS fresh)
    SELECT count(*) FILTER (WHERE fresh) FROM kept"""


def solve(*, by_id: bool) -> str:
    """What the rules that were run no longer find is solved."""
    where = "d.household_id = ANY(%(ids)s)" if by_id else "d.village_id >= %(low)s AND d.village_id < %(high)s"
    return f"""
        UPDATE audits_doubt d SET solved_on = register_today()
        WHERE {where} AND d.year = %(year)s AND d.solved_on IS NULL
        AND ({"d.rule = ANY(%(rules)s)" if by_id else "true"}) AND NOT EXISTS (SELECT FROM check_hits c
            WHERE c.rule = d.rule AND c.village_id = d.village_id
            AND c.household_id IS NOT DISTINCT FROM d.household_id AND c.member_id IS NOT DISTINCT FROM d.member_id)"""


def exempt(where: str) -> str:
    """What an exemption that holds covers is exempted, and what none covers any more is not (``d``: doubts)."""
    covered = """EXISTS (SELECT FROM audits_exemption e WHERE e.rule = d.rule AND e.village_id = d.village_id
        AND e.withdrawn_on IS NULL AND e.until >= register_today()
        AND (e.household_id IS NULL OR e.household_id = d.household_id)
        AND (e.member_id IS NULL OR e.member_id = d.member_id))"""
    return f"""UPDATE audits_doubt d SET exempted = NOT d.exempted
        WHERE {where} AND d.solved_on IS NULL AND d.exempted <> {covered}"""


COUNTS = "SELECT rule, count(*) FROM check_hits GROUP BY rule"
"""How many each rule found."""
TICKED = "SELECT DISTINCT c.household_id FROM check_hits c JOIN households_acceptedwarning w USING (household_id)"
"""Households with a doubt that somebody may have confirmed when it was entered."""
CONFIRM = """UPDATE audits_doubt d SET confirmed = NOT d.confirmed
    WHERE d.year = %(year)s AND d.household_id = ANY(%(ids)s) AND d.solved_on IS NULL
    AND d.confirmed <> (d.rule || ':' || coalesce(d.member_id::text, '') || ':' || d.household_id = ANY(%(keys)s))"""
