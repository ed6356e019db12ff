"""What a sample says: each measure's rate with its interval, and whether it keeps its limit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

import numpy as np
from django.db.models import QuerySet

from audits.models import Sample, SampleCase
from audits.samples.design.estimates import NOTHING, Estimate, Looked, estimate, sum_of
from audits.samples.measures import Measure, named
from povreg.kit.prepared import Ready

INCIDENCE = "incidence"
PEOPLE = "people/"
"""Where a sample keeps how many persons there were, beside its strata."""
LIMIT_OF_INCIDENCE = 0.02
"""A county's exit (policy.md 2.6); 3 % in the west, where a county sets its own."""
WRONG_EXIT, MISSED = "wrong_exit", "missed"


@dataclass(frozen=True)
class Result:
    """A measure with what was found. ``answered`` households gave an answer; ``limit`` is 不超过 or 不低于, None where
    there is none; ``kept``: yes, no, "unsure" while the interval holds the limit, "" without one."""

    code: str
    label: str
    formula: str
    answered: int
    rate: float
    low: float
    high: float
    limit: float | None
    at_most: bool
    kept: str

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


class Case(NamedTuple):
    """A household that was seen: of whom, in which stratum, how many persons, and what was found."""

    population: str
    stratum: str
    persons: int
    answers: dict[str, bool | None]


def _done(sample: int) -> QuerySet[Any, Any]:
    return SampleCase.objects.filter(sample=sample, state=SampleCase.State.DONE).values_list(*Case._fields)


DONE = Ready(_done, int)


def results_of(row: Sample) -> list[Result]:
    """The rates of a sample: as they were frozen when it was closed, else as the households seen so far say."""
    if row.results and not row.is_open:
        return [Result(**each) for each in row.results.values()]
    cases = [Case(*each) for each in DONE(row.pk)]
    found = {each.code: estimate_of(row, each, cases) for each in named(row.measures)}
    shown = [shown_result(row, each, found[each.code]) for each in named(row.measures)]
    return [*shown, *incidence(row, found)]


def estimate_of(row: Sample, measure: Measure, cases: Sequence[Case]) -> Estimate:
    """The rate of one measure over the strata of its population."""
    own = [
        case
        for case in cases
        if measure.population in ("", case.population) and case.answers.get(measure.code) is not None
    ]
    if not own:
        return NOTHING
    counted = np.array([case.persons if measure.counts == "persons" else 1 for case in own], dtype=float)
    wrong = counted * np.array([bool(case.answers[measure.code]) for case in own])
    return estimate(looked(row, own, wrong, counted), float(row.confidence))


def looked(row: Sample, own: Sequence[Case], wrong: np.ndarray, counted: np.ndarray) -> Looked:
    """The cases as the estimator takes them, by the design of the draw."""
    if row.design == Sample.Design.CLUSTERED:
        populations = sorted({case.population for case in own})
        strata = sorted({case.stratum for case in own})
        return Looked(
            np.array([populations.index(case.population) for case in own]),
            wrong,
            counted,
            [row.strata[each]["units"] for each in strata],
            np.array([strata.index(case.stratum) for case in own]),
            [row.strata[f"{each}/"]["villages"] for each in populations],
        )
    strata = sorted({case.stratum for case in own})
    place = np.array([strata.index(case.stratum) for case in own])
    return Looked(place, wrong, counted, [row.strata[each]["units"] for each in strata])


def shown_result(row: Sample, measure: Measure, found: Estimate) -> Result:
    limit = measure.limit_at(row.place_id)
    at_most = "least" not in limit
    bound = limit.get("most", limit.get("least"))
    return Result(
        measure.code, measure.label, measure.formula, found.looked, found.rate, found.low, found.high, bound, at_most,
        kept(found.low, found.high, bound, at_most) if found.known else "",
    )  # fmt: skip


def kept(low: float, high: float, bound: float | None, at_most: bool) -> str:
    """Whether a rate keeps its limit, as sure as the interval is."""
    if bound is None:
        return ""
    if (high <= bound) if at_most else (low >= bound):
        return "yes"
    return "no" if ((low > bound) if at_most else (high < bound)) else "unsure"


def incidence(row: Sample, found: dict[str, Estimate]) -> list[Result]:
    """综合贫困发生率 (policy.md 10.11): those still poor, overlooked and wrongly let go, extrapolated, over the rural
    population; where both were measured."""
    if WRONG_EXIT not in found or MISSED not in found or not (found[WRONG_EXIT].known and found[MISSED].known):
        return []
    people = row.strata.get(PEOPLE, {})
    rural = people.get("rural", 0)
    if not rural:
        return []
    parts = [(people["exited"] / rural, found[WRONG_EXIT]), (people["unregistered"] / rural, found[MISSED])]
    rate, low, high = sum_of(parts, people["poor"] / rural)
    looked_at = found[WRONG_EXIT].looked + found[MISSED].looked
    bound = LIMIT_OF_INCIDENCE
    formula = "（剩余贫困人口 + 错退人口 + 漏评人口）÷ 乡村总人口"
    keeps = kept(low, high, bound, at_most=True)
    return [Result(INCIDENCE, "综合贫困发生率", formula, looked_at, rate, low, min(1.0, high), bound, True, keeps)]
