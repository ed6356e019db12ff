"""What each helper did for each of his households this year: what stands behind an appraisal, taken away by cadre."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import django_filters
from django.db.models import Count, Max
from django.urls import reverse
from django.utils import timezone

from assistance.appraisal.lists import measures_of
from assistance.models import Pairing, Plan, Visit
from households.models.member import head_name
from povreg.kit.pages import filters
from povreg.kit.pages.columns import FIGURE, NUMBER, TITLE, UNDER, Column, along, short_day_text
from povreg.kit.pages.listing import Empty, Listing, Sheet
from povreg.kit.sheets.kinds import Yuan
from villages.models import User
from villages.places.filters import InPlace
from villages.rights import Right


def pairs(user: User) -> Any:
    """Today's pairings of the person's places, helper by helper."""
    rows = Pairing.objects.visible_to(user).today().select_related("helper__unit", "village__parent", "household")
    return rows.annotate(head_name=head_name("household_id")).order_by(
        "helper__name", "helper_id", "household_id", "pk"
    )


def put_work(rows: Sequence[Any], user: User) -> None:
    """Visits and measures of the year, the plan. Three statements."""
    year = timezone.localdate().year
    homes = {row.household_id for row in rows}
    seen = Visit.objects.standing().filter(by__in={row.helper_id for row in rows}, household__in=homes)
    listed = seen.filter(visited_on__year=year).order_by().values_list("by", "household")
    visits = {(by, home): (n, last) for by, home, n, last in listed.annotate(n=Count("pk"), last=Max("visited_on"))}
    measures = measures_of(homes, year)
    plans = Plan.objects.filter(household__in=homes, year=year, state=Plan.State.AGREED)
    planned = set(plans.values_list("household_id", flat=True))
    for row in rows:
        row.visit_count, row.last_visit = visits.get((row.helper_id, row.household_id), (0, None))
        row.measure_count, row.measure_amount = measures.get(row.household_id, (0, 0))
        row.has_plan = row.household_id in planned


class WorkFilters(django_filters.FilterSet):
    place = InPlace(field_name="village_id", label="村")
    helper = filters.Whole(field_name="helper_id", label="帮扶责任人", help_text="账号 id")
    unit = filters.Whole(field_name="helper__unit_id", label="单位", help_text="单位 id")
    q = filters.Typed("helper__name", "helper__unit__name", label="责任人或单位")


WORK = Listing(
    code="helper-work",
    title="帮扶逐户情况",
    subtitle="每名帮扶责任人今年对每一户做了什么；点“考核”里的姓名看一个人的，可逐人导出",
    heading="责任人和户",
    unit="户",
    rights=(Right.HELPER_APPRAISE,),
    rows=pairs,
    columns=(
        Column("helper_name", "帮扶责任人", along("helper__name"), phone=TITLE,
               under=lambda row: row.helper.unit.name if row.helper.unit else "", width=14),
        Column("who", "农户", along("head_name"), under=along("household__household_no"), phone=UNDER,
               link=lambda row, user: reverse("household", args=[row.household_id]), width=16),
        Column("village_name", "村", lambda row: str(row.village), under=along("village__parent")),
        Column("starts_on", "结对时间", text=short_day_text, css="tabular"),
        Column("visit_count", "走访次数", kind=NUMBER, phone=FIGURE),
        Column("last_visit", "最近走访", text=short_day_text, blank="没有走访", css="tabular"),
        Column("has_plan", "一户一策"),
        Column("measure_count", "措施", kind=NUMBER),
        Column("measure_amount", "措施金额（元）", kind=Yuan()),
    ),
    filters=WorkFilters,
    bar=("q", "place"),
    personal=("q",),
    fetch=put_work,
    empty=Empty("没有结对", "先在“结对”里安排。"),
    sheet=Sheet(Right.EXPORT, "帮扶逐户情况", lambda user: [("年度", str(timezone.localdate().year))]),
)  # fmt: skip

LISTS = (WORK,)
