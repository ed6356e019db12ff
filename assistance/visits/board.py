"""What of visits is due, for the workbench."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse
from django.utils import timezone

from assistance.visits import selectors
from assistance.visits.due import DUE, LATE, rules
from povreg.kit.workbench import Due, Link, Rank, Viewer, offer
from villages.rights import Role


def offer_all() -> None:
    """Tell the workbench; called once, when the app is ready."""
    offer(Role.HELPER, Role.VILLAGE_CADRE, Role.TOWNSHIP_OFFICER)(to_visit)


def to_visit(viewer: Viewer) -> Sequence[Due]:
    """Households to be visited in this period, the late ones first."""
    found = selectors.counts(viewer.user, viewer.role)
    waiting = found[DUE] + found[LATE]
    if not waiting:
        return []
    url = reverse("visits-due")
    if len(viewer.places) == 1 and viewer.role != Role.HELPER:
        url += f"?place={viewer.places[0]}"
    links = [Link(f"监测对象 {found['monitored']:,} 户，本月", f"{reverse('visits-due')}?whose=monitored")]
    left = (rules()["monitored"].period(timezone.localdate())[1] - timezone.localdate()).days
    late = bool(found[LATE])
    return [
        Due(
            f"{waiting:,} 户待走访",
            url,
            "记走访",
            f"其中 {found[LATE]:,} 户逾期。" if late else f"本期已走 {found['done']:,} 户。",
            "有逾期" if late else f"本月还有 {left} 天",
            "fail" if late else "warn",
            Rank.OVERDUE if late else Rank.SOON,
            links=links if found["monitored"] else (),
        )
    ]
