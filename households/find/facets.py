"""What the list can be narrowed to with one click, and how many households each choice would leave.

Numbers are fetched after the page. They come from the summaries where these know them, else they are counted up to
:data:`MOST`; beyond a county only the summaries are asked.
"""

from __future__ import annotations

from dataclasses import dataclass

from households.eligibility.tallied import tallied
from households.find.asked import Asked
from households.find.filters import SELECTS
from households.find.listing import NOT_ASSESSED, ListFilters, conditions_of, households_list, within_a_county
from villages.models import User

MOST = 1000
SHOWN = {"verdict": "结论", "failed": "没有保障的是", "exit_status": "身份"}
"""Filters whose choices stand beside the list, with their headings."""
SHORT = ("failed", "exit_status")
"""Filters of which a choice that would leave nobody is not offered."""
OF_SUMMARIES = ("verdict", "failed")
"""Filters that the summaries count as the list does: they hold judged households only."""


@dataclass(frozen=True)
class Choice:
    """``url`` turns it on, or off where it is ``on``; ``count`` is None where it was not asked for or is not known."""

    label: str
    url: str
    on: bool
    count: int | None = None

    @property
    def text(self) -> str:
        if self.count is None:
            return ""
        return f"{MOST:,}+" if self.count > MOST else f"{self.count:,}"


@dataclass(frozen=True)
class Facet:
    label: str
    choices: list[Choice]


def facets(user: User, wanted: Asked, year: int, *, counted: bool = False) -> list[Facet]:
    """The choices of every facet; ``counted`` says how many households each leaves, the other filters holding."""
    return [_facet(user, wanted, year, name, counted) for name in SHOWN]


def _facet(user: User, wanted: Asked, year: int, name: str, counted: bool) -> Facet:
    now = wanted.codes.get(name, "")
    others = Asked({code: value for code, value in wanted.codes.items() if code != name}, wanted.typed, wanted.key)
    choices = []
    for value, label in SELECTS[name].choices():
        narrowed = Asked(others.codes | {name: value}, wanted.typed, wanted.key)
        on = value == now
        number = _count(user, narrowed, year, name) if counted else None
        if on or number != 0 or name not in SHORT:
            choices.append(Choice(label, (others if on else narrowed).url(year=year), on, number))
    return Facet(SHOWN[name], choices)


def _count(user: User, narrowed: Asked, year: int, name: str) -> int | None:
    """Up to one more than MOST."""
    filters = narrowed.filters
    if name in OF_SUMMARIES:
        known = _in_summaries(user, filters, year)
        if known is not None:
            return min(known, MOST + 1)
    if not within_a_county(user, filters):
        return None
    return households_list(user, filters, year).order_by()[: MOST + 1].count()


def _in_summaries(user: User, filters: ListFilters, year: int) -> int | None:
    """None where the summaries do not know: several conditions at once, or none of the place and year was judged."""
    place, wanted = filters.place or _only_place(user), conditions_of(filters)
    if not place or len(wanted) > 1 or NOT_ASSESSED in wanted.values():
        return None
    found = tallied(user, place, year, wanted)
    if found is not None:
        return found
    return None if tallied(user, place, year, {}) is None else 0


def _only_place(user: User) -> str:
    """The place of a person with one posting: what he sees without asking for a place."""
    places = {code for _role, code in user.postings_today()}
    return places.pop() if len(places) == 1 else ""
