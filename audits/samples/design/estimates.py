"""What a sample says of its population, and how sure that is.

A rate is a ratio: of the persons (or households) looked at, so many were wrong. Households are drawn and persons
counted, so a household is a cluster of its people; strata are drawn at unlike shares; villages may be drawn before
households. The variance follows the design (linearised ratio, finite population), and the interval is Wilson's with the
number of independent looks that this variance amounts to (Korn and Graubard's effective sample size), which holds for
rates near 0 and 1 where the textbook's ± does not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import stdtrit

from audits.samples.design.sizes import normal

Floats = np.ndarray
RARE = 25
"""Wrong units under which the spread inside strata is not trusted."""


@dataclass(frozen=True)
class Estimate:
    """A rate with its interval; ``looked`` units were in the sample, ``effective`` independent ones say as much."""

    rate: float
    low: float
    high: float
    looked: int
    effective: float

    @property
    def known(self) -> bool:
        return self.looked > 0


NOTHING = Estimate(0.0, 0.0, 1.0, 0, 0.0)


@dataclass(frozen=True)
class Looked:
    """The units of a sample: the stratum of each, what was wrong in it, of how many. ``units``: how many units there
    are by stratum. ``cluster``: number of the village it was drawn with, where villages were drawn first, ``clusters``
    how many of them there are by stratum, and ``units`` then counts by village."""

    stratum: Floats
    wrong: Floats
    base: Floats
    units: Sequence[int]
    cluster: Floats | None = None
    clusters: Sequence[int] = ()


def estimate(looked: Looked, confidence: float = 0.95) -> Estimate:
    """The rate in the population with its interval. Strata that nobody looked at say nothing and weigh nothing."""
    count = len(looked.wrong)
    weight = weights_of(looked)
    whole = float((weight * looked.base).sum())
    if not count or whole <= 0:
        return NOTHING
    rate = float((weight * looked.wrong).sum() / whole)
    rest = (looked.wrong - rate * looked.base) * weight / whole
    variance, free = spread(looked, rest)
    simple = looks_of(looked, weight)
    effective = simple
    if variance > 0 and 0 < rate < 1:
        effective = rate * (1 - rate) / variance
    z = quantile(confidence, free)
    low, high = wilson(rate, effective, z)
    return Estimate(rate, low, high, count, effective)


def weights_of(looked: Looked) -> Floats:
    """How many units of the population each unit of the sample stands for."""
    taken = np.bincount(looked.stratum, minlength=len(looked.units)).astype(float)
    per = np.divide(np.array(looked.units, dtype=float), taken, out=np.zeros(len(taken)), where=taken > 0)
    if looked.cluster is None:
        return per[looked.stratum]
    return clustered_weights(looked)


def clustered_weights(looked: Looked) -> Floats:
    """Villages of a stratum were drawn alike, households in each village, too: ``units`` then counts by village."""
    assert looked.cluster is not None
    inside = np.bincount(looked.cluster, minlength=len(looked.units)).astype(float)
    pairs = np.unique(np.stack([looked.stratum, looked.cluster], axis=1), axis=0)
    drawn = np.bincount(pairs[:, 0], minlength=len(looked.clusters)).astype(float)
    first = np.array(looked.clusters, dtype=float)[looked.stratum] / drawn[looked.stratum]
    return first * np.array(looked.units, dtype=float)[looked.cluster] / inside[looked.cluster]


def spread(looked: Looked, rest: Floats) -> tuple[float, float]:
    """Variance of the rate, and its degrees of freedom."""
    if looked.cluster is None:
        seen, free = between(looked.stratum, rest, np.array(looked.units, dtype=float))
        return (max(seen, alike(looked, rest)) if is_rare(looked) else seen), free
    pairs, place = np.unique(np.stack([looked.stratum, looked.cluster], axis=1), axis=0, return_inverse=True)
    totals = np.bincount(place.reshape(-1), rest)
    return between(pairs[:, 0], totals, np.array(looked.clusters, dtype=float), whole=False)


def between(stratum: Floats, rest: Floats, available: Floats, whole: bool = True) -> tuple[float, float]:
    """Variance of a sum over strata of what varies inside them. ``whole``: a stratum taken whole adds nothing; of
    villages drawn first it does, since households in them were drawn as well. A stratum with one look takes the
    spread of all."""
    variance, free = 0.0, 0.0
    taken = np.bincount(stratum, minlength=len(available)).astype(float)
    centre = np.bincount(stratum, rest, minlength=len(available)) / np.maximum(taken, 1)
    square = np.bincount(stratum, (rest - centre[stratum]) ** 2, minlength=len(available))
    pooled = float((rest**2).mean()) if len(rest) else 0.0
    for each in np.flatnonzero(taken):
        many = taken[each]
        left = 1 - many / available[each] if whole else 1.0
        inside = square[each] / (many - 1) if many > 1 else pooled
        variance += max(0.0, left) * many * inside
        free += many - 1
    return variance, max(1.0, free)


def is_rare(looked: Looked) -> bool:
    """Whether too few units are wrong, or right, for the strata to tell how much they vary."""
    wrong = int((looked.wrong > 0).sum())
    return min(wrong, len(looked.wrong) - wrong) < RARE


def alike(looked: Looked, rest: Floats) -> float:
    """The variance if all strata vary as much as the whole sample does. Where little is wrong, most strata show nothing
    at all, and what they show would make the sample look surer than it is."""
    weight = weights_of(looked)
    size = weight * np.where(looked.base > 0, 1.0, 0.0)
    varies = float((size * (rest / np.maximum(weight, 1e-12)) ** 2).sum() / max(size.sum(), 1e-12))
    taken = np.bincount(looked.stratum, minlength=len(looked.units)).astype(float)
    left = 1 - taken / np.maximum(np.array(looked.units, dtype=float), 1)
    return float((np.maximum(left, 0)[looked.stratum] * weight**2 * varies).sum())


def looks_of(looked: Looked, weight: Floats) -> float:
    """Independent looks where nothing varies: the sample's own number, less what unequal weights take, more what the
    finite population gives."""
    size = weight * looked.base
    kish = float(size.sum() ** 2 / (size**2).sum())
    population = float(sum(looked.units))
    left = max(1e-9, 1 - len(looked.wrong) / population) if population else 1.0
    return kish / left


def quantile(confidence: float, free: float) -> float:
    """Student's quantile: few villages make a wide interval."""
    return float(stdtrit(free, (1 + confidence) / 2)) if free < 1000 else normal(confidence)


def wilson(rate: float, looks: float, z: float) -> tuple[float, float]:
    """Wilson's score interval of a rate seen in so many independent looks."""
    if looks <= 0:
        return 0.0, 1.0
    square = z * z / looks
    middle = (rate + square / 2) / (1 + square)
    half = z / (1 + square) * np.sqrt(rate * (1 - rate) / looks + square / (4 * looks))
    return max(0.0, float(middle - half)), min(1.0, float(middle + half))


def sum_of(parts: Sequence[tuple[float, Estimate]], certain: float = 0.0) -> tuple[float, float, float]:
    """A weighted sum of independent rates plus what is counted, with its interval (Zou and Donner's MOVER): for the
    overall incidence of poverty, which adds what was found wrong among those who left to what was overlooked."""
    middle = certain + sum(weight * each.rate for weight, each in parts)
    down = np.sqrt(sum((weight * (each.rate - each.low)) ** 2 for weight, each in parts))
    up = np.sqrt(sum((weight * (each.high - each.rate)) ** 2 for weight, each in parts))
    return middle, max(0.0, float(middle - down)), float(middle + up)
