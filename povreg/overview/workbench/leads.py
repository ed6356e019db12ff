"""Due for who checks leads and who decides them: how many wait, since when."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.db.models import Count, Min, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from households.eligibility.clearing.conditions import MONTHS
from households.eligibility.clearing.selectors import short_of
from households.leads.lists import days_open
from households.leads.selectors import STATIONS
from households.models import Clearance, Lead
from povreg.kit.workbench import Due, Figure, Link, Rank, Viewer, inside, offer
from villages.models import User
from villages.rights import Role
from villages.rights.ready import ReadyFor
from villages.standards.rules import ORDINARY

MOST = 4  # parts named in one sentence
CALM = ORDINARY.calm_months
NEW, CHECKING, READY = (STATIONS[code][1] for code in ("new", "checking", "ready"))


def _waiting(user: User, *, role: str) -> QuerySet[Any, Any]:
    """Year by year: how many are new, are being checked, wait for a decision (not those this person checked), and the
    days of the oldest to check and to decide."""
    rows = Lead.objects.visible_to(user).open().filter(inside(user, role, "village_id"))
    ready = READY & ~Q(checked_by=user.pk)
    found = (
        rows.order_by()
        .values("year")
        .annotate(
            fresh=Count("pk", NEW),
            checking=Count("pk", CHECKING),
            ready=Count("pk", ready),
            oldest=Min("found_on", filter=NEW | CHECKING),
            oldest_ready=Min("found_on", filter=ready),
        )
    )
    return found.values_list("fresh", "checking", "ready", "oldest", "oldest_ready")


WAITING = ReadyFor(_waiting)


class Waiting(NamedTuple):
    """All years together."""

    fresh: int
    checking: int
    ready: int
    oldest: date | None
    oldest_ready: date | None


def waiting(viewer: Viewer) -> Waiting:
    rows = WAITING(viewer.user, role=viewer.role)
    fresh, checking, ready = (sum(row[at] for row in rows) for at in range(3))
    oldest, oldest_ready = (min((row[at] for row in rows if row[at]), default=None) for at in (3, 4))
    return Waiting(fresh, checking, ready, oldest, oldest_ready)


@offer(Role.VILLAGE_CADRE, Role.TOWNSHIP_OFFICER)
def leads_to_check(viewer: Viewer) -> Sequence[Due]:
    """Leads that nobody has looked at, or of which the visit is not noted."""
    found = waiting(viewer)
    count = found.fresh + found.checking
    if not count or found.oldest is None:
        return []
    links = [
        Link(f"{label} {number} 条", leads_url(viewer, state))
        for label, state, number in (("待核实", "new", found.fresh), ("核实中", "checking", found.checking))
        if number
    ]
    text = "入户看一看，登记核实情况，再测算收入。"
    url = leads_url(viewer, "new" if found.fresh else "checking")
    return [Due(f"{count} 条线索待核实", url, "去核实", text, since(found.oldest), "warn", Rank.SOON, links=links)]


@offer(Role.TOWNSHIP_OFFICER, Role.COUNTY_OFFICER)
def leads_to_decide(viewer: Viewer) -> Sequence[Due]:
    """Leads that were checked by somebody else and wait for a decision."""
    found = waiting(viewer)
    if not found.ready or found.oldest_ready is None:
        return []
    text = "列入名单、不纳入或转其他部门，都要写明理由。"
    tag = since(found.oldest_ready)
    return [Due(f"{found.ready} 条线索待办结", leads_url(viewer, "ready"), "去办结", text, tag, "warn", Rank.SOON)]


def since(day: date) -> str:
    return f"最早的第 {days_open(day)} 天"


def leads_url(viewer: Viewer, state: str) -> str:
    place = {"place": viewer.places[0]} if len(viewer.places) == 1 else {}
    return f"{reverse('leads')}?{urlencode({'state': state, **place})}"


def _episodes(user: User, year: int, *, role: str) -> QuerySet[Any, Any]:
    rows = Clearance.objects.visible_to(user).filter(inside(user, role, "village_id"), year=year)
    return rows.order_by("village_id", "household_id").values_list("eligible", "failed", "missing", "months")


EPISODES = ReadyFor(_episodes, int)


@offer(Role.VILLAGE_CADRE, Role.TOWNSHIP_OFFICER, Role.COUNTY_OFFICER)
def risks(viewer: Viewer) -> Sequence[Due | Figure]:
    """Monitored households: who may be cleared, and what those included long enough still lack."""
    episodes = EPISODES(viewer.user, timezone.localdate().year, role=viewer.role)
    if not episodes:
        return []
    ready = sum(eligible for eligible, *_more in episodes)
    sub = f"可以消除 {ready} 户" if ready else "都还差条件"
    found: list[Due | Figure] = [Figure("风险未消除", len(episodes), "户", sub, monitored_url(viewer), "warn")]
    if ready:
        text = "收入、保障、措施等条件都已具备，可以列入风险消除名单。"
        url = monitored_url(viewer, state="eligible")
        found.append(Due(f"{ready} 户可以消除风险", url, "看名单", text, "满半年", "act", Rank.WORK))
    return [*found, *short(viewer, [set(failed) | set(missing) for _e, failed, missing, _m in episodes])]


def short(viewer: Viewer, lacking: Sequence[set[str]]) -> list[Due]:
    """What keeps those whose time has passed from being cleared, the most frequent first."""
    waiting = [codes for codes in lacking if codes and MONTHS not in codes]
    if not waiting:
        return []
    counts = Counter(code for codes in waiting for code in codes)
    links = [
        Link(f"差{short_of(code)} {number} 户", monitored_url(viewer, lacking=code, months=CALM))
        for code, number in counts.most_common(MOST)
    ]
    title, url = f"{len(waiting)} 户满半年仍不能消除风险", monitored_url(viewer, months=CALM)
    return [Due(title, url, "看还差什么", tag="请落实", tone="warn", links=links)]


def monitored_url(viewer: Viewer, **filters: Any) -> str:
    place = {"place": viewer.places[0]} if len(viewer.places) == 1 else {}
    return f"{reverse('monitored')}?{urlencode({'state': 'open', **place, **filters})}"
