"""Bunching above the line: more households just above it, and fewer just below, than the county's own shape has.

Whoever writes a household over the line takes it from below and leaves it a little above. Among households within the
window around the line the share above is compared with the county's; what last year's income says of a household is
taken into account, so that one that was far above and came down, or lived just there always, is no news
(:mod:`shape`); and so is whether one of its amounts looks raised (:mod:`lifts`). How many stand in the window at all
plays no part: poor villages are not suspicious.

Villages are ranked by the likelihood ratio, not by how rare it would be in a village of their size: that is what puts
most liars at the top. Its probability is that among the county's honest villages, whatever their size.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from audits.detection.signs.chance import Floats, Sign, settled, sums
from audits.detection.signs.lifts import lift_ratios
from audits.detection.signs.shape import expected_above, known_of

BELOW, ABOVE = 0.85, 1.05
"""The window, as shares of the line."""
SHARE = 1 / 3
"""The lie that the test is sharpest for: this share of those below was written up."""
LEAST = 3
"""Households in the window under which a village is not judged."""
STEP = 0.02
"""Grid of the logarithm of the likelihood ratio."""
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
    window = around_the_line(village, ratio, before, raised, villages)
    judged = sums(window.village, villages) >= LEAST
    p = np.where(judged, reached(*likelihoods(window, villages)), 1.0)
    observed = sums(window.village, villages, window.above.astype(float))
    rows = listed(window, villages)
    return Sign(settled(p, judged), observed, sums(window.village, villages, window.chance), judged, rows)


def around_the_line(village: Floats, ratio: Floats, before: Floats, raised: Floats, villages: int) -> Window:
    rows = np.flatnonzero((ratio >= BELOW) & (ratio <= ABOVE))
    above = ratio[rows] > 1.0
    chance = expected_above(above, known_of(rows, village, ratio, before, villages))
    return Window(rows, village[rows], above, chance, looks_of(raised[rows], above))


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


def likelihoods(window: Window, villages: int) -> tuple[Floats, Floats]:
    """Of each village the logarithm of the likelihood ratio of "a third of those below was written up, each by one
    item", in steps of the grid; and how often honest villages of this county reach each of these steps: one that stands
    above has the looks of class k as often as the county's have. The last village's step is counted from the lowest."""
    weights = steps_of(window)
    loss = round(float(np.log(1 - SHARE)) / STEP)
    order = np.argsort(window.village, kind="stable")
    bounds = np.searchsorted(window.village[order], np.arange(villages + 1))
    size = np.diff(bounds)
    lowest = int(size.max(initial=0)) * loss
    found = np.zeros(villages, dtype=int)
    pooled = np.zeros(1)
    for each in np.flatnonzero(size >= LEAST):
        here = order[bounds[each] : bounds[each + 1]]
        taken = weights[here, window.looks.of[here]][window.above[here]]
        found[each] = int(size[each]) * loss + int(taken.sum()) - lowest
        mass = distribution(weights[here], window.chance[here], window.looks.share)
        pooled = added(pooled, mass, int(size[each]) * loss - lowest)
    return found, pooled / max(pooled.sum(), 1e-300)


def steps_of(window: Window) -> Floats:
    """What standing above with the looks of each class adds, for each household, over standing below."""
    chance = window.chance[:, None]
    gain = np.log((chance + SHARE * (1 - chance) * window.looks.ratio) / chance) - np.log(1 - SHARE)
    return np.round(gain / STEP).astype(int)


def distribution(weights: Floats, chance: Floats, share: Floats) -> Floats:
    """The sum of the steps of honest households: none where one stands below."""
    mass = np.ones(1)
    for taken, probability in zip(weights, chance, strict=True):
        one = np.bincount(taken, share * probability)
        one[0] += 1 - probability
        mass = np.convolve(mass, one)
    return mass


def added(whole: Floats, mass: Floats, offset: int) -> Floats:
    """Both, the second from ``offset`` on."""
    longer = np.zeros(max(len(whole), offset + len(mass)))
    longer[: len(whole)] = whole
    longer[offset : offset + len(mass)] += mass
    return longer


def reached(found: Floats, pooled: Floats) -> Floats:
    """Mid-p: how often an honest village gets beyond the step of each, and half of how often it gets just there."""
    beyond = np.append(np.cumsum(pooled[::-1])[::-1], 0.0)
    return np.minimum(1.0, beyond[found + 1] + pooled[found] / 2)


def listed(window: Window, villages: int) -> dict[int, list[int]]:
    """The households just above the line, by village: those that look raised, and that the shape expects least, come
    first."""
    found: dict[int, list[int]] = {}
    shown = np.flatnonzero(window.above)
    order = np.lexsort((window.chance[shown], -window.looks.ratio[window.looks.of[shown]]))
    for each in shown[order]:
        found.setdefault(int(window.village[each]), []).append(int(window.rows[each]))
    return found
