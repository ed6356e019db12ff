"""What an auditor looks at first: who took full identity numbers out, and what happened to households."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.db.models import Count
from django.utils import timezone

from households.find.addresses import household_page
from households.models import RegisterEvent, UnmaskLog
from povreg.kit.workbench import Cell, Figure, Listing, Viewer, offer
from povreg.overview.workbench.entry import day, head_names
from villages.codes.selectors import label
from villages.rights import Role

MONTH = timedelta(days=30)
WEEK = timedelta(days=7)
ROWS = 8


@offer(Role.AUDITOR)
def unmasked(viewer: Viewer) -> Sequence[Listing]:
    """Full identity numbers that were looked at or exported within a month, with the reasons given; of the checks for
    double entry only those above the daily number."""
    rows = UnmaskLog.objects.visible_to(viewer.user).filter(viewer.inside("place_id"))
    rows = rows.filter(at__gte=timezone.now() - MONTH).select_related("by", "place")
    rows = rows.exclude(what__startswith=UnmaskLog.CHECK, reason="")
    latest = list(rows[:ROWS])
    cells = [
        [
            Cell(log.by or "系统"),
            Cell(log.what),
            Cell(log.place),
            Cell(log.rows, number=True),
            Cell(log.reason),
            Cell(day(log.at)),
        ]
        for log in latest
    ]
    heads = ("经办人", "内容", "范围", "行数", "理由", "时间")
    empty = "近三十天没有人查看或导出完整证件号码。"
    return [Listing("完整证件号码的查看和导出", heads, cells, "近三十天", empty=empty)]


@offer(Role.AUDITOR)
def events(viewer: Viewer) -> Sequence[Listing | Figure]:
    """Changes of households and members registered within a week."""
    rows = RegisterEvent.objects.visible_to(viewer.user).filter(viewer.inside("village_id"))
    rows = rows.filter(created_at__gte=timezone.now() - WEEK)
    count = rows.aggregate(count=Count("pk"))["count"]
    latest = list(rows.select_related("village", "by").order_by("-created_at")[:ROWS])
    heads = head_names(event.household_id for event in latest)
    cells = [
        [
            Cell(heads.get(event.household_id, "户主未登记"), household_page(event.household_id, viewer.year)),
            Cell(event.village),
            Cell(kind_of(event)),
            Cell(event.reason or "未写明"),
            Cell(event.by or "系统"),
            Cell(day(event.created_at)),
        ]
        for event in latest
    ]
    titles = ("户主", "村", "变动", "原因", "登记人", "登记时间")
    return [Listing("新登记的变动", titles, cells, f"近七天 {count} 件", empty="近七天没有登记变动。")]


def kind_of(event: RegisterEvent) -> str:
    if event.member_change:
        return label("member_change", event.member_change)
    return label("household_change", event.household_change)
