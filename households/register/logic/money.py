"""Group 10: income, land, house, road (dictionary.md section 7)."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.utils import timezone

from households.models import AnnualRecord
from households.models.annual import WORKSHEET_FIELDS
from households.register.fields import LIVING_FACTS, verbose
from households.register.logic.facts import HouseholdFacts
from households.register.logic.rule import Hit, Severity, rule
from households.register.worksheet import net_income_sql, of_record

LAND = tuple(name for name in LIVING_FACTS if name.endswith("_mu"))
MEASURES = ("house_area_m2", "main_road_km")
AMOUNTS_SQL, LAND_SQL = (
    ", ".join(f"h.{name}" for name in names) for names in ((*WORKSHEET_FIELDS, *LAND, *MEASURES), LAND)
)
NET_SQL = f"({net_income_sql('h')})"
MOST_LAND = Decimal(200)
MOST_ARABLE_A_HEAD, MOST_FOREST_A_HEAD = Decimal(50), Decimal(70)
"""Mu."""
SMALL_AMOUNT = Decimal(100)
HIGHEST_INCOME = Decimal(100_000)
"""Yuan a head and year."""
FAR, TOO_FAR = Decimal(5), Decimal(50)
"""Kilometres to the village's main road."""


def _label(name: str) -> str:
    return verbose(AnnualRecord, name)


