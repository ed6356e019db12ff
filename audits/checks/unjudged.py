"""Whom a rule could not judge: counted by a run over the facts it gathered, listed for a township or a village when
somebody asks. What is not recorded is never shown as fine, and a number of it leads to its list.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.db import connection

from audits.checks.catalogue import InForce, is_gap
from audits.checks.check import HOUSEHOLD, MEMBER, VILLAGE, Check
from audits.checks.needs import COLUMN
from audits.checks.sql import IN_PLACE
from households.models import Household, Member
from households.models.annual import OF_WHICH_FIELDS
from households.models.member import head_name
from households.register.logic.sets import facts_sql
from povreg.kit.scopes import TOWNSHIP, end_of
from villages.models import User

SAID_BY_ABSENCE = frozenset(
    {
        "planned_exit_year", "exit_year", "return_year", "risk_cleared", "risk_cleared_on", "spouse_id", "work_months",
        "public_job_months", *OF_WHICH_FIELDS,
    }
)  # fmt: skip
"""Columns whose absence says that there is none: a household without a year of exit has not left."""
UNSURE = (
    (r"\bh\.house_grade\b", "nullif(h.house_grade, '')"),
    (r"\bp\.health\b", "nullif(p.health, '')"),
    (r"\bp\.labour\b", "(CASE WHEN p.labour <> '' OR p.age < 16 THEN p.labour END)"),
    (r"\bh\.(labour|health|school)_unknown\b", r"nullif(least(h.\1_unknown, 1), 1)"),
    (r" IS FALSE\b", " = false"),
)
"""How a condition is read when the question is whether it can be told: what was not recorded is unknown, not "no"."""

FROM = {
    HOUSEHOLD: """facts_households h
        LEFT JOIN households_assessment x ON x.household_id = h.household_id AND x.year = %(year)s
        LEFT JOIN households_assessment b ON b.household_id = h.household_id AND b.year = %(year)s - 1""",
    MEMBER: "facts_people p JOIN facts_households h ON h.household_id = p.household_id",
    VILLAGE: """(SELECT DISTINCT village_id FROM facts_households) f
        LEFT JOIN villages_villageyear v ON v.village_id = f.village_id AND v.year = %(year)s""",
}
AT = {HOUSEHOLD: "h.village_id", MEMBER: "p.village_id", VILLAGE: "f.village_id"}


def unjudged(rules: list[InForce], year: int) -> dict[str, dict[str, int]]:
    """How many (households, people, villages) each rule could not judge, by township; of the gathered facts."""
    counted: dict[str, dict[str, int]] = {}
    for per in FROM:
        known = [(each, cannot_tell(each.check)) for each in rules if each.check.per == per]
        asked = [(each, condition) for each, condition in known if condition]
        if asked:
            _count(per, asked, year, counted)
    return counted


def _count(per: str, asked: list[tuple[InForce, str]], year: int, counted: dict[str, dict[str, int]]) -> None:
    with connection.cursor() as cursor:
        said = (cursor.mogrify(text, {**each.params, "year": year}).decode() for each, text in asked)
        columns = ", ".join(f"count(*) FILTER (WHERE {text})" for text in said)
        source = cursor.mogrify(FROM[per], {"year": year}).decode()
        cursor.execute(f"SELECT left({AT[per]}, {TOWNSHIP}), {columns} FROM {source} GROUP BY 1")  # noqa: S608
        for township, *numbers in cursor.fetchall():
            found = {each.check.id: number for (each, _), number in zip(asked, numbers, strict=True) if number}
            counted.setdefault(township, {}).update(found)


def cannot_tell(check: Check) -> str:
    """SQL: the rule cannot be judged of this row, since what it looks at is not recorded. Empty where that is not
    counted row by row: an entry still to be made says so itself, a list is there or not."""
    if is_gap(check) or not check.where:
        return ""
    if check.unknown:
        return check.unknown
    unsure = check.where
    for pattern, known in UNSURE:
        unsure = re.sub(pattern, known, unsure)
    undecided = f"({unsure}) IS NULL AND ({check.where}) IS NOT TRUE"
    if check.per == VILLAGE:
        return f"v.id IS NULL OR {_unfilled(check) if 'facts_households' in check.where else undecided}"
    if "SELECT" in check.where or (check.logic and (check.logic.opens or check.logic.suspects)):
        return ""
    told = sorted({f"{alias}.{name}" for alias, name in COLUMN.findall(check.where) if name in SAID_BY_ABSENCE})
    return " AND ".join([undecided, *(f"{column} IS NOT NULL" for column in told)])


def _unfilled(check: Check) -> str:
    """SQL: a figure of the village lacks that a rule holds against its households, without adding these up again."""
    own = {name for alias, name in COLUMN.findall(check.where) if alias == "v" and name != "village_id"}
    return " OR ".join(f"v.{name} IS NULL" for name in sorted(own))


def totals(counted: dict[str, Any] | None, place: str) -> dict[str, int] | None:
    """The counts of a run, rule by rule, in a place; None where the run did not count, or below the township."""
    if counted is None or len(place) > TOWNSHIP:
        return None
    found: dict[str, int] = {}
    for township, numbers in counted.items():
        if township.startswith(place):
            for rule, number in numbers.items():
                found[rule] = found.get(rule, 0) + number
    return found


MOST = 500
"""Rows of a list; a township with more is looked at village by village."""
ID = {
    HOUSEHOLD: "h.village_id, h.household_id AS home, NULL::bigint AS person",
    MEMBER: "p.village_id, p.household_id AS home, p.member_id AS person",
    VILLAGE: "f.village_id, NULL::bigint AS home, NULL::bigint AS person",
}


@dataclass(frozen=True)
class Unjudged:
    """A household, a person or a village that a rule could not judge."""

    village_id: str
    household: Household | None
    member: Member | None

    @property
    def who(self) -> str:
        return self.member.name if self.member else getattr(self.household, "head", "") or str(self.household or "")


@dataclass(frozen=True)
class Listed:
    """Whom a rule cannot judge in a township or a village: how many of each village, and the first by name."""

    villages: dict[str, int]
    rows: list[Unjudged]

    @property
    def total(self) -> int:
        return sum(self.villages.values())


def listed(user: User, rule: InForce, place: str, year: int) -> Listed:
    """Of a township or a village those whom a rule cannot judge as the register stands now, by name at most
    :data:`MOST`."""
    condition = cannot_tell(rule.check)
    if not condition or len(place) < TOWNSHIP:
        return Listed({}, [])
    check, given = rule.check, {**rule.params, "year": year, "low": place, "high": end_of(place), "most": MOST}
    statement = f"""{facts_sql(IN_PLACE)},
        unsure AS MATERIALIZED (SELECT {ID[check.per]} FROM {FROM[check.per]} WHERE {condition})
        SELECT village_id, NULL::bigint, NULL::bigint, count(*) FROM unsure GROUP BY 1
        UNION ALL (SELECT village_id, home, person, NULL FROM unsure ORDER BY 1, 2, 3 LIMIT %(most)s)"""  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        found = cursor.fetchall()
    return Listed(
        dict(sorted((village, number) for village, _, _, number in found if number)),
        _named(user, [(village, home, person) for village, home, person, number in found if number is None]),
    )


def _named(user: User, found: list[tuple[str, int | None, int | None]]) -> list[Unjudged]:
    homes = Household.objects.visible_to(user).annotate(head=head_name()).in_bulk({row[1] for row in found if row[1]})
    people = Member.objects.visible_to(user).in_bulk({row[2] for row in found if row[2]})
    return [Unjudged(village, homes.get(home or 0), people.get(person or 0)) for village, home, person in found]


def below(counted: dict[str, Any] | None, check: Check, place: str) -> dict[str, int]:
    """The townships of a place with how many of theirs the rule could not judge in the last run."""
    known = (counted or {}).items()
    return {code: rows[check.id] for code, rows in sorted(known) if code.startswith(place) and rows.get(check.id)}
