"""What of plans is due, for the workbench."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone

from assistance.plans import selectors
from povreg.kit.workbench import Due, Rank, Viewer, offer
from villages.rights import Role


def offer_all() -> None:
    """Tell the workbench; called once, when the app is ready."""
    offer(Role.HELPER, Role.VILLAGE_CADRE)(missing)


def missing(viewer: Viewer) -> Sequence[Due]:
    """Households that must have a plan and have none."""
    rows = selectors.without_plan(viewer.user).filter(viewer.inside("village_id")).order_by()
    since = timezone.localdate() - timedelta(days=selectors.TERM)
    found = rows.aggregate(count=Count("pk"), late=Count("pk", Q(risk_identified_on__lt=since)))
    if not found["count"]:
        return []
    late = found["late"]
    text = "先登记需求调查，再按劳动力和意愿定路子、加措施，和农户商定。"
    return [
        Due(
            f"{found['count']:,} 户要拟定一户一策",
            reverse("plans-missing"),
            "拟定计划",
            text,
            f"逾期 {late:,} 户" if late else "",
            "fail" if late else "",
            Rank.OVERDUE if late else Rank.WORK,
        )
    ]
