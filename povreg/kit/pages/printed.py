"""A list on paper: all its rows (up to MOST_PRINTED), in the columns that the person chose for this list.

Which columns somebody chose is remembered by a higher layer (:func:`remember_by`). What stands on the paper is what the
page shows, masks included.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from povreg.kit.pages.listing import Shown, declared_lists
from povreg.kit.pages.shown import ShownList

PRINT_PARAM = "print"
"""Parameter of a list's address that asks for the paper."""
MOST_PRINTED = 500
"""Rows on one paper; it says so where there are more."""
UPRIGHT = 6  # columns that fit the upright page
CROWDED = 12  # columns beyond which type is small
HAN_LINE, LATIN_LINE = 4, 12  # signs that are not broken into lines
Remembered = Callable[[Any, str], Sequence[str]]
_remembered: list[Remembered] = []
_others: set[str] = set()


def remember_by(read: Remembered) -> None:
    """Declare who tells the codes of the columns that a person (first argument) chose for a list (second)."""
    _remembered[:] = [read]


def print_also(code: str) -> None:
    """Declare a list that is printed and no declared list."""
    _others.add(code)


def is_printed(code: str) -> bool:
    """Whether there is such a list to print."""
    return code in _others or any(listing.code == code for listing in declared_lists())


class PaperCell(NamedTuple):
    text: str
    under: str = ""

    @property
    def is_short(self) -> bool:
        """A name, a day, a masked telephone: one line, whatever the width of the others."""
        return len(self.text) <= (LATIN_LINE if self.text.isascii() else HAN_LINE)


class Offered(NamedTuple):
    """A column that may be chosen."""

    code: str
    label: str
    on: bool
    is_number: bool = False


@dataclass(frozen=True)
class Paper:
    """What the template takes: ``said`` tells what the list is narrowed to; ``count`` rows there are in all."""

    code: str
    title: str
    said: str
    unit: str
    count: int
    offered: Sequence[Offered]
    rows: Sequence[Sequence[PaperCell]]
    back: str
    more: bool = False

    @property
    def columns(self) -> list[Offered]:
        return [column for column in self.offered if column.on]

    @property
    def is_wide(self) -> bool:
        return len(self.columns) > UPRIGHT

    @property
    def is_crowded(self) -> bool:
        return len(self.columns) > CROWDED


def offer(user: Any, code: str, columns: Iterable[tuple[str, str, bool]], usual: Iterable[str]) -> list[Offered]:
    """The columns (code, label, whether numbers) with those ticked that the person chose, else the ``usual`` ones."""
    known = list(columns)
    chosen = set(_remembered[0](user, code)) if _remembered else set()
    wanted = chosen & {each for each, _label, _number in known} or set(usual)
    return [Offered(each, label, each in wanted, number) for each, label, number in known]


def paper_of(shown: ShownList) -> Paper:
    """The paper of a declared list."""
    listing, user = shown.listing, shown.user
    known = [column for column in listing.columns if not column.for_whom or column.for_whom(user)]
    offered = offer(
        user, listing.code, ((column.code, column.label, column.is_number) for column in known),
        (column.code for column in shown.columns),
    )  # fmt: skip
    wanted = [column for column, each in zip(known, offered, strict=True) if each.on]
    rows = listing.shown_rows(shown.found[:MOST_PRINTED], user, wanted)
    back = shown.address(**{PRINT_PARAM: None})
    count = shown.count
    return Paper(
        listing.code, listing.title, shown.words(), listing.unit, count, offered, list(map(_cells, rows)), back,
        more=count > MOST_PRINTED,
    )  # fmt: skip


def _cells(row: Shown) -> list[PaperCell]:
    return [
        PaperCell("\n".join(cell.lines) or " ".join(filter(None, (cell.text, cell.mark))), cell.under)
        for cell in row.cells
    ]


def print_page(request: HttpRequest, paper: Paper) -> HttpResponse:
    """The page that is printed, with the choice of columns above it."""
    by = getattr(request.user, "name", "")
    context = {"paper": paper, "by": by, "at": timezone.localtime(), "most": MOST_PRINTED}
    return render(request, "pages/print.html", context)
