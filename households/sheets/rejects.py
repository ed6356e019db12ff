"""The rejects workbook: the same columns, only the rejected rows, faulty cells coloured, the reason last.

It is written from the uploaded file itself, so what was typed comes back as it was typed, and it can be corrected and
imported again as it is: the reason column is never read.
"""

from pathlib import Path
from typing import Any

from openpyxl import Workbook as Book
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from households.sheets.outcome import Outcome
from povreg.kit.sheets.columns import REASON_HEADER, Layout
from povreg.kit.sheets.finding import NOTHING, Found, Wishes, open_sheets
from povreg.kit.sheets.reader import Workbook

FAULTY = PatternFill("solid", fgColor="FFD9D2")
HEADING = Font(bold=True)
REASON_WIDTH = 60


def write_rejects(source: Path, target: Path, layout: Layout, outcome: Outcome, wishes: Wishes = NOTHING) -> None:
    """Write the rejected rows of ``source`` to ``target``; without any, the sheets hold their headers only."""
    book = Book(write_only=True)
    with Workbook(source) as read:
        for found in open_sheets(read, layout, wishes):
            _write_sheet(book, read, found, outcome)
    book.save(target)


def _write_sheet(book: Book, read: Workbook, found: Found, outcome: Outcome) -> None:
    sheet = book.create_sheet(found.sheet)
    headers = list(found.headers)
    for position, column in found.match.columns.items():
        headers[position] = column.header
    numbers = outcome.household_nos if found.spec.has("member.name") else {}
    more = ["户编号"] if numbers and "户编号" not in headers else []
    for position, header in enumerate(headers, 1):
        sheet.column_dimensions[get_column_letter(position)].width = max(10, 2.2 * len(str(header)))
    sheet.column_dimensions[get_column_letter(len(headers) + len(more) + 1)].width = REASON_WIDTH
    sheet.freeze_panes = "A2"
    sheet.append([_cell(sheet, text, font=HEADING) for text in (*headers, *more, REASON_HEADER)])
    faulty = outcome.faulty.get(found.sheet, {})
    for number, cells in read.rows(found.sheet, after=found.header_row):
        if number in faulty:
            own = [numbers.get((found.sheet, number))] if more else []
            sheet.append(_row(sheet, cells, len(headers), faulty[number], own))


def _row(sheet: Any, cells: list[Any], width: int, faults: dict[int, str], own: list[Any]) -> list[Any]:
    values = (cells + [""] * width)[:width]
    line: list[Any] = [
        _cell(sheet, value, fill=FAULTY) if position in faults else _cell(sheet, value)
        for position, value in enumerate(values)
    ]
    reason = "；".join(dict.fromkeys(message.rstrip("。") for message in faults.values()))
    return [*line, *own, _cell(sheet, f"{reason}。", alignment=Alignment(wrap_text=True))]


def _cell(sheet: Any, value: Any, **style: Any) -> Any:
    """A cell that is text when its value is: never a formula."""
    cell = WriteOnlyCell(sheet, None if value == "" else value)
    if isinstance(value, str) and value:
        cell.data_type = "s"
    for name, setting in style.items():
        setattr(cell, name, setting)
    return cell
