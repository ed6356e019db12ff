"""What a workbench is made of: things due, figures, and short lists, each one click away from the rows behind it; and
who gets what on it: every subject offers functions, by role.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from povreg.kit.scopes import within_any


class Rank(IntEnum):
    """In which order things are due."""

    OVERDUE = 0
    SOON = 1
    WORK = 2
    NOTICE = 3

    @property
    def label(self) -> str:
        return ("已逾期", "快到期", "要做的", "请留意")[self]


@dataclass(frozen=True)
class Link:
    label: str
    url: str


@dataclass(frozen=True)
class Due:
    """One thing to do. ``tag`` with ``tone`` says how pressing it is; ``done`` of ``total`` households draws a bar;
    ``links`` are its parts (缺饮水 7 户); ``action`` is the button that leads to ``url``."""

    title: str
    url: str = ""
    action: str = ""
    text: str = ""
    tag: str = ""
    tone: str = ""
    rank: Rank = Rank.WORK
    done: int | None = None
    total: int | None = None
    links: Sequence[Link] = ()


@dataclass(frozen=True)
class Figure:
    """A number and the list behind it."""

    label: str
    value: int
    unit: str = "户"
    sub: str = ""
    url: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Cell:
    text: Any
    url: str = ""
    tone: str = ""
    number: bool = False


@dataclass(frozen=True)
class Listing:
    """A short list: the rows that matter most, and where the rest is."""

    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    sub: str = ""
    empty: str = ""

    @property
    def labelled(self) -> list[list[tuple[str, Cell]]]:
        """Rows with the heading beside each cell: on a phone a row becomes a card."""
        return [list(zip(self.heads, row, strict=True)) for row in self.rows]


@dataclass(frozen=True)
class Viewer:
    """Somebody in one of his roles: the places of that role's postings and the year worked on."""

    user: Any
    role: str
    places: tuple[str, ...]
    year: int

    def inside(self, field: str) -> Any:
        """Condition for rows whose ``field`` lies in the places of the role."""
        return within_any(field, self.places)

    def list_url(self, name: str, **filters: Any) -> str:
        """Address of a list (name of its url) with these filters, for the year; inside the only place, if it is one."""
        place = {"place": self.places[0]} if len(self.places) == 1 else {}
        return f"{reverse(name)}?{urlencode({**place, 'year': self.year, **filters})}"


def places_of(user: Any, role: str) -> list[str]:
    """The places where the role is held."""
    return [code for held, code in user.postings_today() if held == role]


def inside(user: Any, role: str, field: str) -> Any:
    """Condition for rows whose ``field`` lies in the places where the role is held."""
    return within_any(field, places_of(user, role))


@dataclass
class Board:
    """A whole workbench."""

    dues: list[Due] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    listings: list[Listing] = field(default_factory=list)

    def add(self, items: Sequence[Due | Figure | Listing]) -> None:
        for item in items:
            kept: Any = {Due: self.dues, Figure: self.figures, Listing: self.listings}[type(item)]
            if item not in kept:
                kept.append(item)


Offer = Callable[[Viewer], Sequence[Due | Figure | Listing]]
_offers: dict[str, list[Offer]] = {}


def offer(*roles: str) -> Callable[[Offer], Offer]:
    """Function decorator: what the function finds due is shown to these roles, in the order of registration."""

    def register(found: Offer) -> Offer:
        for role in roles:
            _offers.setdefault(role, []).append(found)
        return found

    return register


def board_of(user: Any, year: int) -> Board:
    """Everything due for the roles the person holds today, the most pressing first."""
    places: dict[str, list[str]] = {}
    for role, code in user.postings_today():
        places.setdefault(role, []).append(code)
    board = Board()
    for role, codes in places.items():
        viewer = Viewer(user, role, tuple(sorted(codes)), year)
        for find in _offers.get(role, ()):
            board.add(find(viewer))
    board.dues.sort(key=lambda due: due.rank)
    return board
