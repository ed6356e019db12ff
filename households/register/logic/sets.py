"""The facts of many households and a year side by side: what :mod:`facts` gathers for one, as two tables of a
transaction, over which every rule is one statement.

``facts_people`` (alias ``p``) has a row for everybody who lives in one of the households now, ``facts_households``
(alias ``h``) one for each household with its record of the year and what its people come to. A fact of a year is the
yearly row's where there is one, else the current one, as in :func:`households.register.logic.facts.person_of`.
"""

# ruff: noqa: S608 - the text is put together from declarations in this package only

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from django.db import connection

from households.models.codes import DISABLED, FULL_LABOUR, HEAD, HEALTHY, OUT_OF_SCHOOL, SOME_LABOUR, SPOUSE
from households.register.fields import ANNUAL_FACTS, YEAR_FACTS
from households.register.logic.rule import listed
from households.register.people import RESIDENT_PAPERS
from households.register.terms import column
from villages.standards.rules import COUNT_DAY, SCHOOL_DAY, threshold_sql
from villages.standards.sql import set_in_force

YEAR_COLUMNS = ", ".join(f"{_sql} AS {_name}" for _name in YEAR_FACTS for _sql in [column(f"member.{_name}")])
WHO = (
    "name, relation, sex, birth_date, id_type, id_hash, id_area, id_valid, ethnicity, education, person_no, phone_hash"
)
OWN = (
    "household_no, group_name, main_cause, other_causes, cause_note, risks, no_labour_backstop, household_attr, "
    "household_type, exit_status, exit_year, identified_on, return_year, monitor_type, risk_identified_on, "
    "planned_exit_year, risk_cleared, risk_cleared_on, risk_clear_way, declared_dilapidated, declared_water_safe, "
    "declared_income, data_date, in_register, phone_hash, bank_hash, poverty_standard"
)
BLANK_TEXT = ("school_status", "dropout_reason", "health", "labour", "work_place", "public_job", "dibao", "tekun")


def _columns(alias: str, names: str) -> str:
    return ", ".join(f"{alias}.{name.strip()}" for name in names.split(","))


def _age(day: str) -> str:
    return f"extract(year FROM age({day}, m.birth_date))::int"


@cache
def people_sql(where: str) -> str:
    """Everybody who lives in the households ``where`` holds for (alias ``t``)."""
    counted = ", ".join(
        f"coalesce(f.{name}, '') AS {name}" if name in BLANK_TEXT else f"f.{name}" for name in YEAR_FACTS
    )
    return f"""
        SELECT f.household_id, f.village_id, f.member_id, {_columns("f", WHO)}, f.age, f.school_age, {counted},
            f.has_id, f.has_cert, f.by_id, f.identified_on, f.joined_on, f.surveyed,
            coalesce(f.school_before, '') AS school_before, coalesce(f.school_two_before, '') AS school_two_before,
            coalesce(f.school_status, '') NOT IN ('', '{OUT_OF_SCHOOL}') AS in_school,
            coalesce(f.public_job, '') NOT IN ('', '0') AS has_job
        FROM (SELECT m.household_id, m.village_id, m.id AS member_id, {_columns("m", WHO)},
                {_age(COUNT_DAY.sql())} AS age, {_age(SCHOOL_DAY.sql())} AS school_age, {YEAR_COLUMNS},
                m.id_no <> '' AS has_id, m.disability_cert <> '' AS has_cert, y.id IS NOT NULL AS surveyed,
                m.id_type IN ({listed(RESIDENT_PAPERS)}) AS by_id, m.identified_on, m.joined_on,
                y1.school_status AS school_before, y2.school_status AS school_two_before
            FROM households_household t
            JOIN households_member m ON m.household_id = t.id AND m.left_on IS NULL
            LEFT JOIN households_memberyear y ON y.member_id = m.id AND y.year = %(year)s
            LEFT JOIN households_memberyear y1 ON y1.member_id = m.id AND y1.year = %(year)s - 1
            LEFT JOIN households_memberyear y2 ON y2.member_id = m.id AND y2.year = %(year)s - 2
            WHERE {where}) f"""


