"""The appraisal of support units: what the people a unit sent did this year, in as many statements for many units as
for few."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import django_filters
from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from assistance.appraisal.lists import measures_of, visits_of
from assistance.models import HelperAppraisal, Pairing
from povreg.kit.pages import filters
from povreg.kit.pages.columns import FIGURE, NUMBER, TITLE, UNDER, Column
from povreg.kit.pages.listing import Empty, Listing, Sheet
from povreg.kit.sheets.kinds import Yuan
from villages.models import Unit, User
from villages.rights import Right

Grade = HelperAppraisal.Grade


def units(user: User) -> QuerySet[Unit]:
    """Units whose people help a household of the person's places today."""
    sent = Pairing.objects.visible_to(user).today().values("helper__unit")
    rows = Unit.objects.filter(pk__in=sent).annotate(village_count=Count("villages", distinct=True))
    return rows.order_by("name", "pk")


def put_counts(rows: Sequence[Any], user: User) -> None:
    """What the people of each unit did this year for the households they help today. Households count once a unit."""
    year = timezone.localdate().year
    pairs = Pairing.objects.visible_to(user).today().filter(helper__unit__in=[row.pk for row in rows]).order_by()
    of_unit: dict[int, set[tuple[int, int]]] = {}
    for unit, helper, household in pairs.values_list("helper__unit", "helper", "household"):
        of_unit.setdefault(unit, set()).add((helper, household))
    helpers = {helper for found in of_unit.values() for helper, _home in found}
    homes = {home for found in of_unit.values() for _helper, home in found}
    visits, measures = visits_of(list(helpers), homes, year), measures_of(homes, year)
    grades = {row.helper_id: row for row in HelperAppraisal.objects.filter(helper__in=helpers, year=year)}
    for row in rows:
        own = of_unit.get(row.pk, set())
        put_on(row, own, visits)
        row.measure_count = sum(measures.get(home, (0, 0))[0] for home in {home for _helper, home in own})
        amounts = (measures.get(home, (0, Decimal(0)))[1] for home in {home for _helper, home in own})
        row.measure_amount = sum(amounts, Decimal(0))
        told = [grades[helper] for helper in {helper for helper, _home in own} if helper in grades]
        row.asked, row.content = sum(each.asked for each in told), sum(each.content for each in told)
        row.graded, row.poor = len(told), sum(each.grade == Grade.POOR for each in told)


def put_on(row: Any, own: set[tuple[int, int]], visits: dict[tuple[int, int], int]) -> None:
    seen = {home for helper, home in own if (helper, home) in visits}
    homes = {home for _helper, home in own}
    row.helpers = len({helper for helper, _home in own})
    row.homes, row.unvisited = len(homes), len(homes - seen)
    row.visit_count = sum(visits.get(each, 0) for each in own)


class UnitFilters(django_filters.FilterSet):
    q = filters.Typed("name", label="单位名称")
    graded = filters.YesNo(label="今年有人考核", method="is_graded", help_text="true 只列今年有人考核过的单位")

    def is_graded(self, rows: QuerySet[Unit], name: str, value: bool) -> QuerySet[Unit]:
        graded = HelperAppraisal.objects.filter(year=timezone.localdate().year).values("helper__unit")
        condition = Q(pk__in=graded)
        return rows.filter(condition) if value else rows.exclude(condition)


def graded_words(row: Any) -> str:
    if not row.graded:
        return ""
    return f"{row.graded} 人" + (f"，其中较差 {row.poor} 人" if row.poor else "")


UNITS = Listing(
    code="unit-appraisals",
    title="单位考核",
    subtitle="各单位派出的帮扶责任人今年做了什么；一户一个单位只计一次",
    heading="单位",
    unit="个单位",
    rights=(Right.HELPER_APPRAISE,),
    rows=units,
    columns=(
        Column("name", "单位", phone=TITLE, width=26,
               link=lambda row, user: f"{reverse('helper-work')}?unit={row.pk}"),
        Column("village_count", "帮扶村", kind=NUMBER),
        Column("helpers", "帮扶责任人", kind=NUMBER),
        Column("homes", "帮扶户", kind=NUMBER),
        Column("visit_count", "走访次数", kind=NUMBER, phone=FIGURE),
        Column("unvisited", "今年没走访的户", kind=NUMBER),
        Column("measure_count", "措施", kind=NUMBER),
        Column("measure_amount", "措施金额（元）", kind=Yuan()),
        Column("satisfied", "满意/问到", lambda row: f"{row.content}/{row.asked}" if row.asked else "", blank="未问"),
        Column("graded_words", "已考核", graded_words, blank="未考核", phone=UNDER),
    ),
    filters=UnitFilters,
    bar=("q", "graded"),
    personal=("q",),
    fetch=put_counts,
    empty=Empty("还没有单位派人帮扶", "先登记干部的单位，再在“结对”里安排。"),
    sheet=Sheet(Right.EXPORT, "单位考核", lambda user: [("年度", str(timezone.localdate().year))]),
)  # fmt: skip

LISTS = (UNITS,)
