"""Households for the tests of rules, written by the hundred in a handful of statements."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone

from households.models import AnnualRecord, Assessment, Household, Member, MemberYear
from households.models.household import STANDING
from households.standing import stated
from povreg.kit.crypto import lookup_hash
from povreg.kit.idnumber import IdFault, normalise, parse
from tests import factories as make

MEMBER_FIELDS = {each.name for each in Member._meta.fields}
YEAR_FIELDS = {each.name for each in MemberYear._meta.fields}
_numbers = itertools.count(1)


@dataclass
class Spec:
    """A household as an example describes it: its people (the first is the head unless told otherwise), the record of
    the year, the verdict of the year and of the year before, and what else is done once it is stored."""

    year: int
    people: Sequence[Mapping[str, Any]] = ()
    household: Mapping[str, Any] = field(default_factory=dict)
    record: Mapping[str, Any] | None = None
    before: Mapping[str, Any] | None = None
    earlier: Sequence[str] = ()
    verdict: Mapping[str, Any] | None = None
    verdict_before: Mapping[str, Any] | None = None
    then: Callable[[Household], Any] | None = None
    row: Household = None  # type: ignore[assignment]  # once stored


def store(specs: Sequence[Spec]) -> None:
    """Write the households."""
    village = make.place(make.VILLAGE)
    for spec in specs:
        own = {name: value for name, value in spec.household.items() if name not in STANDING}
        spec.row = Household(household_no=f"5001549{next(_numbers):011}", village=village, **own)
    Household.objects.bulk_create([spec.row for spec in specs])
    said = {spec.row.pk: {"exit_status": "0", **_standing(spec)} for spec in specs}
    stated.state(said.items(), "测试名册", date(2020, 12, 31))
    people = [(spec, person) for spec in specs for person in _people(spec)]
    Member.objects.bulk_create([person for _spec, (person, _given) in people])
    MemberYear.objects.bulk_create([row for spec, (person, given) in people for row in _years(spec, person, given)])
    AnnualRecord.objects.bulk_create([row for spec in specs for row in _records(spec)])
    Assessment.objects.bulk_create([row for spec in specs for row in _verdicts(spec)])
    for spec in specs:
        if spec.then:
            spec.then(spec.row)


def _standing(spec: Spec) -> dict[str, Any]:
    return {name: value for name, value in spec.household.items() if name in STANDING}


def _people(spec: Spec) -> list[tuple[Member, Mapping[str, Any]]]:
    found = []
    for number, given in enumerate(spec.people, 1):
        values = {
            "name": f"王{'甲乙丙丁戊己庚辛壬癸子丑'[number - 1]}",
            "relation": "01" if number == 1 else "99",
            **given,
        }
        own = {name: value for name, value in values.items() if name in MEMBER_FIELDS}
        read = parse(normalise(own["id_no"]), timezone.localdate()) if own.get("id_no") else None
        if read is not None:
            own["id_hash"], own["id_area"] = lookup_hash(own["id_no"]), own["id_no"][:6]
            own["id_valid"] = not isinstance(read, IdFault)
        row = Member(
            household=spec.row, village_id=spec.row.village_id, person_no=f"{spec.row.household_no}{number:02}"
        )
        for name, value in own.items():
            setattr(row, name, value)
        found.append((row, given))
    return found


def _years(spec: Spec, person: Member, given: Mapping[str, Any]) -> list[MemberYear]:
    own = {name: value for name, value in given.items() if name in YEAR_FIELDS}
    keys = {"member": person, "household": spec.row, "village_id": spec.row.village_id}
    rows = [MemberYear(year=spec.year, **keys, **own)]
    return rows + [
        MemberYear(year=spec.year - back, school_status=was, **keys) for back, was in enumerate(spec.earlier, 1)
    ]


def _records(spec: Spec) -> list[AnnualRecord]:
    keys = {"household": spec.row, "village_id": spec.row.village_id}
    given = {spec.year: spec.record, spec.year - 1: spec.before}
    return [AnnualRecord(year=year, **keys, **facts) for year, facts in given.items() if facts is not None]


def _verdicts(spec: Spec) -> list[Assessment]:
    given = {spec.year: spec.verdict, spec.year - 1: spec.verdict_before}
    return [_verdict(spec, year, facts) for year, facts in given.items() if facts is not None]


def _verdict(spec: Spec, year: int, facts: Mapping[str, Any]) -> Assessment:
    defaults = {
        "verdict": "fail" if facts.get("failed") else "pass", "persons": 1, "net_income": Decimal(9000),
        "per_head": Decimal(9000), "line_amount": Decimal(4000), "assessed_at": timezone.now(),
        "counted_in": spec.row.village_id, "criteria_set_id": 1,
    }  # fmt: skip
    return Assessment(household=spec.row, village_id=spec.row.village_id, year=year, **defaults | dict(facts))