SUMS: Mapping[str, str] = {
    "people": "count(*)",
    "heads": f"count(*) FILTER (WHERE p.relation = '{HEAD}')",
    "head_sex": f"max(p.sex) FILTER (WHERE p.relation = '{HEAD}')",
    "head_birth": f"max(p.birth_date) FILTER (WHERE p.relation = '{HEAD}')",
    "spouses": f"count(*) FILTER (WHERE p.relation = '{SPOUSE}')",
    "spouse_id": f"(array_agg(p.member_id ORDER BY p.person_no) FILTER (WHERE p.relation = '{SPOUSE}'))[1]",
    "able": f"count(*) FILTER (WHERE p.labour IN ({listed(FULL_LABOUR)}))",
    "partly_able": f"count(*) FILTER (WHERE p.labour IN ({listed(SOME_LABOUR)}))",
    "labour_unknown": "count(*) FILTER (WHERE p.labour = '')",
    "health_unknown": "count(*) FILTER (WHERE p.health = '')",
    "ill": f"count(*) FILTER (WHERE cardinality(array_remove(p.healths, '{HEALTHY}'::varchar)) > 0)",
    "disabled": f"count(*) FILTER (WHERE p.has_cert OR '{DISABLED}' = ANY(p.healths))",
    "students": "count(*) FILTER (WHERE p.in_school)",
    "school_unknown": "count(*) FILTER (WHERE p.school_status = '' AND coalesce(p.age BETWEEN 3 AND 30, true))",
    "workers": "count(*) FILTER (WHERE p.work_months > 0 OR p.has_job)",
    "public_jobs": "count(*) FILTER (WHERE p.has_job)",
    "worked_months": "sum(coalesce(p.work_months, 0) + coalesce(p.public_job_months, 0))",
    "dibao_people": "count(*) FILTER (WHERE p.dibao NOT IN ('', '0'))",
    "tekun_people": "count(*) FILTER (WHERE p.tekun NOT IN ('', '0'))",
}
"""What the people of a household come to; of a household without people every number is 0."""
NUMBERS = frozenset(name for name, sql in SUMS.items() if sql.startswith(("count", "sum")))


@cache
def households_sql(where: str) -> str:
    """The households ``where`` holds for (alias ``t``), with the record of the year and the sums of their people."""
    sums = ", ".join(f"{sql} AS {name}" for name, sql in SUMS.items())
    taken = ", ".join(f"coalesce(s.{name}, 0) AS {name}" if name in NUMBERS else f"s.{name}" for name in SUMS)
    facts = ", ".join(f"a.{name}" for name in ANNUAL_FACTS)
    return f"""
        WITH s AS (SELECT p.household_id, {sums} FROM facts_people p GROUP BY p.household_id),
        r AS (SELECT v.village_id, {threshold_sql("school_from", "c.params")} AS school_from,
                {threshold_sql("school_until", "c.params")} AS school_until
            FROM (SELECT DISTINCT t.village_id FROM households_household t WHERE {where}) v
            LEFT JOIN LATERAL {set_in_force("v.village_id")} c ON true)
        SELECT t.id AS household_id, t.village_id, {_columns("t", OWN)}, r.school_from, r.school_until,
            array_remove(t.other_causes || t.main_cause, '') AS causes,
            a.id IS NOT NULL AS recorded, {facts}, {taken}
        FROM households_household t
        JOIN r ON r.village_id = t.village_id
        LEFT JOIN s ON s.household_id = t.id
        LEFT JOIN households_annualrecord a ON a.household_id = t.id AND a.year = %(year)s
        WHERE {where}"""


KEPT = "CREATE TEMP TABLE {} ON COMMIT DROP AS"


def facts_sql(where: str) -> str:
    """The two tables for one statement only, as the head of it: nothing is written, so that a reader may ask, too."""
    return f"""WITH facts_people AS MATERIALIZED ({people_sql(where)}),
        facts_households AS MATERIALIZED ({households_sql(where)})"""


def gather_facts(where: str, params: Mapping[str, Any]) -> None:
    """Make the two tables for the rest of the transaction; ``where`` is SQL over ``t``, ``params`` hold ``year``."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS facts_people, facts_households")
        cursor.execute(f"{KEPT.format('facts_people')} {people_sql(where)}", params)
        cursor.execute("CREATE INDEX ON facts_people (household_id); ANALYZE facts_people")
        cursor.execute(f"{KEPT.format('facts_households')} {households_sql(where)}", params)
        cursor.execute("CREATE UNIQUE INDEX ON facts_households (household_id); ANALYZE facts_households")
