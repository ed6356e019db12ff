"""Which rows of a sheet differ from those that left, by the marks of both."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

CHANGED, ADDED, DELETED, MOVED = "changed", "added", "deleted", "moved"
WORDS = {CHANGED: "内容被改", ADDED: "多出的行", DELETED: "被删去的行", MOVED: "顺序被改"}
MOST_NAMED = 500
"""Rows that are named one by one; more are counted."""


@dataclass(frozen=True)
class RowFault:
    """A row that differs: where it stands in the file (0: nowhere), which one it was when it left (0: none; counted
    from the first row of data), and what names it."""

    sheet: str
    kind: str
    row: int
    was: int
    name: str = ""

    @property
    def words(self) -> str:
        return WORDS[self.kind]


def compare(then: Sequence[bytes], now: Sequence[bytes]) -> Iterator[tuple[str, int, int]]:
    """(kind, place now, place then) of every row that differs, places counted from 0 (-1: none).

    Rows that are found again are matched first, each once and in order; between two matched rows what is left on both
    sides is paired as changed, the rest is added or deleted.
    """
    matches = matched(then, now)
    if moved := not rising(matches):
        yield MOVED, -1, -1
    if moved:
        yield from unordered(then, now, matches)
        return
    at_then = at_now = 0
    for was, place in [*matches, (len(then), len(now))]:
        yield from between(range(at_then, was), range(at_now, place))
        at_then, at_now = was + 1, place + 1


def between(gone: Sequence[int], new: Sequence[int]) -> Iterator[tuple[str, int, int]]:
    """What stands between two rows that are found again."""
    both = min(len(gone), len(new))
    yield from ((CHANGED, new[at], gone[at]) for at in range(both))
    yield from ((DELETED, -1, was) for was in gone[both:])
    yield from ((ADDED, place, -1) for place in new[both:])


def matched(then: Sequence[bytes], now: Sequence[bytes]) -> list[tuple[int, int]]:
    """(place then, place now) of the rows that are found again, in the order of the file."""
    waiting: dict[bytes, deque[int]] = defaultdict(deque)
    for place, mark in enumerate(then):
        waiting[mark].append(place)
    found: list[tuple[int, int]] = []
    last = -1
    for place, mark in enumerate(now):
        if places := waiting.get(mark):
            last = later(places, last)
            found.append((last, place))
    return found


def later(places: deque[int], last: int) -> int:
    """Take the first of the places of equal rows that comes after ``last``; the very first where none does."""
    at = next((at for at, place in enumerate(places) if place > last), 0)
    found = places[at]
    del places[at]
    return found


def rising(matches: Sequence[tuple[int, int]]) -> bool:
    return all(one[0] < other[0] for one, other in pairwise(matches))


def unordered(
    then: Sequence[bytes], now: Sequence[bytes], matches: Sequence[tuple[int, int]]
) -> Iterator[tuple[str, int, int]]:
    """Of a sheet whose rows changed places: those that are new, and those that are gone."""
    found_then, found_now = {was for was, _ in matches}, {place for _, place in matches}
    yield from between(
        [was for was in range(len(then)) if was not in found_then],
        [place for place in range(len(now)) if place not in found_now],
    )
