"""The list of public posts."""

from __future__ import annotations

from datetime import date, timedelta

import django_filters
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from assistance.measures.lists import for_whom, term, who
from assistance.models import Measure
from assistance.running.posts.selectors import posts
from povreg.kit.pages import filters
from povreg.kit.pages.columns import FIGURE, NUMBER, TITLE, UNDER, Column, along, month_text, short_day_text
from povreg.kit.pages.listing import Empty, Listing, RowAction, Sheet
from villages.models import User
from villages.places.filters import InPlace
from villages.rights import Right

STATES = (("running", "在岗"), ("unnoted", "在岗，上月没有考勤"), ("ended", "已离岗"))


def last_month() -> date:
    """The first day of the month before this one."""
    return (timezone.localdate().replace(day=1) - timedelta(days=1)).replace(day=1)


class PostFilters(django_filters.FilterSet):
    place = InPlace(field_name="village_id", label="村")
    state = filters.Choice(choices=STATES, label="在岗", method="is_in_state")

    def is_in_state(self, rows: QuerySet[Measure], name: str, value: str) -> QuerySet[Measure]:
        running = Measure.objects.running().values("pk")
        if value == "ended":
            return rows.exclude(pk__in=running)
        rows = rows.filter(pk__in=running)
        month = last_month()
        before = rows.filter(delivered_on__lt=timezone.localdate().replace(day=1))
        return before.exclude(attendance__month=month) if value == "unnoted" else rows


def may_note(row: Measure, user: User) -> bool:
    return user.can(Right.MEASURE_EDIT, row.village_id)


POSTS = Listing(
    code="public-posts",
    title="公益性岗位",
    subtitle="谁在什么岗、协议到哪天、每月出勤；按村登记考勤",
    heading="岗位",
    unit="个岗位",
    rights=(Right.HOUSEHOLD_VIEW,),
    rows=posts,
    columns=(
        Column("member_name", "上岗人", for_whom, under=who, phone=TITLE, width=12,
               link=lambda row, user: reverse("household-measures", args=[row.household_id])),
        Column("village_name", "村", lambda row: str(row.village), under=along("village__parent"), width=14),
        Column("item_label", "岗位", along("item__label"), phone=UNDER, width=18),
        Column("delivered_on", "上岗", text=short_day_text, css="tabular"),
        Column("ends_on", "协议到期", text=short_day_text, under=term, css="tabular"),
        Column("months", "今年考勤（月）", kind=NUMBER, phone=FIGURE),
        Column("last_month", "最近考勤", text=month_text, blank="没有考勤"),
    ),
    filters=PostFilters,
    bar=("place", "state"),
    usual={"state": "running"},
    row_actions=(
        RowAction("month", "村考勤", lambda row: reverse("post-month", args=[int(row.village_id)]), may=may_note),
    ),
    empty=Empty("没有这样的岗位", "上岗的在“登记措施”里登记，选“公益性岗位”。"),
    sheet=Sheet(Right.EXPORT, "公益性岗位"),
)  # fmt: skip

LISTS = (POSTS,)
