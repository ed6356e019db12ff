"""Writing big workbooks row by row in flat memory (docs/decisions/0021-spreadsheet-libraries.md), recorded and signed.

Every text is written as a text cell whatever it starts with, so nothing typed into the register becomes a formula. The
last sheet, 说明, says what the workbook is, and holds its digest (povreg.kit.sheets.digest) and the signature over it.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain, islice
from pathlib import Path
from typing import Any

from rustpy_xlsxwriter import FastExcel, Format

from povreg.kit.sheets.columns import Column
from povreg.kit.sheets.digest import ABOUT_HEADER, ABOUT_SHEET, NUMBER_LABEL, ROWS_LABEL, BookDigest, canonical
from povreg.kit.sheets.kinds import Day, Moment
from povreg.kit.sheets.leaving import Leaving, Opened, open_record
from povreg.kit.sheets.printing import Printed, set_pages

HEADER_LABEL = "表头所在行"
LOOKED_AT = 500  # rows that show which columns hold dates, where their kinds do not say so
DAY, MOMENT = "yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss"
LEAST_WIDTH = {DAY: 11.0, MOMENT: 19.0}
"""Characters: a date that does not fit is shown as ####."""
FIRST_YEAR = 1900  # of a spreadsheet's calendar; what lies before is text
KINDS = {Day: DAY, Moment: MOMENT}


@dataclass(frozen=True)
class SheetOut:
    """One data sheet on its way out; ``rows`` may be an iterator that reads from the database."""

    name: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Any]]
    title: str = ""

    @property
    def header_row(self) -> int:
        return 1 if self.title else 0


def write_workbook(
    path: Path, sheets: Sequence[SheetOut], about: Iterable[tuple[str, Any]], leaving: Leaving
) -> BookDigest:
    """Write data sheets and, last, the sheet 说明 from ``about`` with number of rows, digest and signature put in; what
    leaves is recorded.

    ``about`` is read after the last data row. Returns the digest. Raises OSError when the file cannot be written.
    """
    record = open_record(leaving)
    counted: list[int] = []
    book = FastExcel(str(path))
    for sheet in sheets:
        columns = sheet.columns
        rows = iter(sheet.rows)
        first = list(islice(rows, LOOKED_AT))
        dated = _dated(columns, first)
        book.sheet(
            sheet.name,
            _records(sheet, chain(first, rows), dated, record.digest, counted),
            column_widths=[
                max(column.width, LEAST_WIDTH.get(dated.get(at, ""), 0.0)) for at, column in enumerate(columns)
            ],
            column_formats=[_format(column, dated.get(at, "")) for at, column in enumerate(columns)],
            header_format=_heading(),
            header_row=sheet.header_row,
            merge_ranges=[(0, 0, 0, len(columns) - 1, sheet.title, Format().set_bold())] if sheet.title else None,
        )
        book.freeze(row=sheet.header_row + 1, sheet=sheet.name)
    book.sheet(ABOUT_SHEET, _about(about, leaving, record), column_widths=[24, 80], header_format=_heading())
    book.save()
    set_pages(path, [_printed(sheet, rows) for sheet, rows in zip(sheets, counted, strict=True)])
    record.close(path)
    return record.digest


def _printed(sheet: SheetOut, rows: int) -> Printed:
    return Printed(sheet.name, sheet.header_row + 1, len(sheet.columns), rows)


def _heading() -> Format:
    return Format().set_bold().set_background_color("#EEF2F7").set_text_wrap()


def _dated(columns: Sequence[Column], first: Sequence[Sequence[Any]]) -> dict[int, str]:
    """The columns that hold dates, with their format, by what stands in the first rows and by their kind."""
    seen: dict[int, str] = {}
    for row in first:
        for at, cell in enumerate(row):
            if isinstance(cell, date) and seen.get(at) != MOMENT:
                seen[at] = MOMENT if isinstance(cell, datetime) else DAY
    known = {at: KINDS[type(column.kind)] for at, column in enumerate(columns) if type(column.kind) in KINDS}
    return seen | known


def _format(column: Column, dated: str) -> Format:
    """Texts keep the text format, so that a number typed over an id stays text."""
    if dated:
        return Format().set_num_format(dated)
    return Format() if column.kind.numeric else Format().set_num_format("@")


def _undated(row: Sequence[Any], dated: Collection[int]) -> Sequence[Any]:
    """A row whose dates stand where the column is formatted for them; else they are text."""
    return [
        canonical(cell) if isinstance(cell, date) and (at not in dated or cell.year < FIRST_YEAR) else cell
        for at, cell in enumerate(row)
    ]


def _records(
    sheet: SheetOut, data: Iterable[Sequence[Any]], dated: Collection[int], digest: BookDigest, counted: list[int]
) -> Iterator[dict[str, Any]]:
    """The rows for the writer; how many there were is noted for the filter row."""
    headers = [column.header for column in sheet.columns]
    digest.sheet(sheet.name)
    digest.head([sheet.title])
    digest.head(headers)
    rows = 0
    for row in data:
        digest.add(row)
        rows += 1
        told = _undated(row, dated) if any(isinstance(cell, date) for cell in row) else row
        yield dict(zip(headers, told, strict=True))
    counted.append(rows)
    if not rows:
        yield dict.fromkeys(headers)


def _about(about: Iterable[tuple[str, Any]], leaving: Leaving, record: Opened) -> Iterator[dict[str, Any]]:
    record.digest.sheet(ABOUT_SHEET)
    record.digest.tell(ABOUT_HEADER)
    rows = record.digest.rows
    lines = [("标题", leaving.marked), *about, *record.lines(), (NUMBER_LABEL, record.number), (ROWS_LABEL, rows)]
    for label, value in lines:
        record.digest.tell([label, str(value)])
        yield dict(zip(ABOUT_HEADER, (label, str(value)), strict=True))
    for label, value in record.proof():
        yield dict(zip(ABOUT_HEADER, (label, value), strict=True))
