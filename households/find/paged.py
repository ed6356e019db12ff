"""One page of a long list: how many rows there are, counted up to a bound, and which of them stand on the page."""

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import F, QuerySet

COUNT_CAP, WIDE_CAP, WIDE_FOUND = 10_000, 500, 200
"""Rows are counted up to here: within a county, beyond one, and of a name or number looked for beyond one."""
ROWS = 50  # of a page
Row = TypeVar("Row")


@dataclass
class ListPage(Generic[Row]):
    """One page of a list of households or people.

    ``count`` is exact up to COUNT_CAP, above the county WIDE_CAP (WIDE_FOUND in a search); ``capped`` says that there
    are more. ``whole`` is how many there are in all, where the summaries know it: behind a figure of a dashboard.
    """

    rows: list[Row]
    number: int
    pages: int
    count: int
    capped: bool
    whole: int | None = None

    @property
    def first(self) -> int:
        """The place of the first row of the page in the whole list, from 1."""
        return (self.number - 1) * ROWS + 1

    @property
    def has_previous(self) -> bool:
        return self.number > 1

    @property
    def has_next(self) -> bool:
        return self.number < self.pages


@dataclass(frozen=True)
class Found:
    """A page that exists, and the ids of its rows in order."""

    ids: list[int]
    number: int
    pages: int
    count: int
    capped: bool


def find_page(rows: QuerySet, number: int, size: int, cap: int) -> Found:
    """The page of ordered ``rows`` with this number, or the nearest there is.

    Rows are found out of order, which may stop at the bound, and put in order when they were all found. Of more than
    ``cap`` rows the page is read in order instead: that is soon done where so many rows match.
    """
    number = min(number, cap + 1)  # whatever was typed: no page of more rows than are counted
    count, ids = _counted(rows, cap + 1, number, size)
    capped, count = count > cap, min(count, cap)
    pages = max(1, -(-count // size))
    if not 1 <= number <= pages:
        return find_page(rows, min(max(number, 1), pages), size, cap)
    if capped:
        ids = list(rows.values_list("pk", flat=True)[(number - 1) * size : min(number * size, cap)])
    return Found(ids, number, pages, count, capped)


COUNTED = """
WITH found (id, {columns}) AS MATERIALIZED ({rows})
SELECT n, CASE WHEN n < {most} THEN ARRAY(SELECT id FROM found ORDER BY {columns} OFFSET {before} LIMIT {size}) END
  FROM (SELECT count(*) AS n FROM found) whole
"""


def _counted(rows: QuerySet, most: int, number: int, size: int) -> tuple[int, list[int]]:
    """How many rows there are, counted up to ``most``; the ids of the page in their order, if they are fewer."""
    keys = [_key(each) for each in rows.query.order_by]
    try:
        statement, params = rows.order_by().values_list("pk", *keys)[:most].query.sql_with_params()
    except EmptyResultSet:
        return 0, []
    named = ", ".join(f"key{at}" for at, _ in enumerate(keys))
    before = max(number - 1, 0) * size
    with connection.cursor() as cursor:
        cursor.execute(
            COUNTED.format(columns=named, rows=statement, most=int(most), before=int(before), size=int(size)), params
        )
        count, ids = cursor.fetchone()
    return count, ids or []


def _key(order: Any) -> Any:
    """What a list is put in order by, smallest first: the name of a field or an expression."""
    return F(order) if isinstance(order, str) else order
