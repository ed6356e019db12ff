"""How assistance stands at a place and below it, read from its counts (assistance.situation.tallies): measures, visits
due and done, helpers, plans, money. Each figure leads to the rows behind it where the person may see them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone

from assistance.situation import tallies
from assistance.visits.due import DONE, LATE
from povreg.kit.scopes import COUNTY, TOWNSHIP, VILLAGE
from povreg.overview.dashboard.behind import Behind
from villages.models import Place, User
from villages.rights import Right

LISTS: dict[str, tuple[str, Right, dict[str, str]]] = {
    "measures": ("measures", Right.HOUSEHOLD_VIEW, {"year": ""}),
    "watched_done": ("visits-due", Right.HOUSEHOLD_VIEW, {"whose": "monitored", "state": DONE}),
    "others_done": ("visits-due", Right.HOUSEHOLD_VIEW, {"whose": "others", "state": DONE}),
    "late": ("visits-due", Right.HOUSEHOLD_VIEW, {"state": LATE}),
    "unplanned": ("plans-missing", Right.HOUSEHOLD_VIEW, {}),
    "alone": ("pairing-gaps", Right.HOUSEHOLD_VIEW, {}),
    "money": ("fund-spread", Right.FUND_VIEW, {"year": ""}),
}
"""Which list stands behind a figure, the right that opens it, and what narrows it (``year``: that of the page)."""
TEN_THOUSAND = 10_000


@dataclass(frozen=True)
class Helping:
    """One place with its figures (assistance.situation.tallies.SUMS), the addresses of its rows and its dashboard."""

    name: str
    of: tallies.Numbers
    urls: dict[str, str]
    url: str = ""

    def __getattr__(self, name: str) -> Any:
        if name not in tallies.SUMS:
            raise AttributeError(name)
        return self.of[name]

    @property
    def late(self) -> int:
        return int(self.of["watched_late"] + self.of["others_late"])

    @property
    def unplanned(self) -> int:
        """Households that must have a plan and have none."""
        return int(self.of["plans_due"] - self.of["plans_made"])

    @property
    def alone(self) -> int:
        """Households that must have a helper and have none."""
        return int(self.of["helped_due"] - self.of["helped"])

    @property
    def allocated_wan(self) -> Decimal:
        return self.of["allocated"] / TEN_THOUSAND

    @property
    def paid_wan(self) -> Decimal:
        return self.of["paid"] / TEN_THOUSAND


@dataclass(frozen=True)
class HelpingPart:
    """The part of a dashboard. ``is_now``: visits, plans and helpers are counted, which only the running year has."""

    whole: Helping
    rows: list[Helping]
    is_now: bool
    as_of: datetime | None


def helping_of(user: User, place: Place, year: int, children: Iterable[Place]) -> HelpingPart | None:
    """The part of a place and of those right below it; None where nothing was counted for the year."""
    found, as_of = tallies.read(place.pk, year, digits_below(place.pk))
    if not found:
        return None
    names = {each.pk: each for each in (place, *children)}
    lists, behind = Lists(user, year), Behind(place.pk, year)
    rows = [line_of(names[code], numbers, lists.of(code), behind) for code, numbers in found.items() if code in names]
    whole = Helping("合计", tallies.added(list(found.values())), lists.of(place.pk))
    below = [] if len(place.pk) >= VILLAGE else rows
    return HelpingPart(whole, below, year == timezone.localdate().year, as_of)


def line_of(at: Place, numbers: tallies.Numbers, urls: dict[str, str], behind: Behind) -> Helping:
    """The line of a place below that of the page; what belongs to that itself has no dashboard of its own."""
    if at.pk == behind.place:
        return Helping("本级", numbers, urls)
    return Helping(str(at), numbers, urls, behind.dashboard(at.pk))


def digits_below(code: str) -> int:
    """Digits of the places that a place is divided into."""
    levels = (2, 4, COUNTY, TOWNSHIP, VILLAGE)
    return next((digits for digits in levels if digits > len(code)), VILLAGE)


class Lists:
    """The lists behind the figures of places: what their addresses share is put together once a page."""

    def __init__(self, user: User, year: int) -> None:
        self.user = user
        self.parts = {
            figure: (right, f"{reverse(name)}?place=", _also(narrowed, year))
            for figure, (name, right, narrowed) in LISTS.items()
        }
        self.rights = {right for right, _, _ in self.parts.values()}

    def of(self, code: str) -> dict[str, str]:
        """Those of a place that the person may open."""
        held = {right for right in self.rights if self.user.can(right, code)}
        return {figure: f"{start}{code}{end}" for figure, (right, start, end) in self.parts.items() if right in held}


def _also(narrowed: Mapping[str, str], year: int) -> str:
    asked = {key: value or str(year) for key, value in narrowed.items()}
    return f"&{urlencode(asked)}" if asked else ""
