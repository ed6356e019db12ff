"""Due for whoever a running list waits for: the step to do, the most pressing list first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db.models import QuerySet
from django.urls import reverse

from households.models import Batch
from households.procedures.engine import clock
from households.procedures.lists.selectors import due_batches
from povreg.kit.workbench import Due, Rank, Viewer, inside, offer
from villages.models import User
from villages.rights import Role
from villages.rights.ready import ReadyFor

SHOWN = 4


def _waiting(user: User, today: date, *, role: str, most: int | None) -> QuerySet[Batch]:
    return due_batches(user, today).filter(inside(user, role, "place_id"))[:most]


WAITING = ReadyFor(_waiting, date)


@offer(Role.VILLAGE_CADRE, Role.TOWNSHIP_OFFICER, Role.COUNTY_OFFICER)
def lists(viewer: Viewer) -> Sequence[Due]:
    """The most pressing lists one by one, and where the others are."""
    latest = WAITING(viewer.user, clock.today(), role=viewer.role, most=SHOWN + 1)
    dues = [due(row) for row in latest[:SHOWN]]
    if len(latest) > SHOWN:
        count = WAITING.count(viewer.user, clock.today(), role=viewer.role, most=None)
        dues.append(Due(f"共 {count} 份名单等您办理", reverse("procedures"), "查看全部", rank=Rank.SOON))
    return dues


def due(row: Batch) -> Due:
    left = clock.left(row.due_on, "working") if row.due_on else None
    overdue = left is not None and left.is_overdue
    return Due(
        f"{row.place}{row.template.get_kind_display()}名单",
        reverse("procedure", args=[row.pk]),
        "去办理",
        f"{row.year}年，当前步骤：{row.step.label}" if row.step else f"{row.year}年",
        tag=str(left) if left else "",
        tone="fail" if overdue else "warn",
        rank=Rank.OVERDUE if overdue else Rank.SOON,
    )
