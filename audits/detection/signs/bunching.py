"""Bunching above the line: more households just above it, and fewer just below, than the county's own shape has.

Whoever writes a household over the line takes it from below and leaves it a little above. Among households within the
window around the line the share above is compared with the county's; what last year's income says of a household is
taken into account, so that one that was far above and came down, or lived just there always, is no news; and so is
whether one of its amounts looks raised (:mod:`lifts`). How many stand in the window at all plays no part: poor villages
are not suspicious.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from audits.detection.signs.chance import Floats, Sign, settled, sums
from audits.detection.signs.lifts import lift_ratios

BELOW, ABOVE = 0.85, 1.05
"""The window, as shares of the line."""
SHARE = 1 / 3
"""The lie that the test is sharpest for: this share of those below was written up."""
BINS = 12
PRIOR = 12.0
"""How many households the county's overall share weighs in a bin of last year's incomes."""
LEAST = 3
"""Households in the window under which a village is not judged."""
GRID = 1000
LOOKS = (*np.linspace(0, 1, 13)[:-1], 0.96, 0.985, 0.995)
"""Quantiles that part the looks of the households above into classes."""


@dataclass(frozen=True)
class Looks:
    """How raised the amounts of each household of the window look: its class, and of each class the likelihood ratio
    and its share of the households above."""

    of: Floats
    ratio: Floats
    share: Floats


@dataclass(frozen=True)
class Window:
    """The households around the line: where each stands among all rows, its village, whether above, how probable that
    is by the county's shape, how its amounts look."""

    rows: Floats
    village: Floats
    above: Floats
    chance: Floats
    looks: Looks


def bunching(village: Floats, ratio: Floats, before: Floats, villages: int, items: Floats | None = None) -> Sign:
    """The sign by village. ``ratio`` and ``before`` are net income a head by the line of this and of last year, nan
    where it is not recorded; ``items`` the amounts that make it up."""
    raised = np.ones(len(ratio))
    if items is not None:
        raised = lift_ratios(items, ratio, village, villages, (BELOW, ABOVE))
    window = around_the_line(village, ratio, before, raised)
    size = sums(window.village, villages)
    judged = size >= LEAST
    p = np.ones(villages)
    order = np.argsort(window.village, kind="stable")
    bounds = np.searchsorted(window.village[order], np.arange(villages + 1))
    for each in np.flatnonzero(judged):
        here = order[bounds[each] : bounds[each + 1]]
        p[each] = tail(window.above[here], window.chance[here], window.looks, window.looks.of[here])
    observed = sums(window.village, villages, window.above.astype(float))
    rows = listed(window, villages)
    return Sign(settled(p, judged), observed, sums(window.village, villages, window.chance), judged, rows)


def around_the_line(village: Floats, ratio: Floats, before: Floats, raised: Floats) -> Window:
    rows = np.flatnonzero((ratio >= BELOW) & (ratio <= ABOVE))
    above = ratio[rows] > 1.0
    return Window(rows, village[rows], above, expected_above(above, before[rows]), looks_of(raised[rows], above))


def looks_of(raised: Floats, above: Floats) -> Looks:
    """The likelihood ratios in classes, those of the households above averaging 1."""
    if not above.any():
        return Looks(np.zeros(len(raised), dtype=int), np.ones(1), np.ones(1))
    cuts = np.unique(np.quantile(raised[above], LOOKS))[1:]
    of = np.searchsorted(cuts, raised, side="right")
    count = np.bincount(of[above], minlength=len(cuts) + 1)
    mean = np.bincount(of[above], raised[above], minlength=len(cuts) + 1) / np.maximum(count, 1)
    share = count / count.sum()
    return Looks(of, np.maximum(mean / (mean * share).sum(), 0.01), share)


def expected_above(above: Floats, before: Floats) -> Floats:
    """How probable it is to stand above, for each household of the window, by where it stood last year: shares of the
    county in bins of equal size, drawn towards the share of all."""
    if not len(above):
        return np.zeros(0)
    overall = (above.sum() + 0.5) / (len(above) + 1)
    known = ~np.isnan(before)
    chance = np.full(len(above), overall)
    for chosen in [~known, *bins_of(before, known)]:
        if chosen.any():
            chance[chosen] = (above[chosen].sum() + PRIOR * overall) / (chosen.sum() + PRIOR)
    return np.clip(chance, 0.005, 0.995)


def bins_of(before: Floats, known: Floats) -> list[Floats]:
    if not known.any():
        return []
    cuts = np.unique(np.quantile(before[known], np.linspace(0, 1, BINS + 1)[1:-1]))
    place = np.searchsorted(cuts, before)
    return [known & (place == each) for each in range(len(cuts) + 1)]


def tail(above: Floats, chance: Floats, looks: Looks, of: Floats) -> float:
    """Mid-p of the likelihood ratio against "a third of those below was written up, each by one item", exact but for
    the grid: among honest households one above has the looks of class k as often as the county's have."""
    loss = np.log(1 - SHARE)
    weight = np.log((chance[:, None] + SHARE * (1 - chance[:, None]) * looks.ratio) / chance[:, None]) - loss
    weight = np.maximum(weight, 0.0)
    steps = np.round(weight / max(weight.max(axis=1).sum(), 1e-9) * GRID).astype(int)
    mass = np.zeros(steps.max(axis=1).sum() + 1)
    mass[0] = 1.0
    for taken, probability in zip(steps, chance, strict=True):
        moved = mass * (1 - probability)
        for step, share in zip(taken, looks.share, strict=True):
            moved[step:] += mass[: len(mass) - step] * (probability * share)
        mass = moved
    reached = int(steps[np.arange(len(of)), of][above].sum())
    return float(min(1.0, mass[reached + 1 :].sum() + mass[reached] / 2))


def listed(window: Window, villages: int) -> dict[int, list[int]]:
    """The households just above the line, by village: those that look raised, and that the shape expects least, come
    first."""
    found: dict[int, list[int]] = {}
    shown = np.flatnonzero(window.above)
    order = np.lexsort((window.chance[shown], -window.looks.ratio[window.looks.of[shown]]))
    for each in shown[order]:
        found.setdefault(int(window.village[each]), []).append(int(window.rows[each]))
    return found
