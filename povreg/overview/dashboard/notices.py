"""Lists on the notice board under a place, and open objections: counted from the procedures, for who may see them."""

from typing import Any

from django.db.models import Count, Q, QuerySet

from households.eligibility.selectors import covers
from households.models import Notice, Objection
from households.procedures.objections.selectors import OPEN_WITHIN
from povreg.kit.scopes import within
from povreg.overview.dashboard.behind import Behind
from villages.models import User
from villages.rights import Right
from villages.rights.ready import ReadyFor


def _running(user: Any, place: str) -> QuerySet[Any]:
    return Notice.objects.visible_to(user).running().filter(within("place_id", place), type=Notice.Type.NOTICE)


RUNNING = ReadyFor(_running, str)


def running(user: User, place: str) -> QuerySet[Any]:
    """The public notices of a place that run, those that end first before the others."""
    rows = _running(user, place)
    unanswered = Count("objections", filter=~Q(objections__state=Objection.State.ANSWERED))
    rows = rows.select_related("batch__template", "place__parent")
    return rows.annotate(open_objections=unanswered).order_by("ends_on", "place_id", "pk")


def card(user: User, behind: Behind) -> list[dict[str, Any]]:
    """One card; none for who may not see lists there."""
    if not covers(user, Right.BATCH_VIEW, behind.place):
        return []
    contested = OPEN_WITHIN.count(user, behind.place)
    return [
        {
            "label": "公示进行中",
            "value": RUNNING.count(user, behind.place),
            "unit": "份",
            "sub": f"未办结异议 {contested:,} 件",
            "sub_url": behind.objections(),
            "url": behind.notices(),
        }
    ]
