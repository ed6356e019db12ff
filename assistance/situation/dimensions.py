"""Dimensions of households by what they were given, for reports and lists: what happened in the year, by whom.

A closed year asks the same tables: measures, visits and pairings are dated and never belong to another year.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q

from assistance.models import Measure, Pairing, Plan, Visit
from assistance.models.catalogue import Batch
from households.figures.parts import NONE, OF_HOUSEHOLD, Bucket, Dimension


def in_year(field: str, year: int) -> dict[str, Any]:
    return {f"{field}__range": (date(int(year), 1, 1), date(int(year), 12, 31))}


def given(year: int, **more: Any) -> Exists:
    """The household was given a measure in the year."""
    rows = Measure.objects.standing().filter(household=OuterRef("pk"), **in_year("delivered_on", year), **more)
    return Exists(rows.order_by())


def batches(year: int) -> tuple[Bucket, ...]:
    found = [Bucket(code, str(label), Q(given(year, item__batch=code))) for code, label in Batch.choices]
    return (*found, Bucket(NONE, "本年没有措施", Q(~given(year))))


def yes_no(yes: str, no: str, condition: Exists) -> tuple[Bucket, ...]:
    return Bucket("yes", yes, Q(condition)), Bucket("no", no, Q(~condition))


def helped(year: int) -> tuple[Bucket, ...]:
    """A helper on some day of the year."""
    until = Q(ends_on__isnull=True) | Q(ends_on__gte=date(int(year), 1, 1))
    rows = Pairing.objects.filter(until, household=OuterRef("pk"), starts_on__lte=date(int(year), 12, 31))
    return yes_no("有帮扶责任人", "没有帮扶责任人", Exists(rows.order_by()))


def planned(year: int) -> tuple[Bucket, ...]:
    rows = Plan.objects.filter(household=OuterRef("pk"), year=int(year), state=Plan.State.AGREED)
    return yes_no("已商定", "没有商定的计划", Exists(rows.order_by()))


def visited(year: int) -> tuple[Bucket, ...]:
    rows = Visit.objects.standing().filter(household=OuterRef("pk"), **in_year("visited_on", year))
    return yes_no("走访过", "没有走访", Exists(rows.order_by()))


DIMENSIONS = (
    Dimension("batch", "帮扶措施类别", OF_HOUSEHOLD, batches, many=True, note="本年落实的措施，一户可以有几类"),
    Dimension("helped", "帮扶责任人", OF_HOUSEHOLD, helped, note="本年任何一天有人结对"),
    Dimension("planned", "一户一策", OF_HOUSEHOLD, planned, note="和农户商定的本年计划"),
    Dimension("visited", "走访", OF_HOUSEHOLD, visited, note="本年走访过一次以上"),
)
