"""Reading access for some hours: what a person may know of, and where each stands."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils import timezone

from villages.access.services import LAPSES
from villages.models import TimedAccess, User

STATES = {
    "waiting": "待批准",
    "open": "查阅中",
    "over": "已到期",
    "ended": "已提前结束",
    "refused": "未批准",
    "lapsed": "逾期未办，已失效",
}


def accesses(user: User) -> QuerySet[TimedAccess]:
    """Those that a person may know of, the latest first."""
    related = ("account", "place__parent", "asked_by", "decided_by", "ended_by", "posting")
    return TimedAccess.objects.visible_to(user).select_related(*related).order_by("-asked_at", "-pk")


def state_of(row: TimedAccess) -> str:
    """Key of :data:`STATES`; needs ``posting``."""
    if row.decided_at is None:
        return "waiting" if row.asked_at > timezone.now() - LAPSES else "lapsed"
    if row.refusal:
        return "refused"
    if row.holds:
        return "open"
    until = row.posting.until if row.posting else None
    return "ended" if row.ended_at or (until and row.ends_at and until < row.ends_at) else "over"


def in_state(rows: QuerySet[TimedAccess], state: str) -> QuerySet[TimedAccess]:
    """Those in one state that somebody looks for; other states keep all."""
    now = timezone.now()
    conditions = {
        "waiting": Q(decided_at=None, asked_at__gt=now - LAPSES),
        "open": Q(posting__until__gt=now),
        "past": Q(posting__until__lte=now) | ~Q(refusal="") | Q(decided_at=None, asked_at__lte=now - LAPSES),
    }
    return rows.filter(conditions[state]) if state in conditions else rows
