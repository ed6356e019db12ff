"""How many lifted villages any test could find: an oracle that knows everything but the answer.

``python -m bench.ceiling`` needs no database. A county of 535 villages, 33,000 households; in 20 villages just a third
of the households within 15 % below the line are lifted to within 5 % above it, leaving no earlier value. The oracle
knows the village's own distribution of incomes, what every household should earn but for an error of a known size
(``sigma``, of the logarithm), the share, where the lifted come to stand, and how well its amounts give a household away
(``area``: the chance that a lifted household's amounts look more raised than an honest one's). It ranks villages by the
exact likelihood ratio, which no other test can beat. Beside it stands what the detector finds in the same counties.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from statistics import fmean

import numpy as np
from scipy.stats import norm

from audits.detection.signs.bunching import bunching

VILLAGES, LIARS, SHARE = 535, 20, 1 / 3
BELOW, ABOVE = np.log(0.85), np.log(1.05)
LEVEL, BETWEEN, WITHIN = np.log(1.35), 0.15, 0.42
"""Median income by the line, and the spreads of its logarithm between villages and inside them."""
SEEDS = 20


@dataclass(frozen=True)
class Lifted:
    """A county: of each household its village, what it should earn and what it is said to (logarithms by the line), how
    raised its amounts look, whether it was lifted; and the villages that lie."""

    village: np.ndarray
    hoped: np.ndarray
    said: np.ndarray
    looks: np.ndarray
    lifted: np.ndarray
    liars: np.ndarray


def county(rng: np.random.Generator, size: float, sigma: float, telling: float) -> Lifted:
    many = np.maximum(15, rng.lognormal(np.log(size) - 0.08, 0.4, VILLAGES)).astype(int)
    village = np.repeat(np.arange(VILLAGES), many)
    level = rng.normal(LEVEL, BETWEEN, VILLAGES)[village]
    hoped = level + rng.normal(0, np.sqrt(max(WITHIN**2 - sigma**2, 0)), len(village))
    said = hoped + rng.normal(0, sigma, len(village))
    looks, lifted = rng.normal(0, 1, len(village)), np.zeros(len(village), dtype=bool)
    liars = rng.choice(VILLAGES, LIARS, replace=False)
    for each in liars:
        band = np.flatnonzero((village == each) & (said >= BELOW) & (said <= 0))
        number = len(band) * SHARE
        chosen = rng.choice(band, int(number) + (rng.random() < number % 1), replace=False)
        said[chosen] = np.log(rng.uniform(1.0, 1.05, len(chosen)))
        lifted[chosen] = True
    return Lifted(village, hoped, said, looks + telling * lifted, lifted, liars)


def oracle(found: Lifted, sigma: float, telling: float) -> np.ndarray:
    """The likelihood ratio of each village: over the numbers that may have been lifted, and over who they may be."""
    below = np.bincount(found.village[(found.said >= BELOW) & (found.said <= 0)], minlength=VILLAGES)
    above = np.flatnonzero((found.said > 0) & (found.said <= ABOVE))
    came = norm.cdf(0, found.hoped[above], sigma) - norm.cdf(BELOW, found.hoped[above], sigma)
    lands = np.exp(found.said[above]) / 0.05
    odds = came * lands / norm.pdf(found.said[above], found.hoped[above], sigma)
    odds *= np.exp(telling * found.looks[above] - telling**2 / 2)
    return np.array([of_village(odds[found.village[above] == each], int(below[each])) for each in range(VILLAGES)])


def of_village(odds: np.ndarray, below: int) -> float:
    subsets = np.ones(1)  # sums over the subsets of each size of the products of their odds
    for each in odds:
        subsets = np.convolve(subsets, [1.0, each])
    ways, total = 1.0, 0.0  # of choosing ``lifted`` out of all that were below
    for lifted, sum_of in enumerate(subsets):
        if lifted:
            ways *= (below + lifted) / lifted
        total += max(0.0, 1 - abs((below + lifted) * SHARE - lifted)) * sum_of / ways
    return total


def top_tenth(score: np.ndarray, liars: np.ndarray) -> float:
    """Share of the liars in the top tenth."""
    return float(np.isin(liars, np.argsort(-score, kind="stable")[: VILLAGES // 10]).mean())


def tried(seed: int, size: float, sigma: float, telling: float) -> tuple[float, float, float]:
    """Of one county the share of liars in which anybody was lifted, what the oracle finds of them, and what the
    detector, which sees no ``looks``, does."""
    found = county(np.random.default_rng(seed), size, sigma, telling)
    seen = bunching(found.village, np.exp(found.said), np.exp(found.hoped), VILLAGES)
    lied = float(np.isin(found.liars, found.village[found.lifted]).mean())
    return lied, top_tenth(oracle(found, sigma, telling), found.liars), top_tenth(seen.score, found.liars)


def main(seeds: int) -> None:
    print(
        f"{'households':>10} {'sigma':>6} {'area':>5} {'with a lie %':>13} {'oracle %':>9} {'detector, no looks %':>21}"
    )
    cases = [(62.0, sigma, area) for sigma in (0.42, 0.2, 0.1, 0.05) for area in (0.5, 0.75, 0.9, 0.97)]
    for size, sigma, area in [*cases, (124.0, 0.2, 0.5), (186.0, 0.2, 0.5), (248.0, 0.2, 0.5)]:
        telling = float(norm.ppf(area) * np.sqrt(2))
        shares = np.array([tried(seed, size, sigma, telling) for seed in range(seeds)])
        lied, best, seen = (100 * fmean(column) for column in shares.T.tolist())
        print(f"{size:10.0f} {sigma:6.2f} {area:5.2f} {lied:13.1f} {best:9.1f} {seen:21.1f}", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else SEEDS)
