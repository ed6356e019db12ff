"""Completeness: the same declaration counted in Python and in SQL, and what a section asks for."""

import random
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection

from households.register import completeness
from households.register.logic.facts import gather
from tests import factories as make

pytestmark = pytest.mark.django_db
YEAR = 2020


def in_sql(where="true"):
    with connection.cursor() as cursor:
        cursor.execute(completeness.statement(where), {"year": YEAR})
        return {row[0]: (row[1], row[2], row[3]) for row in cursor.fetchall()}


def in_python(house):
    counts = completeness.count(gather(house, YEAR)).values()
    gaps = [count.section for count in counts if not count.complete]
    return gaps, sum(count.filled for count in counts), sum(count.total for count in counts)


def anything(chance, *values):
    """One of the values, or blank."""
    return chance.choice((*values, None))


def some_household(chance):
    """A household with any mixture of recorded and blank facts, members of all ages, some gone."""
    house = make.household(
        phone=anything(chance, "13800001234") or "",
        main_cause=anything(chance, "01") or "",
        household_attr=anything(chance, "01") or "",
        is_martyr_family=anything(chance, True, False),
        identified_on=anything(chance, date(2014, 1, 1)),
    )
    for number in range(chance.randint(0, 5)):
        left = anything(chance, date(2020, 9, 30), date(2020, 10, 1), date(2019, 1, 1)) if number else None
        person = make.member(
            house,
            birth_date=date(chance.randint(1945, 2020), chance.choice((8, 9)), chance.choice((1, 2, 30))),
            joined_on=anything(chance, date(2014, 1, 1), left or date(2020, 12, 1)),
            left_on=left,
            left_reason="02" if left else "",
            **{name: anything(chance, "01", "04") or "" for name in ("health", "labour", "ethnicity", "education")},
            school_status=anything(chance, "01", "03", "07") or "",
        )
        if chance.random() < 0.7:
            make.member_year(
                person,
                YEAR,
                **{name: anything(chance, "01", "04") or "" for name in ("health", "labour", "school_status")},
                dropout_reason=anything(chance, "01") or "",
                ins_resident=anything(chance, True, False),
                ins_employee=anything(chance, False),
            )
    if chance.random() < 0.8:
        make.annual_record(
            house,
            YEAR,
            food=anything(chance, True, False),
            water_safe=anything(chance, True),
            water_quality=anything(chance, True),
            house_grade=anything(chance, "A", "C") or "",
            house_security=anything(chance, "01") or "",
            house_area_m2=anything(chance, Decimal("80.5")),
            main_fuel=anything(chance, "01") or "",
            wage_income=anything(chance, Decimal(0), Decimal(100)),
        )
    if chance.random() < 0.4:
        make.attachment(house, kind=chance.choice(("01", "06")))
    return house


def test_python_and_sql_agree_on_generated_households():
    chance = random.Random(20260101)
    houses = [some_household(chance) for _number in range(150)]
    sets = in_sql()
    for house in houses:
        assert tuple(sets[house.pk]) == in_python(house), house.pk


def test_a_complete_entry_has_no_gap():
    house = make.household(
        members=1,
        **dict.fromkeys(("address", "phone", "bank_name", "bank_account"), "x"),
        poverty_standard="1",
        household_attr="01",
        is_martyr_family=False,
        is_only_child_family=False,
        is_two_daughter_family=False,
    )
    house.members.update(education="03")
    make.member_year(house.members.get(), labour="01")
    money = dict.fromkeys(
        ("property_income", "tr_family_planning", "tr_dibao", "tr_wubao", "tr_eco", "tr_other"), Decimal(0)
    )
    living = dict.fromkeys(("arable_mu", "irrigated_mu", "forest_mu", "main_road_km", "house_area_m2"), Decimal(1))
    said = dict.fromkeys(("in_coop", "power_production", "water_difficult", "has_toilet"), True)
    codes = {"entry_road": "03", "house_structure": "2", "main_fuel": "04"}
    make.annual_record(house, surveyed_on=date(2020, 9, 1), **money, **living, **said, **codes)
    gaps, filled, total = in_python(house)
    assert gaps == [] and filled == total
    assert tuple(in_sql()[house.pk]) == (gaps, filled, total)


def test_what_is_missing_is_named():
    house = make.household(members=1)
    counts = completeness.count(gather(house, YEAR))
    assert "联系电话" in counts["basic"].missing
    assert "王明海 医保" in counts["members"].missing
    assert "住房等级或保障方式" in counts["guarantees"].missing
    assert counts["files"].complete


def test_a_bad_house_wants_a_picture():
    house = make.household(members=1)
    make.annual_record(house, house_grade="C")
    assert not completeness.count(gather(house, YEAR))["files"].complete
    make.attachment(house, kind="02")
    assert completeness.count(gather(house, YEAR))["files"].complete
