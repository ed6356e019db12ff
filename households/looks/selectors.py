"""Reading who looked at a household, as it may be told: day, role, office, in which way; no names, no reasons."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q
from django.utils import timezone

from households.models import Household, Look, UnmaskLog
from povreg.kit.scopes import ancestors
from villages.models import Posting, User
from villages.people.selectors import place_label
from villages.rights import GRANTS, Right, Role

SHOWN = 60
BACK = timedelta(days=365)
WHOLE, SHEETS = "查看完整号码", "导出含完整号码的名单（本户所在范围）"
SYSTEM, STAFF = "系统", "工作人员"


@dataclass(frozen=True, order=True)
class Looked:
    """A line of the list."""

    day: date
    role: str
    office: str
    way: str


def looks_at(household: Household) -> list[Looked]:
    """What the last year holds, the latest first, one line a day, role, office and way."""
    since = timezone.localdate() - BACK
    found = {*_pages(household, since), *_numbers(household, since)}
    return sorted(found, reverse=True)[:SHOWN]


def _pages(household: Household, since: date) -> Iterator[Looked]:
    for row in Look.objects.filter(household=household, day__gte=since)[: SHOWN * 4]:
        yield Looked(row.day, row.get_role_display() or STAFF, row.office, row.get_way_display())


def _numbers(household: Household, since: date) -> Iterator[Looked]:
    """Looks at whole numbers of this household, and sheets with whole numbers of a place it lies in."""
    village = household.village_id
    about = Q(household=household) | Q(household=None, place__in=[*ancestors(village), village])
    rows = UnmaskLog.objects.filter(about, at__date__gte=since).exclude(what__startswith=UnmaskLog.CHECK)
    logs = list(rows.select_related("by__unit").order_by("-at")[: SHOWN * 4])
    held = _postings(logs)
    for log in logs:
        day = timezone.localtime(log.at).date()
        role, office = _whom(log.by, held.get(log.by_id or 0, ()), day, village)
        yield Looked(day, role, office, WHOLE if log.household_id else SHEETS)


def _postings(logs: Iterable[UnmaskLog]) -> dict[int, list[Posting]]:
    """Every posting of those who looked."""
    found: dict[int, list[Posting]] = {}
    for row in Posting.objects.filter(user__in={log.by_id for log in logs}).order_by("-starts_on"):
        found.setdefault(row.user_id, []).append(row)
    return found


def _whom(by: User | None, postings: Iterable[Posting], day: date, village: str) -> tuple[str, str]:
    """Role and office on that day."""
    if by is None:
        return SYSTEM, ""
    for row in postings:
        holds = row.starts_on <= day and (row.ends_on is None or row.ends_on >= day)
        if holds and Right.HOUSEHOLD_VIEW in GRANTS[Role(row.role)] and village.startswith(row.place_id):
            return row.get_role_display(), str(by.unit) if by.unit else place_label(row.place_id)
    return STAFF, str(by.unit or "")
