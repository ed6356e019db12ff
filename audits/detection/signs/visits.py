"""Visits that were not made: missing, or written at the desk with a photo at hand."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from audits.detection.signs.chance import Floats, Sign, sums, unusual_counts

AT_ONCE = 6.0
"""Minutes between two entries by one account for two households that were not typed on the spot."""
RUN = 3
"""So many such entries in a row are a sitting at the desk."""
A_DAY = 15
"""Households that one person can visit in a day, at the most."""
LEAST = 4


@dataclass(frozen=True)
class Visits:
    """Visits in the books: of which group, by which account, household, day, minute of entry, number of the photo's
    content (-1: none)."""

    group: Floats
    account: Floats
    household: Floats
    day: Floats
    minute: Floats
    photo: Floats


@dataclass(frozen=True)
class Due:
    """Visits that were to be made: of which group, of which household, and whether one stands in the books."""

    group: Floats
    household: Floats
    made: Floats


def visits(found: Visits, due: Due, groups: int) -> dict[str, Sign]:
    """The signs by group, with the households: visits that are not there, photos used again, entries in a sitting."""
    return {"missing": missing(due, groups), **written(found, groups)}


def written(found: Visits, groups: int) -> dict[str, Sign]:
    """What the visits in the books say themselves."""
    return {
        "reused": reused(found, groups),
        "desk": at_the_desk(found, groups),
        "too_many": too_many(found, groups),
    }


def missing(due: Due, groups: int) -> Sign:
    return marked_of(due.group, due.household, ~due.made, groups)


def reused(found: Visits, groups: int) -> Sign:
    """Visits whose photo stands with another visit, too."""
    with_photo = found.photo >= 0
    again = np.zeros(len(found.photo), dtype=bool)
    if with_photo.any():
        _, place, many = np.unique(found.photo[with_photo], return_inverse=True, return_counts=True)
        again[with_photo] = many[place] > 1
    return marked_of(found.group, found.household, again, groups)


def at_the_desk(found: Visits, groups: int) -> Sign:
    """Visits entered in a sitting: by one account, for different households, minutes apart."""
    order = np.lexsort((found.minute, found.account))
    account, minute, household = found.account[order], found.minute[order], found.household[order]
    close = (account[1:] == account[:-1]) & (minute[1:] - minute[:-1] <= AT_ONCE) & (household[1:] != household[:-1])
    sitting = np.zeros(len(order), dtype=bool)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], close.astype(int), [0]])))
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        if end - start >= RUN:
            sitting[order[start : end + 1]] = True
    return marked_of(found.group, found.household, sitting, groups)


def too_many(found: Visits, groups: int) -> Sign:
    """Visits on days on which one account visited more households than anybody can."""
    key = np.stack([found.account, found.day], axis=1) if len(found.day) else np.zeros((0, 2))
    marked = np.zeros(len(found.day), dtype=bool)
    if len(key):
        _, place, many = np.unique(key, axis=0, return_inverse=True, return_counts=True)
        marked = many[place.reshape(-1)] > A_DAY
    return marked_of(found.group, found.household, marked, groups)


def marked_of(group: Floats, household: Floats, marked: Floats, groups: int, least: int = LEAST) -> Sign:
    """The sign of marked rows among all of a group; ``rows`` are the households."""
    count, size = sums(group, groups, marked.astype(float)), sums(group, groups)
    p, expected = unusual_counts(count, size, least)
    rows: dict[int, list[int]] = {}
    for row in np.flatnonzero(marked):
        rows.setdefault(int(group[row]), []).append(int(household[row]))
    return Sign(p, count, expected, size >= least, {each: list(dict.fromkeys(some)) for each, some in rows.items()})
