"""How many households a sample needs, and how they are spread over strata."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from scipy.special import ndtri

FULL_MARGIN = 0.5


def normal(confidence: float) -> float:
    """The two-sided quantile of the normal distribution: 1.96 for 0.95."""
    return float(ndtri((1 + confidence) / 2))


def size_for(population: int, confidence: float, margin: float, rate: float, design_effect: float = 1.0) -> int:
    """Units to draw so that a share near ``rate`` is known to ± ``margin`` at ``confidence``, with the correction for a
    finite population. ``design_effect``: by how much the design multiplies the variance of a simple draw.

    Raises ValueError for a confidence, margin or rate that is no share.
    """
    if not (0 < confidence < 1 and 0 < margin < FULL_MARGIN and 0 < rate < 1 and design_effect > 0):
        raise ValueError("confidence, margin and rate must be shares")
    if population <= 0:
        return 0
    endless = normal(confidence) ** 2 * rate * (1 - rate) / margin**2 * design_effect
    return min(population, math.ceil(endless / (1 + (endless - 1) / population) - 1e-9))


@dataclass(frozen=True)
class Stratum:
    """Units that are drawn from together: how many there are, and how much more often than others they are drawn."""

    units: int
    weight: float = 1.0


def allocate(total: int, strata: Mapping[str, Stratum], least: int = 0) -> dict[str, int]:
    """How many of ``total`` each stratum gets: in proportion to its units times its weight, at least ``least`` (or all
    it has), never more than it has. What a full stratum cannot take goes to the others; the sum grows only where the
    least of all strata is more than ``total``. Largest remainders; ties by code, so that anybody gets the same."""
    given = {code: min(least, each.units) for code, each in strata.items()}
    while (left := total - sum(given.values())) > 0:
        free = {code: each for code, each in strata.items() if given[code] < each.units}
        if not free:
            break
        share = {code: each.units * each.weight for code, each in free.items()}
        whole = sum(share.values())
        wanted = {code: max(0.0, total * value / whole - given[code]) for code, value in share.items()}
        scale = left / (sum(wanted.values()) or 1)
        for code, extra in rounded({code: value * min(1.0, scale) for code, value in wanted.items()}, left).items():
            given[code] = min(strata[code].units, given[code] + extra)
    return given


def rounded(wanted: Mapping[str, float], total: int) -> dict[str, int]:
    """Whole numbers near those wanted that add up to ``total``: the largest remainders are rounded up."""
    down = {code: math.floor(value + 1e-9) for code, value in wanted.items()}
    missing = total - sum(down.values())
    order = sorted(wanted, key=lambda code: (down[code] - wanted[code], code))
    for code in (order * (missing // max(1, len(order)) + 1))[: max(0, missing)]:
        down[code] += 1
    return down
