"""What is read of projects: the library, one project, what its unit costs beside others of its kind."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from statistics import median
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from assistance.funds import catalogue
from assistance.models import Project, ProjectNotice
from povreg.kit.prepared import summed
from povreg.kit.scopes import COUNTY
from povreg.kit.workbench import inside
from villages.models import User
from villages.rights.ready import ReadyFor

State = Project.State
STATIONS: dict[str, tuple[str, Q]] = {
    "asked": ("申报审核", Q(state__in=(State.PROPOSED, State.REVIEWED, State.APPROVED))),
    "listed": ("在库", Q(state=State.LISTED)),
    "running": ("实施中", Q(state__in=(State.PLANNED, State.STARTED, State.FINISHED))),
    "accepted": ("已验收", Q(state=State.ACCEPTED)),
    "left": ("退回和终止", Q(state__in=(State.RETURNED, State.STOPPED))),
}
KEPT = ~STATIONS["left"][1]
"""What money is counted of: neither returned nor stopped."""
DEAR = Decimal("1.5")
"""A unit cost above this many times the county's median is asked about."""
FEWEST = 3
"""Projects of a kind from which on their costs are compared."""


def projects(user: User) -> QuerySet[Project]:
    """The projects a person may see, the latest first."""
    rows = Project.objects.visible_to(user).select_related("place__parent")
    return rows.order_by("-year", "place_id", "-pk")


def counts(rows: QuerySet[Project]) -> dict[str, int]:
    """How many stand at each station, in one statement."""
    asked = {code: Count("pk", filter=condition) for code, (_label, condition) in STATIONS.items()}
    return rows.order_by().aggregate(**asked)


@dataclass(frozen=True)
class UnitCost:
    """What a unit costs in one category of a county: how many projects say it, the least, the middle and the most, in
    yuan, and those that cost far more than the middle."""

    category: str
    unit: str
    count: int
    least: Decimal
    middle: Decimal
    most: Decimal
    dear: tuple[Project, ...]


def costs(rows: QuerySet[Project]) -> dict[tuple[str, str], list[tuple[Decimal, Project]]]:
    """Unit costs of the projects that say a quantity, by county and category."""
    found: dict[tuple[str, str], list[tuple[Decimal, Project]]] = {}
    for row in rows.filter(quantity__gt=0).exclude(state__in=(State.RETURNED, State.STOPPED)).order_by("pk"):
        cost = (row.budget / row.quantity).quantize(Decimal("0.01"))  # type: ignore[operator]
        found.setdefault((row.place_id[:COUNTY], row.category), []).append((cost, row))
    return found


def unit_costs(user: User, year: int) -> list[UnitCost]:
    """The categories of which several projects of a year say what a unit costs."""
    rows = projects(user).filter(year=year)
    return [
        compared(category, each)
        for (_county, category), each in sorted(costs(rows).items())
        if len(each) >= FEWEST and category in catalogue.categories()
    ]


def compared(category: str, each: list[tuple[Decimal, Project]]) -> UnitCost:
    amounts = [cost for cost, _row in each]
    middle = Decimal(median(amounts)).quantize(Decimal("0.01"))
    dear = tuple(row for cost, row in each if cost > middle * DEAR)
    found = catalogue.categories()[category]
    return UnitCost(found.label, found.unit, len(each), min(amounts), middle, max(amounts), dear)


def put_costs(rows: Iterable[Any], user: Any = None) -> None:
    """Put each project's unit cost on it, for one page of the list."""
    for row in rows:
        row.unit_cost = (row.budget / row.quantity).quantize(Decimal("0.01")) if row.quantity else None


def waiting_for(rows: QuerySet[Project], *states: str) -> QuerySet[Project]:
    return rows.filter(state__in=states)


def unposted() -> Q:
    """Accepted projects without a notice afterwards."""
    after = ProjectNotice.objects.filter(project=OuterRef("pk"), stage="after")
    return Q(state=State.ACCEPTED) & ~Q(Exists(after))


def slow() -> Q:
    """Projects under way of whose money less than half is paid."""
    running = (State.STARTED, State.FINISHED, State.ACCEPTED)
    return Q(state__in=running, allocated__gt=0, paid__lt=F("allocated") / 2)


def _waiting(user: Any, *, role: str) -> QuerySet[Any, Any]:
    rows = Project.objects.visible_to(user).filter(inside(user, role, "place_id"))
    states = {state: Count("pk", Q(state=state)) for state in WAITING_STATES}
    return summed(rows, **states, unposted=Count("pk", unposted()), slow=Count("pk", slow()))


WAITING_STATES = (State.PROPOSED, State.REVIEWED, State.APPROVED, State.FINISHED)
WAITING = ReadyFor(_waiting)
"""Projects in the places of a role that wait for somebody: how many in each of these
states, without a notice afterwards, paid slowly."""
