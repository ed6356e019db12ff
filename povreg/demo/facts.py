"""What the invented households live like, year by year.

Causes follow the published shares of the county (因病 36.39 %, 因学 24.68 %); the remainder is spread by the look of
other sources. Nothing here is a rule: rules judge what this makes up.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

from povreg.demo.people import (
    HEAD,
    Family,
    Identities,
    Person,
    born_in,
    compose,
)
from povreg.kit.idnumber import age_on
from villages.standards.rules import ORDINARY, school_day

YEARS = tuple(range(2018, 2027))
LAST_OF_POVERTY = 2020
"""The year by which every registered household had left poverty (policy-2026.md 1)."""
CAUSES = (
    ("01", 36.39),
    ("03", 24.68),
    ("07", 14.9),
    ("02", 8.1),
    ("08", 7.0),
    ("09", 4.2),
    ("04", 3.1),
    ("10", 1.0),
    ("11", 0.63),
)
SIZES = ((1, 5), (2, 17), (3, 26), (4, 28), (5, 15), (6, 7), (7, 2))
SHORTFALL = dict.fromkeys(YEARS, 0.03) | {2018: 0.30, 2019: 0.16, 2020: 0.055}
UNRECORDED = dict.fromkeys(YEARS, 0.02) | {2018: 0.01, 2019: 0.015, 2020: 0.09, 2026: 0.09}
MEAN_INCOME = {year: 11_000 + 900 * (year - 2021) for year in YEARS} | {2018: 4900, 2019: 5700, 2020: 6500}
WORRIES = dict.fromkeys(YEARS, 0.4) | {2018: 3.0, 2019: 1.8, 2020: 1.0}
ADULT = 16
OLD = 60
YOUNG = 35
MONITOR_LINES = {2022: 6600, 2023: 7300, 2024: 7800, 2025: 8300, 2026: 8800}
"""Yuan a head and year: invented, no province's was found (policy-2026.md 4)."""
LINES = {2018: 3535, 2019: 3747, 2020: 4000, 2021: 6000} | MONITOR_LINES


@dataclass(slots=True)
class YearFacts:
    """One household's record of a year as field values, and its members' rows in their order."""

    record: dict[str, Any]
    members: list[dict[str, Any]]


def pick(rng: Random, weighted: tuple[tuple[Any, float], ...]) -> Any:
    return rng.choices([value for value, _ in weighted], [weight for _, weight in weighted])[0]


def make_family(rng: Random, ids: Identities, year: int) -> Family:
    """A family with its cause of poverty, and people who bear it out."""
    cause = pick(rng, CAUSES)
    size = pick(rng, SIZES)
    people = compose(rng, ids, max(size, 2) if cause == "03" else size, year)
    family = Family(people, cause, "04" if rng.random() < 0.2115 else "01")
    _bear_out(rng, ids, family, year)
    for person in people:
        person.schooling = _schooling(rng, person, year)
    return family


def _bear_out(rng: Random, ids: Identities, family: Family, year: int) -> None:
    """Make the facts agree with the cause: 因病 has a patient, 因残 a disabled member, 因学 a student."""
    adults = [person for person in family.people if _age(person, year) >= ADULT]
    if family.cause == "01":
        rng.choice(adults).health = rng.choice(("02", "03", "03"))
    if family.cause == "02":
        rng.choice(adults).health = "04"
    if family.cause == "03" and not any(6 <= _age(person, year) < 19 for person in family.people[1:]):
        student = family.people[-1]
        if student.relation != HEAD and student.relation in {"03", "04", "07", "08"}:
            student.birth_date = born_in(rng, year - rng.randrange(8, 18))
            student.id_no = ids.number(student.birth_date, student.sex)
    for person in adults:
        if person.health == "01" and _age(person, year) > 62 and rng.random() < 0.12:
            person.health = "02"


def _age(person: Person, year: int) -> int:
    return age_on(person.birth_date, school_day(year))


def _schooling(rng: Random, person: Person, year: int) -> str:
    age = _age(person, year)
    if age >= OLD:
        return pick(rng, (("01", 5), ("02", 4), ("03", 1)))
    if age < YOUNG:
        return pick(rng, (("03", 5), ("04", 4), ("05", 2)))
    return pick(rng, (("02", 3), ("03", 5), ("04", 2), ("05", 0.5)))


def school_status(person: Person, year: int) -> str:
    """School status at 1 September of a year: by age, out of school from 19 on."""
    age = _age(person, year)
    if age < 3:
        return "18"
    if age < 6:
        return "02"
    if age < 12:
        return "03"
    if age < 18:
        return ("04", "05", "06", "07", "08", "09")[age - 12]
    return "16" if age < 21 and person.schooling in {"04", "05"} else "01"


def education(person: Person, year: int) -> str:
    """Schooling finished; empty for those at school, as the national layout has it."""
    return person.schooling if school_status(person, year) == "01" else ""


def labour(person: Person, year: int) -> str:
    """Labour ability by age, health and school."""
    age = _age(person, year)
    if age < ADULT or school_status(person, year) != "01" or age >= 72:
        return "04"
    if person.health in {"03", "04"}:
        return "03" if person.health == "04" else "05"
    return "05" if age >= OLD else "01"


