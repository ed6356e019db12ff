"""Samples and signs of invented data for tests."""

from __future__ import annotations

from typing import Any

from audits.models import DetectionRun, Sample, SampleCase, Sign
from audits.samples.plans import Wanted
from audits.samples.services import draw_sample
from households.models import Household
from tests import factories
from villages.rights import Role


def sample(of: Household | None = None, **facts: Any) -> Sample:
    """A sample of the township for 2026, in which ``of`` is one of the drawn."""
    of = of or factories.household(members=2, exit_status="1")
    number = Sample.objects.count() + 1
    place = factories.place(facts.pop("place", of.village_id[:9]))
    defaults = {"year": 2026, "design": Sample.Design.SIMPLE, "measures": ["not_included", "approval"]}
    wanted = Wanted(place=place, **defaults | facts)  # type: ignore[arg-type]
    return draw_sample(by=factories.posted(Role.COUNTY_OFFICER), wanted=wanted, name=f"第{number}次入户", seed="7f3a")


def case(of: Household | None = None, **facts: Any) -> SampleCase:
    """A household of a sample, to be seen."""
    return sample(of, **facts).cases.filter(**{"household": of} if of else {}).first()  # type: ignore[return-value]


def run(year: int = 2026) -> DetectionRun:
    """A look over the county's year."""
    found = DetectionRun.objects.filter(year=year).first()
    return found or DetectionRun.objects.create(
        county=factories.place(factories.COUNTY), year=year, households=60, villages=1, seconds=0.1, line=8800,
        counts={"income": {"strong": 1}, "overall": {"strong": 1}}, shape=[1] * 33,
    )  # fmt: skip


def sign(**facts: Any) -> Sign:
    """A village that stands out."""
    plain = {
        "run": run(), "village": factories.place(factories.VILLAGE), "kind": "overall", "level": "strong", "score": 4.2,
        "size": 60, "observed": 9, "expected": 2.5, "picture": {"parts": []},
    }  # fmt: skip
    return Sign.objects.create(**plain | facts)


def account_sign(**facts: Any) -> Sign:
    """An account that stands out."""
    return sign(**{"account": factories.user(), "kind": "edits"} | facts)
