"""The appraisal sheet: one row a helper, with what the register counts and what the office said."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import django_filters
from django.db.models import Count, Q, QuerySet, Sum
from django.urls import reverse
from django.utils import timezone

from assistance.appraisal.forms import AppraiseForm
from assistance.models import HelperAppraisal, Measure, Pairing, Visit
from povreg.kit.pages import filters
from povreg.kit.pages.columns import FIGURE, NUMBER, TITLE, UNDER, Column
from povreg.kit.pages.listing import Ask, Empty, Listing, RowAction, Sheet
from povreg.kit.sheets.kinds import Yuan
from villages.models import User
from villages.rights import Right

MONEY = Yuan()


def helpers(user: User) -> QuerySet[User]:
    """Accounts of the person's places that help a household today."""
    paired = Pairing.objects.visible_to(user).today().values("helper")
    return User.objects.filter(pk__in=paired).select_related("unit", "place").order_by("place_id", "name", "pk")


def put_counts(rows: Sequence[Any], user: User) -> None:
    """What each helper did this year for the households he helps today, and how he was graded."""
    year = timezone.localdate().year
    ids = [row.pk for row in rows]
    pairs = Pairing.objects.today().filter(helper__in=ids).order_by()
    homes: dict[int, set[int]] = {}
    for helper, household in pairs.values_list("helper", "household"):
        homes.setdefault(helper, set()).add(household)
    every = {household for found in homes.values() for household in found}
    visits = visits_of(ids, every, year)
    measures = measures_of(every, year)
    grades = {row.helper_id: row for row in HelperAppraisal.objects.filter(helper__in=ids, year=year)}
    for row in rows:
        own = homes.get(row.pk, set())
        row.homes = len(own)
        row.visit_count = sum(visits.get((row.pk, home), 0) for home in own)
        row.unvisited = sum((row.pk, home) not in visits for home in own)
        row.measure_count = sum(measures.get(home, (0, 0))[0] for home in own)
        row.measure_amount = sum(measures.get(home, (0, 0))[1] for home in own)
        row.appraisal = grades.get(row.pk)


def visits_of(helpers: Sequence[int], households: set[int], year: int) -> dict[tuple[int, int], int]:
    rows = Visit.objects.standing().filter(by__in=helpers, household__in=households, visited_on__year=year)
    counted = rows.order_by().values_list("by", "household").annotate(n=Count("pk"))
    return {(helper, household): number for helper, household, number in counted}


def measures_of(households: set[int], year: int) -> dict[int, tuple[int, Any]]:
    rows = Measure.objects.standing().filter(household__in=households, delivered_on__year=year).order_by()
    found = rows.values_list("household").annotate(n=Count("pk"), sum=Sum("amount"))
    return {household: (number, amount or 0) for household, number, amount in found}


class AppraisalFilters(django_filters.FilterSet):
    q = filters.Typed("name", "unit__name", label="姓名或单位")
    graded = filters.YesNo(label="今年已考核", method="is_graded", help_text="true 只列今年已考核的")

    def is_graded(self, rows: QuerySet[User], name: str, value: bool) -> QuerySet[User]:
        this_year = Q(appraisals__year=timezone.localdate().year)
        return rows.filter(this_year) if value else rows.exclude(this_year)


def satisfied(row: Any) -> str:
    found = row.appraisal
    return f"{found.content}/{found.asked}" if found and found.asked else ""


def unit_of(row: Any) -> str:
    return row.unit.name if row.unit else ""


def summary(row: Any) -> str:
    return f"{row.name}：帮扶 {row.homes} 户，走访 {row.visit_count} 次，措施 {row.measure_count} 项。"


def may(row: Any, user: User) -> bool:
    return row.pk != user.pk and user.can(Right.HELPER_APPRAISE)


APPRAISALS = Listing(
    code="appraisals",
    title="帮扶考核",
    subtitle="今年的走访、措施和满意度，逐人一行，可导出作年度考核依据",
    heading="帮扶责任人",
    unit="人",
    rights=(Right.HELPER_APPRAISE,),
    rows=helpers,
    columns=(
        Column("name", "姓名", phone=TITLE, width=14,
               link=lambda row, user: f"{reverse('helper-work')}?helper={row.pk}"),
        Column("unit_name", "单位", unit_of, blank="未登记", phone=UNDER, width=24),
        Column("homes", "帮扶户", kind=NUMBER),
        Column("visit_count", "走访次数", kind=NUMBER, phone=FIGURE),
        Column("unvisited", "今年没走访的户", kind=NUMBER),
        Column("measure_count", "措施", kind=NUMBER),
        Column("measure_amount", "措施金额（元）", kind=MONEY),
        Column("satisfied", "满意/问到", satisfied, blank="未问"),
        Column("grade", "等次", lambda row: row.appraisal.get_grade_display() if row.appraisal else "", blank="未考核"),
        Column("remark", "评语", lambda row: row.appraisal.remark if row.appraisal else "", on_page=False, width=30),
    ),
    filters=AppraisalFilters,
    bar=("q", "graded"),
    personal=("q",),
    fetch=put_counts,
    row_actions=(
        RowAction("appraise", "考核", lambda row: reverse("appraise", args=[row.pk]), may=may,
                  ask=Ask("年度考核", summary,
                          form=lambda row: AppraiseForm(helper=row))),
    ),
    empty=Empty("还没有帮扶责任人", "先在“结对”里安排。"),
    sheet=Sheet(Right.EXPORT, "帮扶考核", lambda user: [("年度", str(timezone.localdate().year))]),
)  # fmt: skip

LISTS = (APPRAISALS,)
