"""What stands still in a leader's places: lists and objections whose day has passed, the longest first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Min
from django.urls import reverse

from households.models import Batch, Objection
from households.procedures.engine import clock
from povreg.kit.workbench import Due, Link, Rank, Viewer, offer
from villages.rights import Role

SHOWN = 3


@offer(Role.COUNTY_LEADER)
def lists_late(viewer: Viewer) -> Sequence[Due]:
    """Running lists that nobody moved in time, each leading to itself, and all of its kind on the board."""
    rows = Batch.objects.visible_to(viewer.user).filter(viewer.inside("place_id"), state=Batch.State.RUNNING)
    late = rows.filter(due_on__lt=clock.today()).select_related("place", "step", "template").order_by("due_on", "pk")
    found = list(late[: SHOWN + 1])
    if not found:
        return []
    count = late.count() if len(found) > SHOWN else len(found)
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


@offer(Role.COUNTY_LEADER)
def objections_late(viewer: Viewer) -> Sequence[Due]:
    """Objections that nobody has answered in time."""
    rows = Objection.objects.visible_to(viewer.user).open().filter(viewer.inside("place_id"))
    found = rows.filter(due_on__lt=clock.today()).order_by().aggregate(count=Count("pk"), first=Min("due_on"))
    if not found["count"]:
        return []
    url, text = f"{reverse('objections')}?state=overdue", "没有答复的异议挡住名单，也失信于群众。"
    title = f"{found['count']} 件异议逾期没有答复"
    return [Due(title, url, "看异议", text, longest(found["first"]), "fail", Rank.OVERDUE)]
