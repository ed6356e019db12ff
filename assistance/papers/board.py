"""What of papers is due, for the workbench."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Count, Min, QuerySet
from django.urls import reverse
from django.utils import timezone

from assistance.models import CorrectionRequest
from assistance.papers.corrections.filters import in_state
from povreg.kit.prepared import summed
from povreg.kit.workbench import Due, Rank, Viewer, inside, offer
from villages.rights import Role
from villages.rights.ready import ReadyFor

SOON = 3  # days


def offer_all() -> None:
    """Tell the workbench; called once, when the app is ready."""
    offer(Role.VILLAGE_CADRE, Role.TOWNSHIP_OFFICER)(to_answer)


def _asked(user: Any, today: date, *, role: str) -> QuerySet[Any, Any]:
    rows = CorrectionRequest.objects.visible_to(user).filter(inside(user, role, "village_id"), in_state("open"))
    return summed(rows, open=Count("pk"), late=Count("pk", in_state("late", today)), first=Min("due_on"))


ASKED = ReadyFor(_asked, date)


def to_answer(viewer: Viewer) -> Sequence[Due]:
    """Requests for correction that wait for an answer."""
    today = timezone.localdate()
    found = ASKED.sums(viewer.user, today, role=viewer.role)
    if not found["open"]:
        return []
    left = (found["first"] - today).days
    rank = Rank.OVERDUE if left < 0 else Rank.SOON if left <= SOON else Rank.WORK
    tag = f"逾期 {-left} 天" if left < 0 else f"还有 {left} 天" if left else "今天到期"
    text = f"其中 {found['late']:,} 件逾期。" if found["late"] else "农户说登记的内容不对，核实后更正、答复。"
    title = f"{found['open']:,} 件更正申请待答复"
    tone = "fail" if left < 0 else "warn"
    return [Due(title, reverse("correction-requests"), "去答复", text, tag, tone, rank)]
