"""What of plans is due, for the workbench."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse

from assistance.plans import selectors
from povreg.kit.workbench import Due, Rank, Viewer, offer
from villages.rights import Role


def offer_all() -> None:
    """Tell the workbench; called once, when the app is ready."""
    offer(Role.HELPER, Role.VILLAGE_CADRE)(missing)


def missing(viewer: Viewer) -> Sequence[Due]:
    """Households that must have a plan and have none."""
    found = selectors.missing(viewer.user, viewer.role)
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
