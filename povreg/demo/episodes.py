"""Invented episodes of monitoring: what a household is at risk of, since when, and whether the risk is gone."""

from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Any

UNSTABLE, EDGE, SUDDEN = "1", "2", "3"  # monitor_type
UNSTABLE_OR_SUDDEN = ((UNSTABLE, 4), (SUDDEN, 1))
EDGE_OR_SUDDEN = ((EDGE, 4), (SUDDEN, 1))
SHARE = 0.045  # of former poor households
RISK_OF_CAUSE = {"01": "01", "02": "02", "03": "03", "04": "08", "08": "06"}  # cause to risk
RISKS = ("01", "02", "03", "06", "07", "08", "09", "10")
FIRST, LAST = date(2021, 3, 1), date(2026, 10, 20)
CLEARED = 0.62
SOONEST, LATEST = 190, 640  # days from inclusion to removal of the risk


@dataclass(frozen=True, slots=True)
class Episode:
    """One episode; ``cleared`` is None while the risk is there."""

    klass: str
    risks: tuple[str, ...]
    since: date
    cleared: date | None

    def said(self) -> dict[str, Any]:
        """The episode as a roster says it."""
        found = {"monitor_type": self.klass, "risk_identified_on": self.since, "risks": list(self.risks)}
        cleared = {"risk_cleared": self.cleared is not None, "risk_cleared_on": self.cleared}
        return found | cleared | {"risk_clear_way": "1" if self.cleared else ""}


def make_episode(
    rng: Random, cause: str, classes: tuple[tuple[str, int], ...], *, certain: bool = False
) -> Episode | None:
    """An episode that fits the household's cause, for a few households or a ``certain`` one."""
    if not certain and rng.random() >= SHARE:
        return None
    since = date.fromordinal(rng.randrange(FIRST.toordinal(), LAST.toordinal()))
    first = RISK_OF_CAUSE.get(cause, "07")
    more = tuple(risk for risk in rng.sample(RISKS, rng.randrange(0, 3)) if risk != first)
    cleared = None
    if rng.random() < CLEARED:
        day = date.fromordinal(since.toordinal() + rng.randrange(SOONEST, LATEST))
        cleared = day if day <= LAST else None
    kinds, weights = zip(*classes, strict=True)
    return Episode(rng.choices(kinds, weights)[0], (first, *more), since, cleared)
