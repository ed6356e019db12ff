"""Last digits: amounts that were counted end in any digit, amounts that were guessed end in 0 and 5."""

from __future__ import annotations

import numpy as np
from scipy.special import chdtrc

from audits.detection.signs.chance import Floats, Sign, settled, unusual_counts

LEAST = 20
"""Households under which digits say nothing."""
ROUND = (0, 5)


def digits_of(amount: Floats) -> Floats:
    """The digit of whole yuan of each amount; -1 where there is none."""
    given = ~np.isnan(amount) & (np.abs(amount) >= 10)
    return np.where(given, np.floor(np.abs(np.nan_to_num(amount)) + 1e-9) % 10, -1).astype(int)


def table_of(village: Floats, digit: Floats, villages: int) -> Floats:
    """Counts by village and digit."""
    table = np.zeros((villages, 10))
    given = digit >= 0
    np.add.at(table, (village[given], digit[given]), 1)
    return table


def last_digits(village: Floats, amount: Floats, villages: int) -> tuple[Sign, Floats]:
    """The sign by village, and the counts behind its picture: too many 0 and 5 for this county, where a third of the
    villages may well round; or a pattern that no village of the county shows."""
    digit = digits_of(amount)
    table = table_of(village, digit, villages)
    size = table.sum(axis=1)
    judged = size >= LEAST
    rounded = table[:, ROUND].sum(axis=1)
    p_round, expected = unusual_counts(rounded, size, LEAST)
    shape = (table[judged].sum(axis=0) + 1) / (table[judged].sum() + 10) if judged.any() else np.full(10, 0.1)
    hoped = size[:, None] * shape
    far = ((table - hoped) ** 2 / np.maximum(hoped, 1e-9)).sum(axis=1)
    p_shape = settled(np.where(judged, chdtrc(9, far), 1.0), judged)
    p = np.where(judged, np.minimum(1.0, 2 * np.minimum(p_round, p_shape)), 1.0)
    rows: dict[int, list[int]] = {}
    for row in np.flatnonzero(np.isin(digit, ROUND)):
        rows.setdefault(int(village[row]), []).append(int(row))
    return Sign(p, rounded, expected, judged, {each: found for each, found in rows.items() if p[each] < 0.05}), table
