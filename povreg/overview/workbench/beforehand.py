"""What comes before a list: applications that wait to be looked into, and the year's quota on its way down."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Min, Q, QuerySet, Sum
from django.urls import reverse

from households.models import Application, Quota
from households.procedures.applications.selectors import applications as asked_for
from povreg.kit.workbench import Due, Figure, Link, Rank, Viewer, inside, offer, places_of
from villages.models import User
from villages.rights import Role
from villages.rights.ready import ReadyFor


def _open(user: User, year: int, *, role: str) -> QuerySet[Any, Any]:
    """How many applications of the year are open, how many of them nobody has visited, and the day of the oldest."""
    rows = asked_for(user).filter(inside(user, role, "village_id"), year=year, state=Application.State.OPEN)
    unvisited = Count("pk", Q(surveyed__isnull=True))
    counted = rows.order_by().values("year").annotate(n=Count("pk"), unvisited=unvisited, oldest=Min("applied_on"))
    return counted.values_list("n", "unvisited", "oldest")


OPEN = ReadyFor(_open, int)


@offer(Role.VILLAGE_CADRE, Role.TOWNSHIP_OFFICER)
def applications(viewer: Viewer) -> Sequence[Due]:
    """Applications of the year that nobody has answered, and how many of them nobody has visited."""
    found = OPEN(viewer.user, viewer.year, role=viewer.role)
    if not found:
        return []
    ((waiting, unvisited, oldest),) = found
    place = {"place": viewer.places[0]} if len(viewer.places) == 1 else {}
    url = f"{reverse('procedure-applications')}?{urlencode({'year': viewer.year, 'state': 'open', **place})}"
    text = f"其中 {unvisited} 份还没有入户核查。" if unvisited else "都已入户核查，可以列入名单或答复。"
    since = f"最早 {oldest.month}月{oldest.day}日"
    return [Due(f"{waiting} 份申请待处理", url, "去处理", text, since, "warn", Rank.SOON)]


def _handing_down(user: User, year: int, *, role: str) -> QuerySet[Quota]:
    rows = Quota.objects.visible_to(user).filter(inside(user, role, "place_id"), year=year)
    above = rows.filter(place__level__lt=5).select_related("place").order_by("place_id")
    return above.annotate(
        parts_open=Count("parts", Q(parts__confirmed_on=None)), given=Sum("parts__amount"), divided=Count("parts")
    )


HANDING_DOWN = ReadyFor(_handing_down, int)


@offer(Role.COUNTY_OFFICER)
def quota_to_hand_down(viewer: Viewer) -> Sequence[Due]:
    """Quotas that are set and not divided, or divided and not handed down. Nothing while the year has none."""
    standing = HANDING_DOWN(viewer.user, viewer.year, role=viewer.role)
    county = [row for row in standing if row.parent_id is None]
    waiting = [row for row in standing if row.parts_open or (row.parent_id is None and not row.divided)]
    if not county or not waiting:
        return []
    links = [Link(f"{row.place}：{_step(row)}", _page(row.place_id, viewer.year)) for row in waiting[:4]]
    text = f"当年规模 {county[0].amount:,} 人，{len(waiting)} 处还没有全部下达。"
    return [Due(f"{viewer.year}年规模待下达", _page(waiting[0].place_id, viewer.year), "去办理", text, links=links)]


def _step(row: Quota) -> str:
    given, parts_open = row.given or 0, row.parts_open  # type: ignore[attr-defined]
    if not row.divided:  # type: ignore[attr-defined]
        return "还没有分解"
    return f"已分解 {given:,} 人，共 {row.amount:,} 人" if given != row.amount else f"{parts_open} 处待下达"


def _received(user: User, year: int, *, role: str) -> QuerySet[Quota]:
    rows = Quota.objects.visible_to(user).filter(place__in=places_of(user, role), year=year)
    return rows.exclude(confirmed_on=None).order_by("place_id")


RECEIVED = ReadyFor(_received, int)


@offer(Role.VILLAGE_CADRE, Role.TOWNSHIP_OFFICER)
def quota_received(viewer: Viewer) -> Sequence[Figure]:
    """How many people may be identified this year, once it was handed down."""
    return [
        Figure("识别规模", row.amount, "人", f"{row.confirmed_on:%m月%d日} 下达", _page(row.place_id, viewer.year))
        for row in RECEIVED(viewer.user, viewer.year, role=viewer.role)
    ]


def _page(code: str, year: int) -> str:
    return f"{reverse('procedure-quota', args=[code])}?year={year}"
