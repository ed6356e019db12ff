"""Another honest county and other ways to lift incomes, to see that the detector does not fit one planter.

Incomes are spread otherwise and made up otherwise; they are lifted by any item in some hamlets only, by all of them, by
a record made of round figures.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from tests.audits.planted import EXPENSE, ITEMS, LINE, LINE_BEFORE, County, honest_county, whole

HAMLETS = 6


def other_county(rng: np.random.Generator, villages: int = 535, households: int = 33_000) -> County:
    """An honest county with heavier tails: most live on one source, business is lumpy, everybody writes whole yuan,
    a village in five whole hundreds."""
    plain = honest_county(rng, villages, households)
    village, count = plain.village, len(plain.village)
    wealth = rng.gamma(9, 1 / 9, villages)[village] * rng.gamma(7, 1 / 7, count)
    now, before = (line * 1.4 * wealth * rng.gamma(30, 1 / 30, count) for line in (LINE, LINE_BEFORE))
    parts = rng.gamma([0.9, 0.5, 0.1, 0.1, 0.2, 0.15, 0.5, 0.1, 0.3], 1.0, (count, EXPENSE))
    parts[rng.random((count, EXPENSE)) < [0.2, 0.35, 0.7, 0.8, 0.6, 0.7, 0.5, 0.8, 0.5]] = 0
    parts[:, 0] += (parts.sum(axis=1) == 0).astype(float)
    items = np.zeros((count, ITEMS))
    spent = now * rng.gamma(2, 0.04, count) * (parts[:, 1] > 0)
    items[:, :EXPENSE] = parts / parts.sum(axis=1, keepdims=True) * ((now + spent) * plain.persons)[:, None]
    items[:, EXPENSE] = spent * plain.persons
    hundreds = (rng.random(villages) < 0.2)[village][:, None]
    items = np.where(hundreds, np.round(items / 100) * 100, np.round(items))
    before[rng.random(count) < 0.08] = np.nan
    return replace(plain, items=items, before=before, first=np.full(count, np.nan))


def lift_in_hamlets(rng: np.random.Generator, county: County, liars: list[int]) -> None:
    """Two hamlets of six lift all that can be lifted, by any item, to anywhere within 8 % above."""
    head = county.per_head
    for liar in liars:
        here = np.flatnonzero(county.village == liar)
        lying = here[np.isin(np.arange(len(here)) % HAMLETS, rng.choice(HAMLETS, 2, replace=False))]
        for household in lying[(head[lying] >= 0.85 * LINE) & (head[lying] <= LINE)]:
            more = (LINE * rng.uniform(1.0, 1.08) - head[household]) * county.persons[household]
            county.items[household, rng.integers(EXPENSE)] += max(1.0, round(more))
    county.liars = liars


def lift_all_items(rng: np.random.Generator, county: County, liars: list[int]) -> None:
    """A third is lifted by writing everything up in proportion: no amount stands out."""
    for household in chosen(rng, county, liars):
        factor = LINE * rng.uniform(1.0005, 1.05) / county.per_head[household]
        county.items[household] = np.round(county.items[household] * factor, 2)
    county.liars = liars


def write_round_records(rng: np.random.Generator, county: County, liars: list[int]) -> None:
    """A third gets a record made at the desk: wages and business in whole hundreds that come to a little more."""
    for household in chosen(rng, county, liars):
        total = np.ceil(LINE * rng.uniform(1.0005, 1.045) * county.persons[household] / 100) * 100
        wage = np.round(total * rng.uniform(0.4, 0.9) / 100) * 100
        county.items[household] = 0
        county.items[household, :2] = wage, total - wage
    county.liars = liars


def chosen(rng: np.random.Generator, county: County, liars: list[int]) -> list[int]:
    """A third of the households within 15 % below the line, village by village."""
    head = county.per_head
    found: list[int] = []
    for liar in liars:
        below = np.flatnonzero((county.village == liar) & (head >= 0.85 * LINE) & (head <= LINE))
        if len(below):
            found += rng.choice(below, whole(rng, len(below) / 3), replace=False).tolist()
    return found


OTHER_PLANTERS = {
    "in hamlets": lift_in_hamlets,
    "all items": lift_all_items,
    "round records": write_round_records,
}