def member_year(rng: Random, person: Person, year: int) -> dict[str, Any]:
    """One member's row of a year."""
    status, ability = school_status(person, year), labour(person, year)
    works = ability == "01" and rng.random() < 0.6
    insured = rng.random() > 0.0015
    school_age = ORDINARY.of_school_age(_age(person, year))
    away = school_age and (person.truant or rng.random() < 0.001)
    return {
        "school_status": "01" if away else status,
        "dropout_reason": "01" if away and not person.truant else "",
        "ins_resident": insured,
        "ins_employee": False if rng.random() < 0.3 else None if insured else False,
        "ins_major": insured,
        "pen_resident": _age(person, year) >= ADULT or None,
        "health": person.health,
        "labour": ability,
        "work_place": pick(rng, (("02", 4), ("03", 3), ("04", 5))) if works else "",
        "work_months": rng.choice((6, 8, 9, 10, 11)) if works else None,
    }


def household_years(rng: Random, family: Family) -> Iterator[tuple[int, YearFacts]]:
    """The household's records, oldest year first."""
    luck = rng.gauss(0, 1600)
    strapped = rng.random()
    home = _home(rng)
    for year in YEARS:
        members = [member_year(rng, person, year) for person in family.people]
        record = home | _income(rng, family, members, year, luck, strapped) | _guarantees(rng, year)
        yield year, YearFacts(_forget(rng, record, year), members)


def _home(rng: Random) -> dict[str, Any]:
    """Living conditions that hardly change from year to year."""
    arable = rng.randrange(5, 80)
    return {
        "arable_mu": Decimal(arable) / 10,
        "irrigated_mu": Decimal(rng.randrange(arable // 2 + 1)) / 10,
        "forest_mu": Decimal(rng.randrange(0, 120)) / 10,
        "grain_to_green_mu": Decimal(rng.randrange(0, 30)) / 10,
        "orchard_mu": Decimal(rng.randrange(0, 15)) / 10,
        "pasture_mu": Decimal(0),
        "water_mu": Decimal(0),
        "in_coop": rng.random() < 0.55,
        "power_production": rng.random() < 0.9,
        "water_difficult": rng.random() < 0.03,
        "main_road_km": Decimal(rng.randrange(1, 40)) / 10,
        "entry_road": pick(rng, (("01", 1), ("02", 2), ("03", 6), ("04", 1))),
        "house_area_m2": Decimal(rng.randrange(400, 1600)) / 10,
        "house_structure": pick(rng, (("2", 5), ("3", 2), ("4", 1))),
        "house_built_year": rng.randrange(1985, 2018),
        "has_toilet": rng.random() < 0.8,
        "main_fuel": pick(rng, (("01", 6), ("03", 1), ("04", 4))),
    }


def _income(
    rng: Random, family: Family, members: list[dict[str, Any]], year: int, luck: float, strapped: float
) -> dict[str, Any]:
    """The worksheet: a target per head, split over the items the household can have."""
    target = max(900.0, MEAN_INCOME[year] + luck + rng.gauss(0, 500))
    line = LINES[year]
    if strapped < SHORTFALL[year]:
        target = line * min(0.999, rng.triangular(0.35, 1.0, 0.97))
    elif target <= line * 1.01:
        target = line * rng.uniform(1.003, 1.35)
    net = target * len(members)
    expense = round(net * rng.uniform(0.03, 0.15), 2)
    transfers = {
        "tr_pension": 1300.0 * sum(1 for person in family.people if _age(person, year) >= OLD),
        "tr_dibao": 2400.0 * min(2, len(members)) if family.attr == "04" else 0.0,
        "tr_eco": float(rng.choice((0, 0, 300, 450))),
    }
    transfers = {name: min(amount, net * 0.3) for name, amount in transfers.items()}
    rest = net + expense - sum(transfers.values())
    works = any(member["work_months"] for member in members)
    wage = rest * rng.uniform(0.5, 0.8) if works else 0.0
    business = (rest - wage) * rng.uniform(0.7, 0.95)
    items = {"wage_income": wage, "business_income": business, "property_income": rest - wage - business} | transfers
    items |= {"tr_family_planning": 0.0, "tr_wubao": 0.0, "tr_other": 0.0, "business_expense": expense}
    return {name: Decimal(f"{amount:.2f}") for name, amount in items.items()}


def _guarantees(rng: Random, year: int) -> dict[str, Any]:
    """The two worries and three guarantees, better from year to year."""
    worry = WORRIES[year]
    grade = pick(rng, (("A", 55), ("B", 40), ("C", 2.2 * worry), ("D", 1.2 * worry)))
    return {
        "food": rng.random() > 0.002 * worry,
        "clothing": rng.random() > 0.002 * worry,
        "house_grade": grade,
        "house_security": "01" if grade in {"C", "D"} and rng.random() < 0.1 else "",
        "water_safe": rng.random() > 0.019 * worry,
        "power_living": rng.random() > 0.001,
        "broadcast": rng.random() > 0.01,
        "surveyed_on": date(year, rng.randrange(7, 10), rng.randrange(1, 29)),
        "surveyors": "驻村工作队",
    }


FORGOTTEN = (
    ("water_safe", 5),
    ("house_grade", 3),
    ("food", 1),
    ("clothing", 1),
    ("main_fuel", 6),
    ("entry_road", 4),
    ("house_area_m2", 4),
    ("has_toilet", 4),
    ("tr_other", 5),
    ("surveyed_on", 6),
)


def _forget(rng: Random, record: dict[str, Any], year: int) -> dict[str, Any]:
    """Leave something unrecorded now and then, as people do."""
    if rng.random() < UNRECORDED[year]:
        name = pick(rng, FORGOTTEN)
        record[name] = "" if name in {"house_grade", "main_fuel", "entry_road"} else None
    return record
