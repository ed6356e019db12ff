"""Who may have a policy: conditions over a person and his household, each declared once.

A policy names the conditions that all must hold; one of a household as a whole names ``head`` and is counted once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from households.models import AnnualRecord, Member
from households.models.codes import DISABLED, HEAD, SOME_LABOUR, UNSAFE_HOUSE, WEAK_LABOUR

COMPULSORY, SENIOR = ("03", "04", "05", "06"), ("07", "08", "09")
VOCATIONAL, COLLEGE, PRESCHOOL = ("10", "11", "12", "13", "14", "15", "19"), ("16", "17"), ("02",)
"""school_status by stage."""
LONG_ILL = ("02", "03")
"""health: 长期慢性病, 患有大病."""


@dataclass(frozen=True)
class Condition:
    """``holds`` (of a year) is a condition over Member."""

    label: str
    holds: Callable[[int], Q]


def at_stage(stages: tuple[str, ...]) -> Callable[[int], Q]:
    return lambda year: Q(school_status__in=stages)


def recorded(**facts: object) -> Callable[[int], Q]:
    """What the household's record of the year says."""
    return lambda year: Q(Exists(AnnualRecord.objects.filter(household=OuterRef("household"), year=year, **facts)))


def somebody_able(year: int) -> Q:
    people = Member.objects.present().filter(household=OuterRef("household"), labour__in=SOME_LABOUR)
    return Q(Exists(people))


CONDITIONS: dict[str, Condition] = {
    "registered": Condition("在册户", lambda year: Q(household__in_register=True)),
    "head": Condition("按户享受", lambda year: Q(relation=HEAD)),
    "preschool": Condition("学前在园", at_stage(PRESCHOOL)),
    "compulsory": Condition("义务教育在读", at_stage(COMPULSORY)),
    "senior_high": Condition("普通高中在读", at_stage(SENIOR)),
    "vocational": Condition("中高职在读", at_stage(VOCATIONAL)),
    "college": Condition("大专及以上在读", at_stage(COLLEGE)),
    "long_ill": Condition("长期慢性病或大病", lambda year: Q(healths__overlap=list(LONG_ILL))),
    "disabled": Condition("残疾", lambda year: Q(healths__contains=[DISABLED])),
    "unsafe_house": Condition("住房 C、D 级", recorded(house_grade__in=UNSAFE_HOUSE)),
    "unsafe_water": Condition("饮水不安全", recorded(water_safe=False)),
    "able_home": Condition("家里有劳动力", somebody_able),
    "weak_labour": Condition("弱劳动力", lambda year: Q(labour=WEAK_LABOUR)),
}


def words(codes: list[str]) -> str:
    """The conditions as a sentence lists them."""
    return "、".join(CONDITIONS[code].label if code in CONDITIONS else code for code in codes)


def all_of(codes: list[str], year: int) -> Q:
    """All conditions together. A code that is declared no more fits nobody."""
    found = Q()
    for code in codes:
        found &= CONDITIONS[code].holds(year) if code in CONDITIONS else Q(pk__in=[])
    return found