def _amounts(facts: HouseholdFacts, names: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    for name in names:
        amount = getattr(facts.record, name, None)
        if amount is not None:
            yield name, amount


@rule(
    "amount-negative",
    text="金额或面积是负数",
    sets=f"least({AMOUNTS_SQL}) < 0",
    group=10,
    severity=Severity.ERROR,
    fields=("annual.wage_income",),
)
def amount_negative(facts: HouseholdFacts) -> Iterator[Hit]:
    for name, amount in _amounts(facts, (*WORKSHEET_FIELDS, *LAND, *MEASURES)):
        if amount < 0:
            yield Hit(f"{_label(name)}不能是负数，请改正。", seen=(name, amount), field=f"annual.{name}")


@rule(
    "amount-small",
    text="全年金额不足 100 元",
    sets=" OR ".join(f"(h.{name} > 0 AND h.{name} < {SMALL_AMOUNT})" for name in WORKSHEET_FIELDS),
    group=10,
    severity=Severity.WARNING,
    fields=("annual.wage_income",),
)
def amount_small(facts: HouseholdFacts) -> Iterator[Hit]:
    """An item between 0 and 100 yuan a year was probably typed in another unit."""
    for name, amount in _amounts(facts, WORKSHEET_FIELDS):
        if 0 < amount < SMALL_AMOUNT:
            message = f"{_label(name)}全年只有 {amount} 元，请核对单位是不是“元”。"
            yield Hit(message, seen=(name, amount), field=f"annual.{name}")


@rule(
    "business-no-expense",
    text="有生产经营性收入，没有支出",
    sets="h.business_income <> 0 AND coalesce(h.business_expense, 0) = 0",
    group=10,
    severity=Severity.WARNING,
    fields=("annual.business_expense", "annual.business_income"),
)
def business_no_expense(facts: HouseholdFacts) -> Iterator[Hit]:
    record = facts.record
    if record and record.business_income and not record.business_expense:
        yield Hit(f"生产经营性收入 {record.business_income:,} 元而没有生产经营性支出，请填写种子、饲料等支出。")


@rule(
    "per-head",
    text="人均纯收入不大于 0 或超过 10 万元",
    sets=(
        f"h.people > 0 AND (round({NET_SQL} / h.people, 2) <= 0 OR round({NET_SQL} / h.people, 2) > {HIGHEST_INCOME})"
    ),
    group=10,
    severity=Severity.WARNING,
    fields=tuple(f"annual.{name}" for name in WORKSHEET_FIELDS),
)
def per_head(facts: HouseholdFacts) -> Iterator[Hit]:
    amount = of_record(facts.record, len(facts.people)).per_head
    if amount is None:
        return
    if amount <= 0:
        yield Hit(f"人均纯收入为 {amount:,} 元，不大于 0，请核对收入和支出。", seen=(amount,))
    elif amount > HIGHEST_INCOME:
        yield Hit(f"人均纯收入为 {amount:,} 元，超过 10 万元，请核对收入各项。", seen=(amount,))


@rule(
    "land-a-head",
    text="人均耕地或林地过多",
    sets=(
        f"h.people > 0 AND (h.arable_mu > {MOST_ARABLE_A_HEAD} * h.people "
        f"OR h.forest_mu > {MOST_FOREST_A_HEAD} * h.people)"
    ),
    group=10,
    severity=Severity.WARNING,
    fields=("annual.arable_mu",),
)
def land_a_head(facts: HouseholdFacts) -> Iterator[Hit]:
    for name, most in (("arable_mu", MOST_ARABLE_A_HEAD), ("forest_mu", MOST_FOREST_A_HEAD)):
        area = getattr(facts.record, name, None)
        if area is not None and facts.people and area > most * len(facts.people):
            message = f"{_label(name)}人均超过 {most} 亩，请核对单位是不是“亩”。"
            yield Hit(message, seen=(name, area, len(facts.people)), field=f"annual.{name}")


@rule(
    "land-large",
    text="土地面积超过 200 亩",
    sets=f"greatest({LAND_SQL}) > {MOST_LAND}",
    group=10,
    severity=Severity.WARNING,
    fields=("annual.arable_mu",),
)
def land_large(facts: HouseholdFacts) -> Iterator[Hit]:
    for name, area in _amounts(facts, LAND):
        if area > MOST_LAND:
            message = f"{_label(name)} {area} 亩，超过 {MOST_LAND} 亩，请核对单位是不是“亩”。"
            yield Hit(message, seen=(name, area), field=f"annual.{name}")


@rule(
    "land-irrigated",
    text="有效灌溉面积大于耕地面积",
    sets="h.irrigated_mu > h.arable_mu",
    group=10,
    severity=Severity.ERROR,
    fields=("annual.irrigated_mu", "annual.arable_mu"),
)
def land_irrigated(facts: HouseholdFacts) -> Iterator[Hit]:
    record = facts.record
    if record and None not in (record.irrigated_mu, record.arable_mu) and record.irrigated_mu > record.arable_mu:
        yield Hit(f"有效灌溉面积 {record.irrigated_mu} 亩大于耕地面积 {record.arable_mu} 亩，请改正其中一项。")


@rule(
    "land-returned",
    text="退耕还林面积大于林地面积",
    sets="h.grain_to_green_mu > h.forest_mu",
    group=10,
    severity=Severity.WARNING,
    fields=("annual.grain_to_green_mu", "annual.forest_mu"),
)
def land_returned(facts: HouseholdFacts) -> Iterator[Hit]:
    record = facts.record
    if record is None or None in (record.grain_to_green_mu, record.forest_mu):
        return
    if record.grain_to_green_mu > record.forest_mu:
        yield Hit("退耕还林面积大于林地面积，请核对（退耕还林计入林地）。")


@rule(
    "road-too-far",
    text="与村主干路距离超过 50 公里",
    sets=f"h.main_road_km > {TOO_FAR}",
    group=10,
    severity=Severity.ERROR,
    fields=("annual.main_road_km",),
)
def road_too_far(facts: HouseholdFacts) -> Iterator[Hit]:
    for _name, distance in _amounts(facts, ("main_road_km",)):
        if distance > TOO_FAR:
            yield Hit(f"与村主干路距离 {distance} 公里，超过 50 公里，请核对是否把“米”填成了“公里”。")


@rule(
    "road-far",
    text="与村主干路距离超过 5 公里",
    sets=f"h.main_road_km > {FAR} AND h.main_road_km <= {TOO_FAR}",
    group=10,
    severity=Severity.WARNING,
    fields=("annual.main_road_km",),
)
def road_far(facts: HouseholdFacts) -> Iterator[Hit]:
    for _name, distance in _amounts(facts, ("main_road_km",)):
        if FAR < distance <= TOO_FAR:
            yield Hit(f"与村主干路距离 {distance} 公里，超过 5 公里，请核对。")


@rule(
    "house-area",
    text="住房面积为 0 或人均过大",
    sets=("h.house_area_m2 = 0 OR (h.people > 0 AND h.house_area_m2 > 200 AND h.house_area_m2 > 100 * h.people)"),
    group=10,
    severity=Severity.WARNING,
    fields=("annual.house_area_m2",),
)
def house_area(facts: HouseholdFacts) -> Iterator[Hit]:
    """No area at all, or more than 100 square metres a head above 200."""
    for _name, area in _amounts(facts, ("house_area_m2",)):
        if area == 0:
            yield Hit("住房面积为 0，请核对；没有住房的请在住房保障方式里说明住在哪里。")
        elif facts.people and area > 200 and area > 100 * len(facts.people):
            yield Hit(f"住房面积 {area} 平方米，人均超过 100 平方米，请核对。", seen=(len(facts.people),))


@rule(
    "house-year",
    text="建房年份不对",
    sets="h.house_built_year NOT BETWEEN 1800 AND extract(year FROM register_today())",
    group=10,
    severity=Severity.ERROR,
    fields=("annual.house_built_year",),
)
def house_year(facts: HouseholdFacts) -> Iterator[Hit]:
    for _name, year in _amounts(facts, ("house_built_year",)):
        if not 1800 <= year <= timezone.localdate().year:
            yield Hit(f"建房年份 {year} 不对，请填写四位年份，不晚于今年。")


@rule(
    "survey-date",
    text="调查日期不在调查期内",
    sets="h.surveyed_on > register_today() OR extract(year FROM h.surveyed_on) < %(year)s - 1",
    group=10,
    severity=Severity.ERROR,
    fields=("annual.surveyed_on",),
)
def survey_date(facts: HouseholdFacts) -> Iterator[Hit]:
    day = facts.record.surveyed_on if facts.record else None
    if day and (day > timezone.localdate() or day.year < facts.year - 1):
        yield Hit(f"调查日期 {day} 不在 {facts.year} 年度的调查期内，请核对。")
