"""A report as a workbook: the page's table, the shares of the columns, and the sheet 说明. It names no household."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.utils import timezone

from povreg.kit.sheets.columns import Column
from povreg.kit.sheets.digest import BookDigest
from povreg.kit.sheets.kinds import Text, Whole, Yuan
from povreg.kit.sheets.leaving import Leaving
from povreg.kit.sheets.writer import HEADER_LABEL, SheetOut, write_workbook
from povreg.overview.reports.asked import Asked
from povreg.overview.reports.grid import MU, SHARE, YUAN, Cell, Grid, Line
from povreg.overview.reports.words import narrowed, rule
from villages.models import User

TEXT, COUNT, AMOUNT = Text(200), Whole(0, 10**9), Yuan()
WIDTH, WIDE = 13.0, 24.0


def write_report(path: Path, asked: Asked, grid: Grid, by: User) -> BookDigest:
    """Write what the page shows. Raises OSError."""
    title = f"{asked.place}{asked.year}年{asked.report.title}"
    sheet = SheetOut(asked.report.title[:31], list(_columns(grid)), _rows(grid), title)
    leaving = Leaving(f"report:{asked.report.code}", title, by, asked.place.pk)
    return write_workbook(path, [sheet], _about(asked, grid, by), leaving)


def _columns(grid: Grid) -> Iterator[Column]:
    yield Column(grid.head, "row", TEXT, width=WIDE)
    if _has_subs(grid):
        yield Column("行政村", "sub", TEXT, width=WIDE)
    for head in grid.heads:
        number = AMOUNT if head.unit in (YUAN, MU, SHARE) else COUNT
        yield Column(f"{head.label}（{head.unit}）", head.code, number, width=WIDTH)
    if grid.total.total is not None:
        yield Column(f"合计（{grid.total.total.unit}）", "total", COUNT, width=WIDTH)


def _has_subs(grid: Grid) -> bool:
    return any(line.sub for line in grid.lines)


def _rows(grid: Grid) -> Iterator[list[Any]]:
    subs = _has_subs(grid)
    for line in (*grid.lines, grid.total):
        yield [line.label, *([line.sub or None] if subs else []), *map(plain, _cells(line))]


def _cells(line: Line) -> Iterable[Cell]:
    return (*line.cells, line.total) if line.total else line.cells


def plain(cell: Cell) -> Any:
    """A figure as a spreadsheet's number."""
    return float(cell.value) if isinstance(cell.value, Decimal) else cell.value


def _about(asked: Asked, grid: Grid, by: User) -> Iterator[tuple[str, Any]]:
    yield "报表", asked.report.title
    yield "地区", f"{asked.place}（{asked.place.pk}）"
    yield "年度", asked.year
    yield "行", grid.head
    yield "筛选", "；".join(narrowed(asked)) or "无"
    yield "口径", rule(asked)
    yield "统计时间", f"{timezone.localtime(grid.at):%Y-%m-%d %H:%M:%S}"
    yield "导出人", f"{by.name}（{by.username}）"
    yield "导出时间", f"{timezone.localtime():%Y-%m-%d %H:%M:%S}"
    yield HEADER_LABEL, "2"
