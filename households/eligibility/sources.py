"""Where the facts of a verdict come from: who entered or imported them last, and when.

Reads the change history, so a fact that was changed past the product says so. The years' record is one row, a member's
year another; the source of a criterion is the latest change of any fact it looks at.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from households.eligibility.criterion import Criterion
from households.history.versions import Source as Rows, Step, steps
from households.models import AnnualRecord, Assessment, MemberYear
from povreg.kit.history import hand_of, verb_label
from povreg.kit.values import OUTSIDE

LOOKED_AT = 200  # versions


@dataclass(frozen=True)
class Source:
    """Who put a fact there, in which act, when; ``record`` names the row that holds it."""

    record: str
    who: str
    verb: str
    at: datetime


def sources(assessment: Assessment, criteria: Iterable[Criterion]) -> dict[str, Source]:
    """The latest source of every criterion whose facts are recorded, in a few queries."""
    record, members = _steps_of(AnnualRecord, assessment), _steps_of(MemberYear, assessment)
    latest: dict[str, Step] = {}
    for criterion in criteria:
        found = _latest(members, criterion.of_year) or _latest(record, criterion.record)
        if found is not None:
            latest[criterion.code] = found
    return {code: _source(step, assessment.year) for code, step in latest.items()}


def _steps_of(model: type[AnnualRecord | MemberYear], assessment: Assessment) -> list[Step]:
    """The versions of the year's rows, newest first."""
    found = steps(Rows(model), assessment.household_id, LOOKED_AT)
    return [step for step in found if step.event.year == assessment.year]


def _latest(newest_first: Iterable[Step], facts: Sequence[str]) -> Step | None:
    return next((step for step in newest_first if any(_changed(step, fact) for fact in facts)), None)


def _changed(step: Step, fact: str) -> bool:
    now = getattr(step.event, fact)
    before = getattr(step.before, fact) if step.before is not None else None
    return now != before and not (step.before is None and now in (None, ""))


def _about(step: Step) -> Mapping[str, Any]:
    return step.event.pgh_context.metadata if step.event.pgh_context else {}


def _source(step: Step, year: int) -> Source:
    about = _about(step)
    who = (step.author or hand_of(about.get("verb", ""))) if step.event.pgh_context else OUTSIDE
    record = "成员年度记录" if step.model is MemberYear else "年度记录"
    return Source(f"{year}年{record}", who, about.get("reason") or verb_label(about.get("verb", "")), step.at)
