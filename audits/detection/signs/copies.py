"""Incomes that were copied: two households of a village whose amounts agree where agreement says something.

That two households both got 1,380 yuan of pension says nothing, thousands did. That both earned 14,203.57 by work and
3,118.20 at the market does. So each amount that two households share counts by how rare it is in the county.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from audits.detection.signs.chance import Floats, Sign, sums, unusual_counts

MARGIN, FLOOR = 3.0, 10.0
"""An agreement counts that not one pair in twenty counties' worth of neighbours would show by chance (natural logarithm
of the number of pairs, and this much more); in a small county at least the floor."""
CUSTOM, FEW = 0.2, 5
"""Income from outside that a fifth of a village has to the cent (and that many households) is paid out alike there."""
EARNED = (0, 1, 9)
"""Columns of what a household earns and spends itself."""


def copies(village: Floats, persons: Floats, items: Floats, villages: int) -> tuple[Sign, dict[int, list[list[int]]]]:
    """The sign by village, and the groups of households behind it. Amounts a head are compared as well: whoever copies
    from a family of another size copies those."""
    size = sums(village, villages)
    enough = max(FLOOR, MARGIN + float(np.log(max(1.0, (size * (size - 1)).sum() / 2))))
    whole = rarity(village, size, items)
    head = rarity(village, size, np.round(items / persons[:, None], 2))
    order = np.argsort(village, kind="stable")
    bounds = np.searchsorted(village[order], np.arange(villages + 1))
    groups: dict[int, list[list[int]]] = {}
    for each in range(villages):
        here = order[bounds[each] : bounds[each + 1]]
        if found := components(pairs_alike(whole, here, enough) + pairs_alike(head, here, enough), here):
            groups[each] = found
    copied = np.zeros(villages)
    for each, found in groups.items():
        copied[each] = sum(len(group) - 1 for group in found)
    p, expected = unusual_counts(copied, size)
    rows = {each: [row for group in found for row in group] for each, found in groups.items()}
    return Sign(p, copied, expected, size >= 2, rows), groups


def rarity(village: Floats, size: Floats, items: Floats) -> tuple[Floats, Floats]:
    """For each cell a number for its value, and how much it says that a neighbour has the same: by how rare the value
    is in other villages. What says nothing has the number 0."""
    code = np.zeros(items.shape, dtype=np.int64)
    says = np.zeros(items.shape)
    for column in range(items.shape[1]):
        given = np.flatnonzero(np.nan_to_num(items[:, column]) != 0)
        if not len(given):
            continue
        _, value, many = np.unique(items[given, column], return_inverse=True, return_counts=True)
        here = village[given]
        _, place, near = np.unique(value * len(size) + here, return_inverse=True, return_counts=True)
        heard = -np.log((many[value] - near[place] + 1) / len(given))
        paid = (near[place] >= FEW) & (near[place] >= CUSTOM * size[here]) & (column not in EARNED)
        alone = near[place] < 2
        code[given, column] = np.where(paid | alone, 0, value + 1)
        says[given, column] = heard
    return code, says


def pairs_alike(cells: tuple[Floats, Floats], here: Floats, enough: float) -> list[tuple[int, int]]:
    """Pairs of positions in ``here`` whose amounts agree beyond chance, in two items at least."""
    code, says = cells
    linked: dict[tuple[int, int], list[float]] = {}
    for column in range(code.shape[1]):
        shared = np.flatnonzero(code[here, column])
        for same in split_by(code[here[shared], column], shared):
            heard = float(says[here[same[0]], column])
            for pair in combinations(same.tolist(), 2):
                linked.setdefault(pair, []).append(heard)
    return [pair for pair, heard in linked.items() if len(heard) >= 2 and sum(heard) >= enough]


def split_by(code: Floats, positions: Floats) -> list[Floats]:
    """The positions, put together by value."""
    if not len(positions):
        return []
    order = np.argsort(code, kind="stable")
    return np.split(positions[order], np.flatnonzero(np.diff(code[order])) + 1)


def components(pairs: list[tuple[int, int]], here: Floats) -> list[list[int]]:
    if not pairs:
        return []
    one, other = np.array(pairs).T
    links = coo_array((np.ones(len(one)), (one, other)), shape=(len(here), len(here)))
    _, label = connected_components(links, directed=False)
    found: dict[int, list[int]] = {}
    for position in sorted({*one.tolist(), *other.tolist()}):
        found.setdefault(int(label[position]), []).append(int(here[position]))
    return sorted(found.values(), key=len, reverse=True)


def repeated(village: Floats, items: Floats, items_before: Floats, villages: int) -> Sign:
    """Households whose items are last year's to the cent, of those with at least two amounts in both years."""
    now, then = np.nan_to_num(items), np.nan_to_num(items_before)
    exposed = ((now != 0).sum(axis=1) >= 2) & ((then != 0).sum(axis=1) >= 2)
    same = exposed & (now == then).all(axis=1)
    count, size = sums(village, villages, same.astype(float)), sums(village, villages, exposed.astype(float))
    p, expected = unusual_counts(count, size)
    rows: dict[int, list[int]] = {}
    for row in np.flatnonzero(same):
        rows.setdefault(int(village[row]), []).append(int(row))
    return Sign(p, count, expected, size >= 2, rows)
