"""Sixty varied households in two villages of two townships, one poor and one not, with everything figures look at.

Every fact is drawn from its code table or left blank; a fixed seed, so a failure repeats.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from households.eligibility.assess import recompute
from households.models import AnnualRecord, Household, Member, MemberYear
from povreg.kit.fields import CodeField
from tests import factories as make
from villages.codes.selectors import labels

YEAR = make.YEAR
POOR, OTHER = make.VILLAGE, "500154202200"
HOUSEHOLD_CODES = ("household_attr", "household_type", "exit_status", "main_cause", "monitor_type")
MEMBER_CODES = (
    "sex", "ethnicity", "political", "education", "school_status", "health", "labour", "work_place",
)  # fmt: skip
YEAR_CODES = ("school_status", "health", "labour", "work_place", "dibao")
RECORD_CODES = ("house_grade", "house_structure", "entry_road", "main_fuel")
RECORD_ANSWERS = (
    "food", "clothing", "water_safe", "water_difficult", "power_living", "power_production", "broadcast", "has_toilet",
    "in_coop",
)  # fmt: skip
AMOUNTS = (
    "wage_income", "business_income", "property_income", "tr_family_planning", "tr_dibao", "tr_wubao", "tr_pension",
    "tr_eco", "tr_other", "business_expense",
)  # fmt: skip
LAND = ("arable_mu", "irrigated_mu", "forest_mu", "grain_to_green_mu", "orchard_mu", "pasture_mu", "water_mu")


def fill(households: int = 60, year: int = YEAR) -> None:
    """Households, people and records of ``year``, judged; besides them some that must not be counted."""
    draw = random.Random(20201121)
    make.place(OTHER)
    make.village_profile(POOR, is_poor=True)
    for number in range(households):
        _household(draw, (POOR, OTHER)[number % 2], number, year)
    for uncounted in ({"removed_on": date(2019, 5, 1)}, {"in_register": False}):
        row = make.household(POOR, members=2, **uncounted)
        make.annual_record(row, year)
    make.poverty_line("6000", year=year, kind="provincial", place=make.place(make.COUNTY))
    recompute(make.COUNTY, year)
    late = make.household(OTHER, members=1)  # entered since: not judged
    make.annual_record(late, year)


def _household(draw: random.Random, village: str, number: int, year: int) -> None:
    facts: dict[str, Any] = _codes(draw, Household, HOUSEHOLD_CODES)
    facts["other_causes"] = draw.sample(sorted(labels("cause")), draw.randint(0, 3))
    row = make.household(village, **facts)
    if draw.random() < 0.85:
        make.annual_record(row, year, **_record(draw))
    make.annual_record(row, year - 1, house_grade="D", wage_income=Decimal("1"))
    for place in range(number % 8):
        _member(draw, row, place, year)


def _record(draw: random.Random) -> dict[str, Any]:
    facts: dict[str, Any] = _codes(draw, AnnualRecord, RECORD_CODES)
    facts |= {name: draw.choice((True, False, None)) for name in RECORD_ANSWERS}
    facts |= {name: _amount(draw, 9000) for name in AMOUNTS}
    facts |= {name: _amount(draw, 12) for name in LAND}
    facts["house_area_m2"] = draw.choice((None, Decimal("0"), Decimal("9.5"), Decimal("60"), Decimal("130")))
    facts["main_road_km"] = draw.choice((None, Decimal("0"), Decimal("1"), Decimal("4.5"), Decimal("21")))
    return facts


def _amount(draw: random.Random, most: int) -> Decimal | None:
    return draw.choice((None, Decimal(0), Decimal(draw.randint(1, most * 100)) / 100))


def _member(draw: random.Random, row: Household, place: int, year: int) -> None:
    facts: dict[str, Any] = _codes(draw, Member, MEMBER_CODES)
    born = date(year, 9, 30) - timedelta(days=draw.randint(-20, 90 * 365))
    facts["birth_date"] = draw.choice((born, born, born, draw.choice(_edges(year))))
    facts["work_months"] = draw.choice((None, 0, 1, 6, 12))
    facts["joined_on"] = draw.choice((None, date(2014, 1, 1), date(2014, 1, 1), date(year, 10, 1)))
    if draw.random() < 0.15:
        facts |= {"left_on": draw.choice((date(year, 9, 30), date(year, 10, 1))), "left_reason": "01"}
        facts["joined_on"] = facts["joined_on"] and min(facts["joined_on"], facts["left_on"])
    facts["relation"] = "01" if place == 0 else draw.choice(("02", "03", "04"))
    person = make.member(row, **facts)
    if draw.random() < 0.1:
        Member.objects.filter(pk=person.pk).update(birth_date=None)
    if draw.random() < 0.7:
        answers = {name: draw.choice((True, False, None)) for name in ("ins_resident", "pen_resident", "ins_major")}
        months = draw.choice((None, 0, 3, 9))
        make.member_year(person, year, **_codes(draw, MemberYear, YEAR_CODES), **answers, work_months=months)
    make.member_year(person, year - 1, health="03", labour="03")


def _edges(year: int) -> Sequence[date]:
    """Birthdays on and around the edges of the bands."""
    day = date(year, 9, 30)
    return [day.replace(year=year - age) + timedelta(days=more) for age in (6, 16, 60) for more in (0, 1)]


def _codes(draw: random.Random, model: type, names: Sequence[str]) -> dict[str, Any]:
    return {name: draw.choice(["", *sorted(labels(_table(model, name)))[:6]]) for name in names}


def _table(model: Any, name: str) -> str:
    field = model._meta.get_field(name)
    assert isinstance(field, CodeField)
    return field.code_table
