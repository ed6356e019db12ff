"""Trying the detector on planted counties: the invented books as the detector takes them, and how well it did."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from audits.detection.signs.edits import Edits
from audits.detection.signs.visits import Due, Visits
from audits.detection.signs.whole import FLAGGED, Facts, judge
from tests.audits.planted import APPROVAL, LINE, LINE_BEFORE, QUARTERS, County, choose_liars, honest_county


@dataclass(frozen=True)
class Trial:
    """Share of the liars in the top tenth, by all kinds together and by the kind's own sign; share of the honest that
    were flagged."""

    found: float
    found_by_kind: float
    flagged: float


def facts_of(county: County) -> Facts:
    return Facts(
        villages=county.villages,
        village=county.village,
        persons=county.persons.astype(float),
        items=county.items,
        items_before=np.full(county.items.shape, np.nan),
        ratio=county.per_head / LINE,
        before=county.before / LINE_BEFORE,
        first=county.first / LINE,
        visits=visits_of(county),
        due=due_of(county),
        edits=edits_of(county),
    )


def visits_of(county: County) -> Visits:
    return Visits(
        county.village[county.visit_of],
        county.visit_account,
        county.visit_of,
        county.visit_day,
        county.visit_minute.astype(float),
        county.visit_photo,
    )


def due_of(county: County) -> Due:
    made = np.zeros((len(county.village), QUARTERS), dtype=bool)
    made[county.visit_of, np.minimum(county.visit_day // 91, QUARTERS - 1)] = True
    household = np.repeat(np.arange(len(county.village)), QUARTERS)
    return Due(county.village[household], household, made.reshape(-1))


def edits_of(county: County) -> Edits:
    before = (APPROVAL - county.edit_day).astype(float)
    minute = county.edit_day * 1440.0 + county.edit_hour * 60 + (county.edit_of * 7919) % 60
    return Edits(
        county.village[county.edit_of],
        county.edit_account,
        county.edit_hour,
        minute,
        np.where(before >= 0, before, np.nan),
        county.edit_of,
    )


def tried(
    plant: Callable[..., Any],
    kind: str,
    seed: int,
    villages: int = 535,
    liars: int = 20,
    honest: Callable[..., County] = honest_county,
) -> Trial:
    """One county, some of whose villages lie; what the detector makes of it."""
    rng = np.random.default_rng(seed)
    county = honest(rng, villages, villages * 62)
    plant(rng, county, choose_liars(rng, county, liars))
    judged = judge(facts_of(county))
    others = np.setdiff1d(np.arange(county.villages), county.liars)
    overall = judged.overall
    return Trial(
        top_tenth(overall.score, county.liars),
        top_tenth(judged.kinds[kind].score, county.liars),
        float(np.mean(overall.p[others] < FLAGGED)),
    )


def top_tenth(score: np.ndarray, liars: list[int]) -> float:
    top = set(np.argsort(-score, kind="stable")[: len(score) // 10].tolist())
    return float(np.mean([liar in top for liar in liars]))


KIND_OF = {
    "lifted": "income",
    "lifted at entry": "income",
    "copied": "copies",
    "skipped": "visits",
    "invented": "visits",
    "night": "edits",
}
"""By which sign each lie is to be found."""
