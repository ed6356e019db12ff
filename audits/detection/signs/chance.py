"""How unlikely a count is among honest villages that differ from each other.

Honest villages are never alike: some cadres round, some work late. So a count is compared with what the county's own
villages show, spread included, and what a few liars add to that spread is cut off before it is measured.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.special import betaln, gammaln

Floats = np.ndarray
TRIM = 0.9
"""The most striking tenth of the villages has no say in what is usual beyond this quantile of theirs."""
TRIMMED = 0.8
"""About what is left of a variance when the upper tenth is capped."""
CUSTOM = (0.9, 0.95)
LEAST_VILLAGES = 20
"""Villages under which a county says nothing about what is usual in it."""
DEPTHS = (0.002, 0.005, 0.01, 0.02, 0.05)
"""How striking a village may be to count for the look that finds it."""
EARNS = 1.5
"""Power by which a look's weight grows with the villages it finds."""
MOST = 300.0
"""The largest score; beyond it floats end."""


@dataclass
class Sign:
    """What one sign says of each group (village or account): the probability ``p`` of as much among honest ones, what
    was counted, what was to be expected, and the rows behind it. ``judged`` is false where too little was there."""

    p: Floats
    observed: Floats
    expected: Floats
    judged: Floats
    rows: dict[int, list[int]] = field(default_factory=dict)

    @property
    def score(self) -> Floats:
        """Orders of magnitude: 3 is one in a thousand."""
        return np.where(self.judged, np.minimum(-np.log10(np.maximum(self.p, 1e-300)), MOST), 0.0)


def sums(group: Floats, groups: int, weights: Floats | None = None) -> Floats:
    """Number (or sum of weights) of rows by group."""
    return np.bincount(group, weights, minlength=groups).astype(float)


def together(signs: Sequence[Sign], weights: Sequence[float] = ()) -> Sign:
    """One sign of several: the harmonic mean of their probabilities. The most striking one decides, paid for by the
    number of looks, and what agrees with it adds to it. ``weights`` give the looks unequal shares of what may be found
    by chance; what was counted, and the rows, are those of the most striking."""
    judged = np.array([each.judged for each in signs], dtype=bool)
    shares = np.array(weights or [1.0] * len(signs))[:, None] * judged
    shares = shares / np.maximum(shares.sum(axis=0), 1e-12)
    odds = shares / np.maximum(np.array([each.p for each in signs]), 1e-300)
    which, pick = np.argmax(odds, axis=0), np.arange(odds.shape[1])
    some = np.asarray(judged.any(axis=0))
    rows = {int(group): signs[int(which[group])].rows.get(int(group), []) for group in pick}
    return Sign(
        np.where(some, np.minimum(1.0, 1 / np.maximum(odds.sum(axis=0), 1e-12)), 1.0),
        np.array([each.observed for each in signs])[which, pick],
        np.array([each.expected for each in signs])[which, pick],
        some,
        {group: found for group, found in rows.items() if found},
    )


def earned(signs: Sequence[Sign], weights: Sequence[float]) -> list[float]:
    """The weights of looks, raised by what each finds in this county (:func:`excess`): where nothing was corrected, the
    look for corrections shall not cost the others what they find."""
    return [weight * (1 + excess(each.p[each.judged])) ** EARNS for each, weight in zip(signs, weights, strict=True)]


def excess(p: Floats) -> float:
    """Villages under one of the depths beyond those to be expected there by chance and a standard deviation more."""
    usual = [(depth, depth * len(p)) for depth in DEPTHS]
    return max(0.0, *((p < depth).sum() - many - many**0.5 for depth, many in usual))


def unusual_counts(count: Floats, exposed: Floats, least: float = 1.0) -> tuple[Floats, Floats]:
    """Probability of at least ``count`` of ``exposed`` in a village of this county (mid-p of the beta-binomial), and
    the expected count. The spread between villages is fitted to all but the most striking tenth."""
    judged = exposed >= least
    rate, rho = usual_of(count[judged], exposed[judged])
    p = np.ones(len(count))
    for each in np.flatnonzero(judged):
        p[each] = upper_tail(round(count[each]), round(exposed[each]), rate, rho)
    return settled(p, judged), exposed * rate


