"""Corrections and jumps that carry a household just over the line.

The history keeps what a record said first. Corrections go both ways; where those that end just above the line are many
of those that began just below it, somebody aimed. A jump carried by one transfer item is the other trace of it.
"""

from __future__ import annotations

import numpy as np

from audits.detection.signs.bunching import ABOVE, BELOW, SHARE
from audits.detection.signs.chance import Floats, Sign, likelier_counts, sums, unusual_counts

CARRIED = 0.7
"""A jump is carried by an item that makes up this share of the whole rise."""
NEAR = 1.15
"""How far above the line a jump ends that was made to cross it."""


def written_up(village: Floats, ratio: Floats, first: Floats, villages: int) -> Sign:
    """Households whose record first lay within the window below the line and now lies just above it, of all that first
    lay there. ``first`` is what the record said when it was made; nan where it was never changed."""
    began = np.where(np.isnan(first), ratio, first)
    exposed = (began >= BELOW) & (began <= 1.0)
    crossed = exposed & (ratio > 1.0) & (ratio <= ABOVE)
    return counted(village, crossed, exposed, villages, SHARE)


def carried_jumps(
    village: Floats, items: Floats, items_before: Floats, ratio: Floats, before: Floats,
    transfers: list[int], villages: int,
) -> Sign:  # fmt: skip
    """Households that were at or below last year's line and are above this one's, not far, where one transfer item
    carries the rise, of all households known in both years, amounts and all, that were below."""
    both = ~np.isnan(before) & ~np.isnan(ratio) & ~np.isnan(items_before).all(axis=1)
    exposed = both & (before <= 1.0)
    rise = np.nan_to_num(items[:, transfers]) - np.nan_to_num(items_before[:, transfers])
    largest = rise.max(axis=1)
    whole = net(items) - net(items_before)
    carried = (largest > 0) & (largest >= CARRIED * np.maximum(whole, 1.0))
    return counted(village, exposed & (ratio > 1.0) & (ratio <= NEAR) & carried, exposed, villages)


def net(items: Floats) -> Floats:
    """Income less the expense of business, which stands last; what is not recorded counts 0."""
    return np.nan_to_num(items[:, :-1]).sum(axis=1) - np.nan_to_num(items[:, -1])


def counted(group: Floats, marked: Floats, exposed: Floats, groups: int, share: float | None = None) -> Sign:
    """The sign of marked rows among those that could be, by group; ranked by the likelihood of ``share`` of them being
    invented, if given."""
    count, many = sums(group, groups, marked.astype(float)), sums(group, groups, exposed.astype(float))
    p, expected = unusual_counts(count, many) if share is None else likelier_counts(count, many, share)
    rows: dict[int, list[int]] = {}
    for row in np.flatnonzero(marked):
        rows.setdefault(int(group[row]), []).append(int(row))
    return Sign(p, count, expected, many >= 1, rows)
