"""What lists of households take from departments' lists: whom they name, and who may not be taken in for it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from audits.comparisons.sources import label_of, sources
from audits.models import ComparisonHit, ComparisonList
from households.procedures.engine.compared import Named, Teller
from households.procedures.engine.procedure import RowGuard

HARD = "E"
AGAINST = ("E", "W")
"""Severities that speak against taking a household in; the others say that two registers differ."""


def named(households: Collection[int]) -> list[Named]:
    """Whom departments' lists name for what speaks against taking him in."""
    rows = ComparisonHit.objects.filter(household__in=list(households), severity__in=AGAINST).select_related("list")
    return [
        Named(
            household_id=row.household_id, what=label_of(row.source), source=f"{row.list.department} {row.list.as_of}",
            on=row.found_on, answer=row.get_answer_display() if row.answer else "",
            stands=row.answer == ComparisonHit.Answer.TRUE if row.answer else None,
            is_hard=row.severity == HARD and not row.weak,
        )
        for row in rows.order_by("pk")
    ]  # fmt: skip


def lists(county: str, since: date) -> list[str]:
    """What departments handed over for a county since a day, as words."""
    rows = _compared(county, since).order_by("source", "as_of")
    return [f"{row.department}{label_of(row.source)}（{row.as_of}）" for row in rows]


def lacking(county: str, since: date) -> list[str]:
    """Hard kinds of lists that nobody handed over since."""
    there = set(_compared(county, since).values_list("source", flat=True))
    return [each.label for each in sources().values() if each.severity == HARD and each.code not in there]


def _compared(county: str, since: date) -> QuerySet[ComparisonList]:
    unread = (ComparisonList.State.READING, ComparisonList.State.FAILED)
    return ComparisonList.objects.filter(county=county, as_of__gte=since).exclude(state__in=unread)


def _hit(**facts: object) -> Q:
    return Q(Exists(ComparisonHit.objects.filter(household_id=OuterRef("household_id"), **facts)))


GUARDS = (
    RowGuard(
        "department_open",
        lambda _: _hit(severity=HARD, weak=False, answer=""),
        "部门比对命中（车辆、房产、企业、财政供养等），还没有核实答复，请先在“比对命中”中答复",
        later=True,
        taking_in=True,
    ),
    RowGuard(
        "department_true",
        lambda _: _hit(severity__in=AGAINST, answer=ComparisonHit.Answer.TRUE),
        "部门比对核实为属实，不符合条件",
        later=True,
        taking_in=True,
    ),
    RowGuard(
        "department_weak",
        lambda _: _hit(severity__in=AGAINST, answer=""),
        "部门比对有命中待核实",
        refuses=False,
        taking_in=True,
    ),
)
TELLER = Teller(named, lists, lacking)
