"""From conditions to a draw: whom there is, how many are needed, how they are spread, which ones they are."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Count, Q

from audits.models import DetectionRun, Sample, Sign
from audits.samples.design.draws import draw
from audits.samples.design.sizes import Stratum, allocate, size_for
from audits.samples.measures import POPULATIONS, measures_of, named
from households.models import Household, Member
from households.models.codes import REGISTERED_POOR
from povreg.kit.scopes import TOWNSHIP, county_of, within
from villages.models import Place

Design = Sample.Design
CLUSTER_EFFECT = 1.5
"""By how much drawing villages first is taken to multiply the variance, when the size is set."""
RESERVE_SHARE = 5
"""One household in reserve for so many drawn, at least one a stratum."""
VILLAGE_STAGE = "village"


@dataclass(frozen=True)
class Wanted:
    """What a sample is to be: the conditions as they were asked for."""

    place: Place
    year: int
    design: str
    measures: Sequence[str]
    confidence: Decimal = Decimal("0.95")
    margin: Decimal = Decimal("0.03")
    expected: Decimal = Decimal("0.05")
    least: int = 0
    risk_weight: Decimal = Decimal(1)
    villages_drawn: int = 0


@dataclass(frozen=True)
class Unit:
    """A household of the frame."""

    pk: int
    number: str
    village: str
    population: str
    persons: int


@dataclass
class Plan:
    """The frame by stratum with the number to draw from each, and how many there are of each population."""

    frame: list[tuple[str, Unit]] = field(default_factory=list)
    sizes: dict[str, int] = field(default_factory=dict)
    units: dict[str, int] = field(default_factory=dict)
    villages: dict[str, int] = field(default_factory=dict)
    """Of villages drawn first: how many there were to draw from, by population."""
    people: dict[str, int] = field(default_factory=dict)
    """Persons of each population, of those still poor and of all (rural) at the place."""

    @property
    def total(self) -> int:
        return sum(self.sizes.values())

    def by_population(self) -> list[tuple[str, int, int]]:
        """Label of each population, how many there are, how many are drawn."""
        there = Counter(unit.population for _, unit in self.frame)
        drawn: Counter[str] = Counter()
        for stratum, size in self.sizes.items():
            drawn[stratum.split("/")[0]] += size
        return [(POPULATIONS[code][0], count, drawn[code]) for code, count in there.items()]

    def lines(self) -> list[tuple[str, str]]:
        return [(stratum, unit.number) for stratum, unit in self.frame]


def populations_for(measures: Sequence[str], year: int) -> list[str]:
    """From whom must be drawn; what is asked of everybody alone needs all of the year's."""
    own = [each.population for each in named(list(measures)) if each.population]
    return list(dict.fromkeys(own or [each.population for each in measures_of(year) if each.population]))


def frame_of(place: str, populations: Iterable[str]) -> list[Unit]:
    """Every household there is, by number. A household of two populations would be drawn twice: the first has it."""
    found: dict[int, Unit] = {}
    for code in populations:
        rows = Household.objects.filter(within("village_id", place), POPULATIONS[code][1], removed_on__isnull=True)
        rows = rows.annotate(people=Count("members", filter=Q(members__left_on__isnull=True)))
        for pk, number, village, people in rows.values_list("pk", "household_no", "village_id", "people"):
            found.setdefault(pk, Unit(pk, number, village, code, max(1, people)))
    return sorted(found.values(), key=lambda unit: unit.number)


def plan(wanted: Wanted, seed: str) -> Plan:
    """Spread the sample over its strata. The seed decides which villages are drawn where these come first."""
    units = frame_of(wanted.place.pk, populations_for(wanted.measures, wanted.year))
    risky = risky_villages(wanted.place.pk, wanted.year) if wanted.design == Design.RISK else frozenset()
    made = Plan(people=people_at(wanted.place.pk, units))
    for code in dict.fromkeys(unit.population for unit in units):
        _plan_population(made, wanted, seed, [unit for unit in units if unit.population == code], risky)
    return made


def people_at(place: str, units: Iterable[Unit]) -> dict[str, int]:
    """How many persons there are, of each population and of the place."""
    counted: Counter[str] = Counter()
    for unit in units:
        counted[unit.population] += unit.persons
    living = Member.objects.present().filter(within("village_id", place), household__removed_on__isnull=True)
    poor = Count("pk", filter=Q(household__exit_status__in=REGISTERED_POOR, household__in_register=True))
    return counted | living.order_by().aggregate(rural=Count("pk"), poor=poor)


def _plan_population(made: Plan, wanted: Wanted, seed: str, units: list[Unit], risky: Collection[str]) -> None:
    clustered = wanted.design == Design.CLUSTERED
    size = size_for(
        len(units), float(wanted.confidence), float(wanted.margin), float(wanted.expected),
        CLUSTER_EFFECT if clustered else 1.0,
    )  # fmt: skip
    if clustered:
        units = _of_drawn_villages(made, wanted, seed, units)
    frame = [(stratum_of(wanted.design, unit, risky), unit) for unit in units]
    counts = Counter(stratum for stratum, _ in frame)
    strata = {
        stratum: Stratum(count, float(wanted.risk_weight) if stratum.endswith("/high") else 1.0)
        for stratum, count in counts.items()
    }
    least = wanted.least if wanted.design == Design.VILLAGES else 0
    made.frame += frame
    made.units |= counts
    made.sizes |= allocate(size, strata, least)


def _of_drawn_villages(made: Plan, wanted: Wanted, seed: str, units: list[Unit]) -> list[Unit]:
    """Only households of the villages that are drawn; the same villages for every population that lives there."""
    villages = sorted({unit.village for unit in units})
    made.villages[units[0].population] = len(villages)
    drawn = draw(seed, ((VILLAGE_STAGE, each) for each in villages), {VILLAGE_STAGE: wanted.villages_drawn})
    chosen = {*drawn.get(VILLAGE_STAGE, ())}
    return [unit for unit in units if unit.village in chosen]


def stratum_of(design: str, unit: Unit, risky: Collection[str]) -> str:
    """The name of a household's stratum: its population, then the place or class it is drawn with."""
    if design == Design.TOWNSHIPS:
        return f"{unit.population}/{unit.village[:TOWNSHIP]}"
    if design in (Design.VILLAGES, Design.CLUSTERED):
        return f"{unit.population}/{unit.village}"
    if design == Design.RISK:
        return f"{unit.population}/{'high' if unit.village in risky else 'other'}"
    return unit.population


def risky_villages(place: str, year: int) -> frozenset[str]:
    """Villages that the latest look over the county's year found strong or middling."""
    run = DetectionRun.objects.filter(county_id=county_of(place), year=year).first()
    found = Sign.objects.filter(run=run, kind=Sign.Kind.OVERALL).exclude(level=Sign.Level.NONE) if run else None
    return frozenset(found.values_list("village_id", flat=True)) if found is not None else frozenset()


def reserve_of(size: int) -> int:
    """How many households stand by in a stratum."""
    return math.ceil(size / RESERVE_SHARE)
