"""Due for whoever handles objections: the open ones by deadline, overdue ones first."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import QuerySet
from django.urls import reverse

from households.models import Objection
from households.procedures.engine import clock
from households.procedures.lists.selectors import due_objections
from households.procedures.objections.selectors import STEPS
from povreg.kit.workbench import Due, Rank, Viewer, inside, offer
from villages.models import User
from villages.rights import Role
from villages.rights.ready import ReadyFor

SHOWN = 5
ACTIONS = {"assign": "分办", "investigate": "登记核查情况", "decide": "作出决定", "answer": "答复"}


def _open(user: User, *, role: str, most: int | None) -> QuerySet[Objection]:
    return due_objections(user).filter(inside(user, role, "place_id"))[:most]


OPEN = ReadyFor(_open)


@offer(Role.VILLAGE_CADRE, Role.TOWNSHIP_OFFICER, Role.COUNTY_OFFICER)
def objections(viewer: Viewer) -> Sequence[Due]:
    """The most pressing objections one by one, and where the others are."""
    latest = OPEN(viewer.user, role=viewer.role, most=SHOWN + 1)
    dues = [due(row) for row in latest[:SHOWN]]
    if len(latest) > SHOWN:
        count = OPEN.count(viewer.user, role=viewer.role, most=None)
        dues.append(Due(f"异议共 {count} 件未办结", reverse("objections"), "查看全部", rank=Rank.SOON))
    return dues


def due(row: Objection) -> Due:
    left = clock.left(row.due_on, "working")
    return Due(
        f"{row.place}{row.notice}的异议",
        reverse("objection", args=[row.pk]),
        ACTIONS[STEPS[Objection.State(row.state)]],
        f"{row.get_state_display()}，{row.received_on.month}月{row.received_on.day}日收到",
        tag=str(left),
        tone="fail" if left.is_overdue else "warn",
        rank=Rank.OVERDUE if left.is_overdue else Rank.SOON,
    )
