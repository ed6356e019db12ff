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
    """One sign of several: the most striking, paid for by the number of looks (Bonferroni). ``weights`` give the looks
    unequal shares of what may be found by chance."""
    judged = np.array([each.judged for each in signs], dtype=bool)
    shares = np.array(weights or [1.0] * len(signs))[:, None] * judged
    shares = shares / np.maximum(shares.sum(axis=0), 1e-12)
    paid = np.where(judged, np.array([each.p for each in signs]) / np.maximum(shares, 1e-12), 2.0)
    which, pick = np.argmin(paid, axis=0), np.arange(paid.shape[1])
    rows = {int(group): signs[int(which[group])].rows.get(int(group), []) for group in pick}
    return Sign(
        np.minimum(1.0, paid[which, pick]),
        np.array([each.observed for each in signs])[which, pick],
        np.array([each.expected for each in signs])[which, pick],
        np.asarray(judged.any(axis=0)),
        {group: found for group, found in rows.items() if found},
    )


def unusual_counts(count: Floats, exposed: Floats, least: float = 1.0) -> tuple[Floats, Floats]:
    """Probability of at least ``count`` of ``exposed`` in a village of this county (mid-p of the beta-binomial), and
    the expected count. The spread between villages is fitted to all but the most striking tenth."""
    judged = exposed >= least
    kept, usual = exposed[judged], capped(count[judged], exposed[judged])
    rate = float((usual.sum() + 0.5) / (kept.sum() + 1.0)) if len(kept) else 0.5
    rho = spread_of(usual, kept, rate)
    p = np.ones(len(count))
    for each in np.flatnonzero(judged):
        p[each] = upper_tail(round(count[each]), round(exposed[each]), rate, rho)
    return settled(p, judged), exposed * rate


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
    if exposed <= 0:
        return 1.0
    size = (1 - rho) / rho
    a, b = rate * size, (1 - rate) * size
    k = np.arange(count, exposed + 1)
    choose = gammaln(exposed + 1) - gammaln(k + 1) - gammaln(exposed - k + 1)
    mass = np.exp(choose + betaln(k + a, exposed - k + b) - betaln(a, b))
    return float(min(1.0, mass.sum() - mass[0] / 2))


def settled(p: Floats, judged: Floats) -> Floats:
    """The probabilities after the county's own look. What a tenth of its villages do is custom: orders of magnitude are
    shrunk until the village at the 90th percentile counts as one in ten, and that at the 95th as one in twenty. Never
    made more striking."""
    if judged.sum() < LEAST_VILLAGES:
        return p
    score = -np.log10(np.clip(p[judged], 1e-300, 1.0))
    times = [float(np.quantile(score, share) / -np.log10(1 - share)) for share in CUSTOM]
    return np.where(judged, np.clip(p, 1e-300, 1.0) ** (1 / max(1.0, *times)), 1.0)
