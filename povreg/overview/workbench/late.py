"""What stands still in a leader's places: lists and objections whose day has passed, the longest first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Min, QuerySet
from django.urls import reverse

from households.models import Batch, Objection
from households.procedures.engine import clock
from povreg.kit.prepared import summed
from povreg.kit.workbench import Due, Link, Rank, Viewer, inside, offer
from villages.models import User
from villages.rights import Role
from villages.rights.ready import ReadyFor

SHOWN = 3


def _lists(user: User, today: date, *, role: str, most: int | None) -> QuerySet[Batch]:
    rows = Batch.objects.visible_to(user).filter(inside(user, role, "place_id"), state=Batch.State.RUNNING)
    late = rows.filter(due_on__lt=today).select_related("place", "step", "template")
    return late.order_by("due_on", "pk")[:most]


LISTS = ReadyFor(_lists, date)


@offer(Role.COUNTY_LEADER)
def lists_late(viewer: Viewer) -> Sequence[Due]:
    """Running lists that nobody moved in time, each leading to itself, and all of its kind on the board."""
    today = clock.today()
    found = LISTS(viewer.user, today, role=viewer.role, most=SHOWN + 1)
    if not found:
        return []
    more = len(found) > SHOWN
    count = LISTS.count(viewer.user, today, role=viewer.role, most=None) if more else len(found)
    first = found[0]
    board = {"kind": first.kind, "year": first.year, "bucket": "all"}
    return [
        Due(
            f"{count} 份名单逾期没有办理",
            f"{reverse('procedures')}?{urlencode(board)}",
            "看名单",
            "请过问承办的村、乡镇或部门。",
            longest(first.due_on),
            "fail",
            Rank.OVERDUE,
            links=[link_to(row) for row in found[:SHOWN]],
        )
    ]


def longest(day: Any) -> str:
    return f"最久 {(clock.today() - day).days} 天"


def link_to(row: Batch) -> Link:
    step = f"：{row.step.label}" if row.step else ""
    return Link(f"{row.place}{row.template.get_kind_display()}{step}", reverse("procedure", args=[row.pk]))


def _objections(user: User, today: date, *, role: str) -> QuerySet[Any, Any]:
    rows = Objection.objects.visible_to(user).open().filter(inside(user, role, "place_id"), due_on__lt=today)
    return summed(rows, count=Count("pk"), first=Min("due_on"))


OBJECTIONS = ReadyFor(_objections, date)


@offer(Role.COUNTY_LEADER)
def objections_late(viewer: Viewer) -> Sequence[Due]:
    """Objections that nobody has answered in time."""
    found = OBJECTIONS.sums(viewer.user, clock.today(), role=viewer.role)
    if not found["count"]:
        return []
    url, text = f"{reverse('objections')}?state=overdue", "没有答复的异议挡住名单，也失信于群众。"
    title = f"{found['count']} 件异议逾期没有答复"
    return [Due(title, url, "看异议", text, longest(found["first"]), "fail", Rank.OVERDUE)]
