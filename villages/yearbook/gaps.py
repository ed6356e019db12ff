"""Gaps (短板): what a village still lacks, by the facts of a year. What is not recorded is no gap, and not fine either:
completeness says so."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import BooleanField, Case, Q, Value, When


@dataclass(frozen=True)
class Gap:
    """``holds`` is the condition on a row; ``facts`` are those it reads."""

    code: str
    label: str
    holds: Q
    facts: tuple[str, ...]


def lacking(code: str, label: str, fact: str) -> Gap:
    """A question answered no."""
    return Gap(code, label, Q(**{fact: False}), (fact,))


def some(code: str, label: str, fact: str) -> Gap:
    """A number that should be nought."""
    return Gap(code, label, Q(**{f"{fact}__gt": 0}), (fact,))


def none_of(code: str, label: str, *facts: str) -> Gap:
    """Numbers that are all nought; one that is not recorded leaves it open."""
    return Gap(code, label, Q(**dict.fromkeys(facts, 0)), facts)


GAPS = (
    lacking("hard-road", "未通沥青（水泥）路", "hard_road"),
    some("hamlet-road", "有自然村未通硬化路", "hamlets_without_road"),
    lacking("bus", "未通客运班车", "bus"),
    lacking("power", "未通动力电", "three_phase_power"),
    some("household-power", "有户未通生活用电", "households_without_power"),
    lacking("broadband", "未通宽带", "broadband"),
    some("water-difficult", "有饮水困难户", "water_difficult_households"),
    some("water-unsafe", "有户未实现饮水安全", "water_unsafe_households"),
    some("dilapidated", "有危房户", "dilapidated_households"),
    some("homeless", "有无房户", "homeless_households"),
    none_of("clinic", "无标准化卫生室", "clinics"),
    none_of("doctor", "无医生", "physicians", "village_doctors"),
    none_of("culture", "无文化活动室", "culture_rooms"),
    none_of("collective", "无集体经营收入", "collective_business", "collective_contract", "collective_investment"),
    some("overdue", "有小额信贷逾期户", "loan_overdue_households"),
)
BY_CODE = {gap.code: gap for gap in GAPS}
CHOICES = tuple((gap.code, gap.label) for gap in GAPS)


def marks() -> dict[str, Case]:
    """Annotations ``gap_0`` and so on, in the order of :data:`GAPS`."""
    yes, no = Value(True), Value(False)
    return {
        f"gap_{at}": Case(When(gap.holds, then=yes), default=no, output_field=BooleanField())
        for at, gap in enumerate(GAPS)
    }


def gaps_of(row: object) -> tuple[str, ...]:
    """Labels of the gaps of a row that was read with :func:`marks`."""
    return tuple(gap.label for at, gap in enumerate(GAPS) if getattr(row, f"gap_{at}"))
