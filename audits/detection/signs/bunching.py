"""Bunching above the line: more households just above it, and fewer just below, than the county's own shape has.

Whoever writes a household over the line takes it from below and leaves it a little above. Among households within the
window around the line the share above is compared with the county's; what last year's income says of a household is
taken into account, so that one that was far above and came down, or lived just there always, is no news. How many stand
in the window at all plays no part: poor villages are not suspicious.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from audits.detection.signs.chance import Floats, Sign, settled, sums

BELOW, ABOVE = 0.85, 1.05
"""The window, as shares of the line."""
SHARE = 1 / 3
"""The lie that the test is sharpest for: this share of those below was written up."""
BINS = 12
PRIOR = 12.0
"""How many households the county's overall share weighs in a bin of last year's incomes."""
LEAST = 3
"""Households in the window under which a village is not judged."""
GRID = 240


@dataclass(frozen=True)
class Window:
    """The households around the line: where each stands among all rows, its village, whether above, how probable that
    is by the county's shape."""

    rows: Floats
    village: Floats
    above: Floats
    chance: Floats


def bunching(village: Floats, ratio: Floats, before: Floats, villages: int) -> Sign:
    """The sign by village. ``ratio`` and ``before`` are net income a head by the line of this and of last year, nan
    where it is not recorded."""
    window = around_the_line(village, ratio, before)
    size = sums(window.village, villages)
    judged = size >= LEAST
    p = np.ones(villages)
    order = np.argsort(window.village, kind="stable")
    bounds = np.searchsorted(window.village[order], np.arange(villages + 1))
    for each in np.flatnonzero(judged):
        here = order[bounds[each] : bounds[each + 1]]
        p[each] = tail(window.above[here], window.chance[here])
    observed = sums(window.village, villages, window.above.astype(float))
    rows = listed(window, villages)
    return Sign(settled(p, judged), observed, sums(window.village, villages, window.chance), judged, rows)


def around_the_line(village: Floats, ratio: Floats, before: Floats) -> Window:
    rows = np.flatnonzero((ratio >= BELOW) & (ratio <= ABOVE))
    above = ratio[rows] > 1.0
    return Window(rows, village[rows], above, expected_above(above, before[rows]))


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


def tail(above: Floats, chance: Floats) -> float:
    """Mid-p of the likelihood ratio against "a third of those below was written up", exact but for the grid."""
    gain = np.log((chance + SHARE * (1 - chance)) / chance)
    loss = np.log(1 - SHARE)
    weight = gain - loss
    steps = np.maximum(1, np.round(weight / weight.sum() * GRID)).astype(int)
    mass = np.zeros(steps.sum() + 1)
    mass[0] = 1.0
    for step, probability in zip(steps, chance, strict=True):
        moved = np.zeros_like(mass)
        moved[step:] = mass[:-step]
        mass = mass * (1 - probability) + moved * probability
    reached = int(steps[above].sum())
    return float(min(1.0, mass[reached + 1 :].sum() + mass[reached] / 2))


def listed(window: Window, villages: int) -> dict[int, list[int]]:
    """The households just above the line, by village: those that the shape expects least come first."""
    found: dict[int, list[int]] = {}
    shown = np.flatnonzero(window.above)
    for each in shown[np.argsort(window.chance[shown], kind="stable")]:
        found.setdefault(int(window.village[each]), []).append(int(window.rows[each]))
    return found
