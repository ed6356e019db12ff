"""Closed years: the conditions of figures on what was closed, instead of on what is known now.

A verdict, a record and a member's row of the year stay as they were closed and are read where they lie. What goes on
living, who a person is and where he lived, is read from the closed rows: ``lived`` on people, ``closed`` on households.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, FilteredRelation, OuterRef, Q, QuerySet

from households.closed.selectors import FrozenYear
from households.models import Assessment, CountedPerson
from povreg.kit.scopes import within

OF_PERSON = {
    field.name: f"lived__{field.name}"
    for field in CountedPerson._meta.concrete_fields
    if field.name not in {"id", "member", "household", "village", "year", "counted", "counted_in"}
} | {"village_id": "lived__counted_in"}
OF_HOUSEHOLD = {"other_causes": "closed__other_causes"}
"""Columns of members and households to those of the closed rows."""


def is_frozen(year: int) -> bool:
    return isinstance(year, FrozenYear)


def frozen_condition(condition: Q, columns: dict[str, str]) -> Q:
    """The same condition on the closed rows."""
    found = Q(_connector=condition.connector, _negated=condition.negated)
    found.children = [_frozen(child, columns) for child in condition.children]
    return found


def _frozen(child: Any, columns: dict[str, str]) -> Any:
    if isinstance(child, Q):
        return frozen_condition(child, columns)
    if not isinstance(child, tuple):
        return child
    name, _, test = child[0].partition("__")
    if child[0].startswith("lived__relation"):
        return child
    return (f"{columns[name]}__{test}" if test else columns[name], child[1]) if name in columns else child


def frozen_households(rows: QuerySet, year: int) -> QuerySet:
    """Households with ``closed``, where they were counted in a closed year; those that figures counted."""
    judged = Assessment.objects.filter(household=OuterRef("pk"), year=year, counted=True)
    rows = rows.annotate(closed=FilteredRelation("closed_years", condition=Q(closed_years__year=year)))
    return rows.filter(Exists(judged), closed__isnull=False)


def frozen_people(rows: QuerySet, year: int) -> QuerySet:
    """Members with ``lived``, their row as counted in a closed year, and ``its``, their row of the year."""
    lived = FilteredRelation("counted_years", condition=Q(counted_years__year=year))
    its = FilteredRelation("years", condition=Q(years__year=year))
    return rows.annotate(lived=lived, its=its).filter(lived__isnull=False)


def has_labour(year: int, labour: Iterable[str]) -> Exists:
    """Households in which somebody who was counted could work."""
    return Exists(CountedPerson.objects.filter(household=OuterRef("pk"), year=year, labour__in=list(labour)))


def inside(place: str, *, people: bool) -> Q:
    """Rows that were counted under a place, in the tree of that day."""
    return within("lived__counted_in" if people else "closed__counted_in", place)
