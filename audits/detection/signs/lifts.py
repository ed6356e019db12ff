"""How much more a household's amounts look as if one of them had been raised to cross the line than not.

Nobody has to say what a raised amount looks like: the county's own households show it. Every household within the
window below the line is lifted over it by each item in turn, on paper, and the item's share of the income is compared
with the shares that households around the line really have. Beside that stands how an amount is written: one that ends
in cents where the village writes whole tens (or the other way round) was not taken down with the others.
"""

from __future__ import annotations

import numpy as np

from audits.detection.signs.chance import Floats

AROUND = (0.8, 1.3)
"""Where the county's ordinary shares are read, as shares of the line."""
BINS = 40
LANDINGS = np.linspace(1.0, 1.05, 9)[1:]
"""Where a lifted household may come to stand."""
BELIEF = 0.02
"""How much of what is called lifted is taken to look like everybody else, so that no share says too much."""
HABIT = 3.0
"""Amounts of the county that a village's own way of writing weighs against."""
LEAST, MOST = 0.05, 50.0
ONE_ITEM = 0.75
"""How far it is believed that a lie raises one item; the rest may be told in ways that leave amounts as they were."""


def lift_ratios(items: Floats, ratio: Floats, village: Floats, villages: int, window: tuple[float, float]) -> Floats:
    """The likelihood ratio "one item was raised" for every household; about 1 on average among honest ones. ``items``
    are the amounts with the expense of business last, ``ratio`` income a head by the line."""
    income = np.nan_to_num(items[:, :-1])
    net = income.sum(axis=1) - np.nan_to_num(items[:, -1])
    below = np.flatnonzero((ratio >= window[0]) & (ratio <= 1.0))
    around = (ratio > AROUND[0]) & (ratio <= AROUND[1])
    if not len(below):
        return np.ones(len(ratio))
    source = np.repeat(below, len(LANDINGS))
    more = (np.tile(LANDINGS, len(below)) / ratio[source] - 1) * net[source]
    written = written_otherwise(income, village, villages)
    total = income.sum(axis=1)
    of_items = [
        shape_ratio(share(income[:, item], total), share(income[source, item] + more, total[source] + more), around)
        for item in range(income.shape[1])
    ]
    return ONE_ITEM * (np.stack(of_items, axis=1) * written).mean(axis=1) + 1 - ONE_ITEM


def share(amount: Floats, total: Floats) -> Floats:
    return amount / np.maximum(total, 1.0)


def shape_ratio(shares: Floats, lifted: Floats, around: Floats) -> Floats:
    """Density of the lifted shares by that of the households around the line; no amount is a class of its own."""
    seen = shares[around]
    both = np.concatenate([seen[seen > 0], lifted])
    cuts = np.unique(np.quantile(both, np.linspace(0, 1, BINS + 1)[1:-1]))
    honest = np.bincount(classed(seen, cuts), minlength=len(cuts) + 2) + 1.0
    honest = honest / honest.sum()
    raised = np.bincount(classed(lifted, cuts), minlength=len(cuts) + 2) / len(lifted)
    raised = (raised + BELIEF * honest) / (1 + BELIEF)
    return (raised / honest)[classed(shares, cuts)]


def classed(shares: Floats, cuts: Floats) -> Floats:
    return np.where(shares <= 0, 0, 1 + np.searchsorted(cuts, shares))


def written_otherwise(income: Floats, village: Floats, villages: int) -> Floats:
    """For every amount how much likelier its ending (whole tens, whole yuan, cents) is in the county than in its own
    village, the amount itself left out."""
    ratios = np.ones(income.shape)
    for item in range(income.shape[1]):
        there = income[:, item] > 0
        if not there.any():
            continue
        ending, group = endings(income[there, item]), village[there]
        count = np.stack([np.bincount(group[ending == each], minlength=villages) for each in range(3)], axis=1)
        usual = (count.sum(axis=0) + 0.5) / (count.sum() + 1.5)
        others, own = count[group].sum(axis=1) - 1.0, count[group, ending] - 1.0
        here = (own + HABIT * usual[ending]) / (others + HABIT)
        ratios[there, item] = np.clip((0.9 * usual[ending] + 0.1 / 3) / here, LEAST, MOST)
    return ratios


def endings(amount: Floats) -> Floats:
    """0 whole tens, 1 whole yuan, 2 cents."""
    cents = np.round(amount * 100).astype(np.int64)
    return np.where(cents % 1000 == 0, 0, np.where(cents % 100 == 0, 1, 2))
