"""The grid of a split: one column a bucket, one row a place or a bucket of another dimension."""

from povreg.overview.reports import counting
from povreg.overview.reports.asked import Asked
from povreg.overview.reports.counting import ALL, Counted
from povreg.overview.reports.grid import SHARE, Cell, Grid, Head, Line, percent, shown
from povreg.overview.reports.lines import Row, heading, rows_of
from villages.models import User

FEW = 9
"""Up to so many buckets all are shown; of more those that hold somebody."""


def grid(asked: Asked, user: User) -> Grid:
    counted = counting.kept(asked, counting.split, user)
    codes = _columns(asked, counted)
    labels, unit = asked.report.dimension.names(), asked.report.unit
    whole = Row("", "合计")
    sums = {code: counted.total(code) for code in (*codes, ALL)}
    return Grid(
        head=heading(asked),
        heads=[Head(code, labels[code], unit) for code in codes],
        lines=[_line(asked, row, counted.rows[row.key], codes) for row in rows_of(asked, counted.rows, user)],
        total=_line(asked, whole, sums, codes),
        at=counted.at,
        shares=[shown(percent(sums[code], sums[ALL]), SHARE) for code in codes],
    )


def _columns(asked: Asked, counted: Counted) -> list[str]:
    codes = list(asked.report.dimension.names())
    return [code for code in codes if counted.total(code) or (len(codes) <= FEW and code != "none")]


def _line(asked: Asked, row: Row, sizes: dict[str, int], codes: list[str]) -> Line:
    def cell(code: str, *figures: str) -> Cell:
        size = sizes.get(code, 0)
        return Cell(size, asked.report.unit, asked.behind(*row.figures, *figures, place=row.place) if size else "")

    cells = [cell(code, f"{asked.report.code}.{code}") for code in codes]
    return Line(row.label, cells, row.url, total=cell(ALL), sub=row.sub)
