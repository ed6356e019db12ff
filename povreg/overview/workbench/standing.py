"""Due about standing: differences that rosters found, orders to correct, the opening stock that is still open."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from urllib.parse import urlencode

from django.db.models import CharField, Count, QuerySet, Value
from django.urls import reverse

from households.models import CorrectionOrder, OpeningStock, StandingProposal
from povreg.kit.scopes import COUNTY, county_of
from povreg.kit.workbench import Due, Link, Rank, Viewer, inside, offer, places_of
from villages.models import User
from villages.rights import Role
from villages.rights.ready import ReadyFor

ORDERS, CLOSED = "orders", "closed"


def _counted(rows: QuerySet, name: str) -> QuerySet:
    named = rows.order_by().annotate(what=Value(name, output_field=CharField()))
    return named.values("what").annotate(count=Count("pk")).values_list("what", "count")


def _differences(user: User, *, role: str) -> QuerySet:
    rows = StandingProposal.objects.visible_to(user).filter(inside(user, role, "village_id"), state="open")
    return rows.order_by().values("kind").annotate(count=Count("pk")).values_list("kind", "count")


def counties_of(places: Iterable[str]) -> list[str]:
    return sorted({county_of(code) for code in places if len(code) >= COUNTY})


def _of_the_county(user: User, *, role: str) -> QuerySet:
    orders = CorrectionOrder.objects.visible_to(user).filter(
        inside(user, role, "village_id"), approved_by=None, refused_reason=""
    )
    closed = OpeningStock.objects.filter(county__in=counties_of(places_of(user, role)), closed_on__isnull=False)
    return _differences(user, role=role).union(
        _counted(orders.exclude(ordered_by=user.pk), ORDERS), _counted(closed, CLOSED), all=True
    )


DIFFERENCES, OF_THE_COUNTY = ReadyFor(_differences), ReadyFor(_of_the_county)


@offer(Role.VILLAGE_CADRE, Role.TOWNSHIP_OFFICER)
def differences(viewer: Viewer) -> Sequence[Due]:
    """What rosters said otherwise, by kind."""
    return differing(viewer, dict(DIFFERENCES(viewer.user, role=viewer.role)))


@offer(Role.COUNTY_OFFICER)
def for_the_county(viewer: Viewer) -> Sequence[Due]:
    """The same, orders of others to approve, and whether the opening stock is open; in one statement."""
    counts: dict[str, int] = dict(OF_THE_COUNTY(viewer.user, role=viewer.role))
    found = differing(viewer, {kind: counts[kind] for kind in StandingProposal.Kind.values if kind in counts})
    if counts.get(ORDERS):
        found.append(Due(f"更正令 {counts[ORDERS]} 份待批准", f"{reverse('corrections')}?state=open", "去批准"))
    if len(counties_of(viewer.places)) > counts.get(CLOSED, 0):
        found.append(still_open())
    return found


def differing(viewer: Viewer, counts: dict[str, int]) -> list[Due]:
    total = sum(counts.values())
    if not total:
        return []
    links = [
        Link(f"{StandingProposal.Kind(kind).label} {count:,} 户", proposals_url(viewer, kind=kind))
        for kind, count in counts.items()
    ]
    text = "名册所载与在册身份不同：列入名单，或写明理由不采纳。"
    return [Due(f"身份差异 {total:,} 户待处理", proposals_url(viewer), "查看", text, links=links)]


def proposals_url(viewer: Viewer, **filters: str) -> str:
    """The list of differences of the role's place, without the year: a difference has none."""
    place = {"place": viewer.places[0]} if len(viewer.places) == 1 else {}
    asked = urlencode({**place, **filters})
    return f"{reverse('proposals')}?{asked}" if asked else reverse("proposals")


def still_open() -> Due:
    text = "现在导入名册会直接写入身份。名册导完、数字核对一致后结束，只结束一次。"
    return Due("建库期还没有结束", reverse("openings"), "核对并结束", text, tag="建库期", tone="warn", rank=Rank.NOTICE)
