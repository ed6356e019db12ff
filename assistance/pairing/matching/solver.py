"""The matching itself: households to places at helpers, at the least cost, by scipy's exact assignment.

A helper with room for three households has three places; each further place costs a little more, so that loads come out
even. What a pair costs, and why, stands in :mod:`assistance.pairing.matching.costs`. The assignment is the optimum
(Jonker-Volgenant, scipy.optimize.linear_sum_assignment), no estimate: 3,000 households to 1,500 helpers take seconds.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

Matrix = NDArray[np.float64]
CROWDING = 0.3
"""What each further household of a helper costs more than the one before."""


def match(costs: Matrix, rooms: Sequence[int]) -> list[int]:
    """For each household (row) the helper (column) that it gets, -1 for none where there is not room for all.

    ``costs[household, helper]``; ``rooms`` says how many households each helper can still take. The sum of the costs,
    crowding included, is the least there is.
    """
    households = costs.shape[0]
    places = places_of(rooms)
    found = [-1] * households
    if not households or not places.shape[1]:
        return found
    helpers, turns = places
    rows, columns = linear_sum_assignment(costs[:, helpers] + CROWDING * turns)
    for row, column in zip(rows, columns, strict=True):
        found[int(row)] = int(helpers[column])
    return found


def places_of(rooms: Sequence[int]) -> NDArray[np.int64]:
    """Two rows: the helper of each place, and which of his places it is (0, 1, 2, …)."""
    helpers = np.repeat(np.arange(len(rooms)), rooms)
    turns = np.concatenate([np.arange(room) for room in rooms]) if len(rooms) else np.array([])
    return np.array([helpers, turns], dtype=np.int64).reshape(2, -1)


def total(costs: Matrix, found: Sequence[int]) -> float:
    """What a matching costs, crowding included."""
    loads: dict[int, int] = {}
    sum_of = 0.0
    for household, helper in enumerate(found):
        if helper < 0:
            continue
        turn = loads.get(helper, 0)
        sum_of += float(costs[household, helper]) + CROWDING * turn
        loads[helper] = turn + 1
    return sum_of
