"""The grids of the reports with columns of their own: amounts by item or by row, and the completeness of entry."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Aggregate
from django.db.models.functions import Left

from povreg.kit.scopes import VILLAGE
from povreg.overview.reports import counting
from povreg.overview.reports.asked import ITEMS, Asked
from povreg.overview.reports.columns import (
    AMOUNTS,
    ENTRY,
    SCALE,
    Column,
    Sums,
    entry_aggregates,
    items_across,
    mark_aggregates,
    of_item,
    of_marks,
    of_sum,
    scale_aggregates,
)
from povreg.overview.reports.counting import ALL, Counted
from povreg.overview.reports.grid import SHARE, Cell, Grid, Head, Line, added, percent, shown
from povreg.overview.reports.lines import Row, heading, rows_of
from villages.models import User


def amounts_grid(asked: Asked, user: User) -> Grid:
    """Items in the rows with all that is worked out of each; or the items in the columns, showing one thing."""
    amounts = AMOUNTS[asked.report.code]
    counted = _sums(asked, user, amounts.aggregates(asked.year))
    if asked.rows != ITEMS:
        return _grid(asked, user, counted, items_across(amounts, asked.show))
    sums = counted.rows[ALL]
    lines = [
        Line(label, _cells(asked, of_item(amounts, code), sums, Row(code, label)))
        for code, label in amounts.labels().items()
    ]
    columns = of_item(amounts, next(iter(amounts.labels())))
    heads = [Head(each.code, each.label, each.unit) for each in columns]
    return Grid(heading(asked), heads, lines, _whole(asked, sums), counted.at)


def _whole(asked: Asked, sums: Sums) -> Line:
    """The last line: net income of the place; for land, whose kinds overlap, the households it is of."""
    amounts = AMOUNTS[asked.report.code]
    homes = Column("homes", "户数", "户", lambda row: row["homes"], amounts.base)
    first, blank = _cells(asked, (homes,), sums, Row("", "")), Cell(None, "")
    if not amounts.spent:
        return Line("有本年记录的户", [*first, *[blank] * 5])
    middle = _cells(asked, of_sum(amounts.unit, amounts.net, amounts.base), sums, Row("", ""))
    return Line("纯收入（收入减支出）", [*first, blank, *middle, blank])


def scale_grid(asked: Asked, user: User) -> Grid:
    """Households and people of the places below, in two statements."""
    return _grid(asked, user, counting.kept(asked, _households_and_people, user), SCALE)


def _households_and_people(asked: Asked, user: User) -> Counted:
    homes = counting.sums(asked, user, scale_aggregates(asked.year, people=False), people=False)
    people = counting.sums(asked, user, scale_aggregates(asked.year, people=True), people=True)
    nobody = dict.fromkeys(scale_aggregates(asked.year, people=True), 0)
    return Counted({line: row | people.rows.get(line, nobody) for line, row in homes.rows.items()})


def marks_grid(asked: Asked, user: User) -> Grid:
    """Households that each figure holds for, and their share of all."""
    marks = asked.report.marks
    grid = _grid(asked, user, _sums(asked, user, mark_aggregates(marks, asked.year)), of_marks(marks))
    cells = grid.total.cells
    grid.shares = [shown(percent(cell.value, cells[-1].value), SHARE) for cell in cells]
    return grid


def entry_grid(asked: Asked, user: User) -> Grid:
    """How complete the entry is, by place, by bucket or by village cadre."""
    by_village = Left(asked.village_of(people=False), VILLAGE) if asked.report.code == "cadres" else None
    return _grid(asked, user, _sums(asked, user, entry_aggregates(asked.year), by_village), ENTRY)


def _sums(asked: Asked, user: User, aggregates: dict[str, Aggregate], line: Any = None) -> Counted:
    return counting.kept(asked, lambda asked, user: counting.sums(asked, user, aggregates, line), user)


def _grid(asked: Asked, user: User, counted: Counted, columns: tuple[Column, ...]) -> Grid:
    rows = rows_of(asked, counted.rows, user)
    nothing = dict.fromkeys(next(iter(counted.rows.values()), {}), 0)
    lines = [
        Line(row.label, _cells(asked, columns, counted.rows.get(row.key, nothing), row), row.url, sub=row.sub)
        for row in rows
        if counted.rows
    ]
    whole = added(counted.rows.values())
    label = "平均" if asked.show in ("per_home", "per_head") else "合计"
    total = Line(label, _cells(asked, columns, whole, Row("", "合计")) if whole else [])
    return Grid(heading(asked), [Head(each.code, each.label, each.unit) for each in columns], lines, total, counted.at)


def _cells(asked: Asked, columns: Iterable[Column], sums: Sums, row: Row) -> list[Cell]:
    return [_cell(asked, column, column.value(sums), row) for column in columns]


def _cell(asked: Asked, column: Column, value: Any, row: Row) -> Cell:
    if column.figure is None or not value:
        return Cell(value, column.unit)
    figures = (*row.figures, *([column.figure] if column.figure else []))
    return Cell(value, column.unit, asked.behind(*figures, place=row.place, people=column.people))
