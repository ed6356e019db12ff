"""How probable it is that an honest household around the line stands above it, given what else the county knows.

A household that stood far above last year and came down is no news just above the line; nor is one of a village that
is better off, or whose incomes all rose. What these are worth is learnt from the county's own households of the window,
by a logistic regression that leans towards "nothing is worth anything" where they are few.
"""

from __future__ import annotations

import numpy as np
from scipy.special import expit

from audits.detection.signs.chance import Floats, sums

KNOTS = np.log([0.7, 0.85, 0.95, 1.05, 1.2, 1.5])
"""Where the weight of last year's income may bend, as shares of that year's line."""
SPAN = (0.2, 5.0)
"""Incomes beyond these shares of the line say no more than the end of it."""
SHRUNK = 8.0
"""Households that the county's mean weighs against a village's own."""
RIDGE = 3.0
STEPS = 12
LEAST, MOST = 0.005, 0.995


def expected_above(above: Floats, known: Floats) -> Floats:
    """The probability for each household of the window, from the columns ``known`` of what is known of it."""
    if not len(above):
        return np.zeros(0)
    scale = np.maximum(known.std(axis=0), 1e-9)
    table = np.column_stack([np.ones(len(above)), (known - known.mean(axis=0)) / scale])
    return np.clip(expit(table @ fitted(table, above.astype(float))), LEAST, MOST)


def fitted(table: Floats, above: Floats) -> Floats:
    """The weights of a logistic regression by Newton's steps; all but the first column's are drawn towards nothing."""
    weights = np.zeros(table.shape[1])
    share = (above.sum() + 0.5) / (len(above) + 1)
    weights[0] = np.log(share / (1 - share))
    pull = np.full(len(weights), RIDGE)
    pull[0] = 0.01
    for _ in range(STEPS):
        chance = expit(table @ weights)
        slope = table.T @ (above - chance) - pull * (weights - [weights[0], *[0.0] * (len(weights) - 1)])
        bend = (table * (chance * (1 - chance))[:, None]).T @ table + np.diag(pull)
        weights = weights + np.linalg.solve(bend, slope)
    return weights


def known_of(rows: Floats, village: Floats, ratio: Floats, before: Floats, villages: int) -> Floats:
    """What is known of the households ``rows``: whether and where they stood last year, how well off their village is
    and how its incomes moved, its households of the window left out."""
    told = ~np.isnan(before[rows]) & (before[rows] > 0)
    then = np.where(told, np.log(np.clip(np.nan_to_num(before[rows], nan=1.0), *SPAN)), 0.0)
    bends = np.where(told[:, None], np.maximum(then[:, None] - KNOTS, 0.0), 0.0)
    others = np.ones(len(ratio), dtype=bool)
    others[rows] = False
    level = log_of(ratio)
    move = level - log_of(before)
    of_village = [mean_of(village, values, others & ~np.isnan(values), villages) for values in (level, move)]
    return np.column_stack([told, then, bends, *(values[village[rows]] for values in of_village)])


def log_of(ratio: Floats) -> Floats:
    return np.where(ratio > 0, np.log(np.clip(np.where(ratio > 0, ratio, 1.0), *SPAN)), np.nan)


def mean_of(village: Floats, values: Floats, chosen: Floats, villages: int) -> Floats:
    """The mean by village of the chosen rows, drawn towards the county's."""
    if not chosen.any():
        return np.zeros(villages)
    whole = float(values[chosen].mean())
    total = sums(village[chosen], villages, values[chosen])
    return (total + SHRUNK * whole) / (sums(village[chosen], villages) + SHRUNK)
