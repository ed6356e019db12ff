"""How well invented data is found: planted counties over twenty seeds, each lie at the strength of the bar.

``python -m bench.detection`` alone needs no database. The planters (tests/audits/planted.py) know nothing of the
detector.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from statistics import fmean
from typing import Any

from bench.measure import Figure, clocked, table
from tests.audits.planted import PLANTERS, honest_county
from tests.audits.planted_otherwise import OTHER_PLANTERS, other_county
from tests.audits.trials import KIND_OF, Trial, tried

SEEDS = 20
FOUND, FLAGGED = 0.9, 0.05
UNSEEN = "lifted at entry"
"""The lie that leaves no earlier value: measured, without a bar, since no test can find it at this strength."""


def figures(seeds: int = SEEDS) -> list[Figure]:
    """For each lie the share of liars in the top tenth, and the share of honest villages flagged."""
    found: list[Figure] = []
    for name, plant in PLANTERS.items():
        trials: list[Trial] = []
        seconds = clocked(lambda: trials.extend(tried(plant, KIND_OF[name], seed) for seed in range(seeds)))  # noqa: B023
        bar = None if name == UNSEEN else FOUND
        detail = {
            "worst seed": min(trial.found_by_kind for trial in trials),
            "seconds a county": seconds / seeds,
            "by all kinds together": fmean(trial.found for trial in trials),
        }
        best, whole, honest = (percent(trials, code) for code in ("found_by_kind", "found", "flagged"))
        found += [
            Figure(f"{name}: % of liars in the top tenth", best, "%", bar and 100 * bar, "above", detail),
            Figure(f"{name}: % of liars in the top tenth of all kinds", whole, "%"),
            Figure(f"{name}: % of honest villages flagged", honest, "%", 100 * FLAGGED),
        ]
    return found + [
        figure
        for where, honest in (("", honest_county), (" of another county", other_county))
        for name, plant in OTHER_PLANTERS.items()
        for figure in lifted_otherwise(name + where, plant, honest, seeds // 4)
    ]


def lifted_otherwise(name: str, plant: Callable[..., Any], honest: Callable[..., Any], seeds: int) -> list[Figure]:
    """Planters and counties that nothing was made for: measured, without a bar."""
    trials = [tried(plant, "income", seed, honest=honest) for seed in range(1000, 1000 + seeds)]
    return [
        Figure(f"lifted {name}: % of liars in the top tenth", percent(trials, "found_by_kind"), "%"),
        Figure(f"lifted {name}: % of honest villages flagged", percent(trials, "flagged"), "%", 100 * FLAGGED),
    ]


def percent(trials: list[Trial], name: str) -> float:
    return 100 * fmean(getattr(trial, name) for trial in trials)


if __name__ == "__main__":
    print(table(figures(int(sys.argv[1]) if len(sys.argv) > 1 else SEEDS)))