def likelier_counts(count: Floats, exposed: Floats, share: float) -> tuple[Floats, Floats]:
    """The same, ranked by how much likelier a count is where this share of the exposed was invented: the probability
    is that of as high a ratio in any honest village of the county."""
    judged = exposed >= 1
    rate, rho = usual_of(count[judged], exposed[judged])
    if not judged.any():
        return np.ones(len(count)), exposed * rate
    sizes, many = np.unique(np.round(exposed[judged]).astype(int), return_counts=True)
    ratio = {int(size): invented_ratio(int(size), rate, rho, share) for size in sizes}
    whole = np.concatenate([ratio[int(size)] for size in sizes])
    mass = np.concatenate([beta_binomial(int(size), rate, rho) * of for size, of in zip(sizes, many, strict=True)])
    found = np.array([ratio[round(exposed[each])][round(count[each])] for each in np.flatnonzero(judged)])
    p = np.ones(len(count))
    p[judged] = as_high(found, whole, mass / mass.sum())
    return settled(p, judged), exposed * rate


def as_high(found: Floats, values: Floats, mass: Floats) -> Floats:
    """Mid-p: how much of the mass lies at values beyond each one found, and half of what lies just there."""
    order = np.argsort(-values)
    down_to = np.concatenate([[0.0], np.cumsum(mass[order])])
    beyond, there = (np.searchsorted(-values[order], -found, side) for side in ("left", "right"))
    return np.clip((down_to[beyond] + down_to[there]) / 2, 1e-300, 1.0)


def invented_ratio(exposed: int, rate: float, rho: float, share: float) -> Floats:
    """Of each count of ``exposed`` the logarithm of its probability where a share was invented, the others being usual,
    by its probability among the honest."""
    honest = beta_binomial(exposed, rate, rho)
    told = np.array([honest_left(exposed, lied, rate, rho) for lied in range(exposed + 1)])
    return np.log(beta_binomial(exposed, share, 1e-6) @ told + 1e-300) - np.log(honest + 1e-300)


def honest_left(exposed: int, lied: int, rate: float, rho: float) -> Floats:
    """The count where ``lied`` of the exposed are marked in any case."""
    return np.concatenate([np.zeros(lied), beta_binomial(exposed - lied, rate, rho)])


def usual_of(count: Floats, exposed: Floats) -> tuple[float, float]:
    """The county's rate and the spread of its villages, the most striking tenth capped."""
    usual = capped(count, exposed)
    rate = float((usual.sum() + 0.5) / (exposed.sum() + 1.0)) if len(exposed) else 0.5
    return rate, spread_of(usual, exposed, rate)


def capped(count: Floats, exposed: Floats) -> Floats:
    """The counts, none higher than the share that a tenth of the villages exceeds; one event is always one event."""
    if len(count) < LEAST_VILLAGES:
        return count
    most = np.quantile(count / exposed, TRIM)
    return np.minimum(count, np.maximum(1.0, most * exposed))


def spread_of(count: Floats, exposed: Floats, rate: float) -> float:
    """Correlation inside villages by the method of moments; not under a small one, since the upper tail was capped."""
    if len(count) < 3 or not 0 < rate < 1:
        return 0.01
    excess = (count - exposed * rate) ** 2 / (exposed * rate * (1 - rate))
    many = np.maximum(exposed - 1, 1)
    rho = (excess.mean() / TRIMMED - 1) / many.mean()
    return float(np.clip(rho, 0.002, 0.5))


def upper_tail(count: int, exposed: int, rate: float, rho: float) -> float:
    """P(more than ``count``) + half of P(``count``) for the beta-binomial of this mean and correlation."""
    if count <= 0:
        return 1.0
    mass = beta_binomial(exposed, rate, rho)[count:]
    return float(min(1.0, mass.sum() - mass[0] / 2)) if len(mass) else 0.0


def beta_binomial(exposed: int, rate: float, rho: float) -> Floats:
    """The probability of each count from 0 to ``exposed``."""
    size = (1 - rho) / rho
    a, b = rate * size, (1 - rate) * size
    k = np.arange(exposed + 1)
    choose = gammaln(exposed + 1) - gammaln(k + 1) - gammaln(exposed - k + 1)
    return np.exp(choose + betaln(k + a, exposed - k + b) - betaln(a, b))


def settled(p: Floats, judged: Floats) -> Floats:
    """The probabilities after the county's own look. What a tenth of its villages do is custom: orders of magnitude are
    shrunk until the village at the 90th percentile counts as one in ten, and that at the 95th as one in twenty. Never
    made more striking."""
    if judged.sum() < LEAST_VILLAGES:
        return p
    score = -np.log10(np.clip(p[judged], 1e-300, 1.0))
    times = [float(np.quantile(score, share) / -np.log10(1 - share)) for share in CUSTOM]
    return np.where(judged, np.clip(p, 1e-300, 1.0) ** (1 / max(1.0, *times)), 1.0)
