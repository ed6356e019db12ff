"""What an auditor looks at first: who took full identity numbers out, and what happened to households."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from households.find.addresses import household_page
from households.models import RegisterEvent, UnmaskLog
from households.models.member import head_name
from povreg.kit.workbench import Cell, Figure, Listing, Viewer, inside, offer
from povreg.overview.workbench.entry import day
from villages.codes.selectors import label
from villages.models import User
from villages.rights import Role
from villages.rights.ready import ReadyFor

MONTH = timedelta(days=30)
WEEK = timedelta(days=7)
ROWS = 8


def _unmasked(user: User, since: datetime, *, role: str) -> QuerySet[UnmaskLog]:
    rows = UnmaskLog.objects.visible_to(user).filter(inside(user, role, "place_id"), at__gte=since)
    return rows.exclude(what__startswith=UnmaskLog.CHECK, reason="").select_related("by", "place")[:ROWS]


UNMASKED = ReadyFor(_unmasked, datetime)


@offer(Role.AUDITOR)
def unmasked(viewer: Viewer) -> Sequence[Listing]:
    """Full identity numbers that were looked at or exported within a month, with the reasons given; of the checks for
    double entry only those above the daily number."""
    cells = [
        [
            Cell(log.by or "系统"),
            Cell(log.what),
            Cell(log.place),
            Cell(log.rows, number=True),
            Cell(log.reason),
            Cell(day(log.at)),
        ]
        for log in UNMASKED(viewer.user, timezone.now() - MONTH, role=viewer.role)
    ]
    heads = ("经办人", "内容", "范围", "行数", "理由", "时间")
    empty = "近三十天没有人查看或导出完整证件号码。"
    return [Listing("完整证件号码的查看和导出", heads, cells, "近三十天", empty=empty)]


def _events(user: User, since: datetime, *, role: str, most: int | None) -> QuerySet[RegisterEvent]:
    rows = RegisterEvent.objects.visible_to(user).filter(inside(user, role, "village_id"), created_at__gte=since)
    rows = rows.annotate(head=head_name("household_id")).select_related("village", "by")
    return rows.order_by("-created_at")[:most]


EVENTS = ReadyFor(_events, datetime)


@offer(Role.AUDITOR)
def events(viewer: Viewer) -> Sequence[Listing | Figure]:
    """Changes of households and members registered within a week."""
    since = timezone.now() - WEEK
    latest = EVENTS(viewer.user, since, role=viewer.role, most=ROWS)
    more = len(latest) == ROWS
    count = EVENTS.count(viewer.user, since, role=viewer.role, most=None) if more else len(latest)
    cells = [
        [
            Cell(event.head or "户主未登记", household_page(event.household_id, viewer.year)),
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
