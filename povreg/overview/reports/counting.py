"""One grouped statement a report: who stands in which row and column."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.db.models import Aggregate, Count, Q, QuerySet
from django.db.models.expressions import Combinable
from django.db.models.functions import Left
from django.utils import timezone

from households.figures.dimensions import DIMENSIONS
from povreg.overview.reports.asked import ITEMS, PLACES, Asked
from povreg.overview.reports.grid import added
from villages.models import User

ALL = "all"
KEEP = 600
"""Seconds that figures of a place larger than a county are kept."""


@dataclass
class Counted:
    """Figures by row and column, and when they were counted; ``ALL`` is the column of the whole row."""

    rows: dict[str, dict[str, Any]] = field(default_factory=dict)
    at: datetime = field(default_factory=timezone.now)

    def total(self, column: str) -> int:
        return sum(row.get(column, 0) for row in self.rows.values())


def line_of(asked: Asked, people: bool) -> Combinable | None:
    """What the rows of a report are grouped by, counting people or households; None for one row of the whole."""
    if asked.rows == ITEMS:
        return None
    if asked.rows == PLACES:
        return Left(asked.village_of(people=people), asked.digits)
    return DIMENSIONS[asked.rows].case(asked.year)


def split(asked: Asked, user: User) -> Counted:
    """How many are in each bucket of the report's dimension, row by row."""
    rows = asked.base(user).order_by().annotate(line=line_of(asked, asked.of_people))
    return _many(asked, rows) if asked.report.dimension.many else _one(asked, rows)


def _one(asked: Asked, rows: QuerySet) -> Counted:
    found: dict[str, dict[str, Any]] = defaultdict(lambda: defaultdict(int))
    rows = rows.annotate(column=asked.report.dimension.case(asked.year))
    for line, column, size in rows.values_list("line", "column").annotate(size=Count("pk")):
        found[line][column] += size
        found[line][ALL] += size
    return Counted({line: dict(row) for line, row in found.items()})


def _many(asked: Asked, rows: QuerySet) -> Counted:
    """A row counts in several buckets, so that its whole is not the sum of them."""
    parts: dict[str, Q | None] = {each.code: each.rows for each in asked.report.dimension.buckets(asked.year)}
    names = dict(enumerate([*parts, ALL]))
    sizes = {f"n{number}": Count("pk", filter=parts.get(code)) for number, code in names.items()}
    counted = rows.values_list("line").annotate(**sizes)
    return Counted({line: {names[number]: size for number, size in enumerate(row)} for line, *row in counted})


def sums(asked: Asked, user: User, columns: dict[str, Aggregate], line: Combinable | None = None,
         people: bool | None = None) -> Counted:  # fmt: skip
    """Aggregates by row (one row ALL without a grouping), each under its own name."""
    people = asked.of_people if people is None else people
    rows, line = asked.base(user, people=people).order_by(), line or line_of(asked, people)
    if line is None:
        return Counted({ALL: rows.aggregate(**columns)})
    found = rows.annotate(line=line).values_list("line").annotate(**columns)
    return Counted({row[0]: dict(zip(columns, row[1:], strict=True)) for row in found})


def _merged(parts: Sequence[Counted]) -> Counted:
    """Figures of several parts, row by row."""
    rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for part in parts:
        for line, row in part.rows.items():
            rows[line].append(row)
    return Counted({line: added(found) for line, found in rows.items()})


def kept(asked: Asked, count: Callable[[Asked, Any], Counted], user: User) -> Counted:
    """Figures of a place larger than a county are kept for KEEP seconds: counting a province takes seconds. The reader
    sees all of a place or none of it, so that who asks makes no difference."""
    if not asked.wide:
        return count(asked, user)
    key = "report:" + asked.address("report")
    found: Counted | None = cache.get(key)
    if found is None:
        found = _merged([count(part, user) for part in asked.parts()])
        cache.set(key, found, KEEP)
    return found
