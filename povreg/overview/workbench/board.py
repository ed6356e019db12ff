"""What a workbench is made of: things due, figures, and short lists, each one click away from the rows behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from povreg.kit.scopes import within_any
from villages.rights import Role


class Rank(IntEnum):
    """In which order things are due."""

    OVERDUE = 0
    SOON = 1
    WORK = 2
    NOTICE = 3


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
    role: Role
    places: tuple[str, ...]
    year: int

    def inside(self, field: str) -> Any:
        """Condition for rows whose ``field`` lies in the places of the role."""
        return within_any(field, self.places)

    def households(self, **filters: Any) -> str:
        """Address of the list of households with these filters, for the year; inside the only place, if it is one."""
        place = {"place": self.places[0]} if len(self.places) == 1 else {}
        return f"{reverse('households')}?{urlencode({**place, 'year': self.year, **filters})}"


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


def household_page(pk: int, year: int, section: str = "") -> str:
    """Address of a household's page, or of one of its entry sections, for the year."""
    name = f"household-{section}" if section else "household"
    return f"{reverse(name, args=[pk])}?year={year}"
