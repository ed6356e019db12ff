"""The rejects workbook: the same columns, only the rejected rows, faulty cells coloured, the reason last.

It is written from the uploaded file itself, so what was typed comes back as it was typed, and it can be corrected and
imported again as it is: the reason column is never read. Each row stands for itself: number, village and head of its
household are in it, whether or not the file wrote them once for all; numbers of papers and accounts are text.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.db.models import Q
from openpyxl import Workbook as Book
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from households.models import Member
from households.sheets.lines import Lines
from households.sheets.outcome import Outcome
from povreg.kit.scopes import within
from povreg.kit.sheets.cells import EXACT_DIGITS, lost_digits, text_of
from povreg.kit.sheets.columns import REASON_HEADER, Column, Layout, plain_header
from povreg.kit.sheets.finding import NOTHING, Found, Wishes, open_sheets
from povreg.kit.sheets.reader import Row, Workbook

FAULTY = PatternFill("solid", fgColor="FFD9D2")
HEADING = Font(bold=True)
REASON_WIDTH = 60
NARROWEST = 10
HEAD, NUMBER = "户主姓名", "户编号"
TEXT = "@"


def write_rejects(source: Path, target: Path, layout: Layout, outcome: Outcome, wishes: Wishes = NOTHING) -> None:
    """Write the rejected rows of ``source`` to ``target``; without any, the sheets hold their headers only."""
    book = Book(write_only=True)
    with Workbook(source) as read:
        for found in open_sheets(read, layout, wishes):
            lines = Lines(found, read.rows(found.sheet, after=found.header_row), hidden=wishes.of(found.sheet).hidden)
            _Rejects(found, outcome).write(book, lines)
    book.save(target)


class _Rejects:
    """The rejected rows of one sheet."""

    def __init__(self, found: Found, outcome: Outcome) -> None:
        self.found, self.outcome = found, outcome
        self.at = {column.field: position for position, column in found.match.columns.items()}
        self.faulty = outcome.faulty.get(found.sheet, {})
        people = found.spec.has("member.name")
        self.headers = self._headers()
        numbered = NUMBER in self.headers or not any(sheet == found.sheet for sheet, _ in outcome.household_nos)
        self.more = [NUMBER] if people and not numbered else []
        self.named = people and HEAD not in self.headers

    def _headers(self) -> list[str]:
        """The layout's own headers; a known header over a column that is not read says so, lest it be read later."""
        known = {plain_header(name) for column in self.found.spec.columns for name in column.headers()}
        doubtful = {at for _, rivals in self.found.match.doubtful for at in rivals}
        headers = []
        for at, header in enumerate(self.found.headers):
            column = self.found.match.columns.get(at)
            left_out = column is None and at not in doubtful and plain_header(header) in known
            headers.append(column.header if column else f"{text_of(header)}（不读）" if left_out else text_of(header))
        return headers

    def write(self, book: Book, rows: Iterable[Row]) -> None:
        sheet = book.create_sheet(self.found.sheet)
        last = [*self.more, *([HEAD] if self.named else []), REASON_HEADER]
        for position, header in enumerate([*self.headers, *last], 1):
            sheet.column_dimensions[get_column_letter(position)].width = self._width(position - 1, header)
        sheet.freeze_panes = "A2"
        sheet.append([_cell(sheet, text, font=HEADING) for text in (*self.headers, *last)])
        if not self.faulty:
            return
        listed = list(self._rejected(rows))
        for number, cells, key in listed:
            own = [self.outcome.household_nos.get((self.found.sheet, number))] if self.more else []
            heads = [self.heads.get(key)] if self.named else []
            sheet.append(self._row(sheet, cells, self.faulty[number], [*own, *heads]))

    def _width(self, at: int, header: str) -> float:
        column = self.found.match.columns.get(at)
        if header == REASON_HEADER:
            return REASON_WIDTH
        return max(NARROWEST, 2.2 * len(header), column.width if column else 0)

    def _rejected(self, rows: Iterable[Row]) -> Iterable[tuple[int, list[Any], str]]:
        """The rejected rows with what names their household; the heads of the sheet are noted on the way."""
        self.heads: dict[str, str] = {}
        found = []
        number, name, relation = (self.at.get(each) for each in ("row.household_no", "member.name", "member.relation"))
        key = ""
        for row, cells in rows:
            is_head = relation is not None and relation < len(cells) and self._says_head(cells[relation])
            own = text_of(cells[number]) if number is not None and number < len(cells) else ""
            key = own or (f"row {row}" if is_head or number is not None else key)
            if is_head and name is not None and name < len(cells):
                self.heads.setdefault(key, text_of(cells[name]))
            if row in self.faulty:
                found.append((row, cells, key))
        self._know_registered({key for _, _, key in found} - set(self.heads))
        return found

    def _says_head(self, cell: Any) -> bool:
        return bool(self.found.match.columns[self.at["member.relation"]].kind.parse(cell) == "01")

    def _know_registered(self, numbers: set[str]) -> None:
        """The heads that only the register knows."""
        rows = Member.objects.heads().filter(
            within("village_id", self.outcome.county), Q(household__household_no__in=numbers)
        )
        self.heads |= dict(rows.values_list("household__household_no", "name"))

    def _row(self, sheet: Any, cells: list[Any], faults: dict[int, str], own: list[Any]) -> list[Any]:
        width = len(self.headers)
        values = (cells + [""] * width)[:width]
        line = [self._value(sheet, at, value, at in faults) for at, value in enumerate(values)]
        reason = "；".join(dict.fromkeys(message.rstrip("。") for message in faults.values()))
        added = [_cell(sheet, value, number_format=TEXT) for value in own]
        return [*line, *added, _cell(sheet, f"{reason}。", alignment=Alignment(wrap_text=True))]

    def _value(self, sheet: Any, at: int, value: Any, faulty: bool) -> Any:
        style: dict[str, Any] = {"fill": FAULTY} if faulty else {}
        column: Column | None = self.found.match.columns.get(at)
        if column is not None and not column.kind.numeric:
            style["number_format"] = TEXT
            value = _as_text(value)
        return _cell(sheet, value, **style)


def _as_text(value: Any) -> Any:
    """A number as the text it was to be; where the spreadsheet lost its last digits, they are marked."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return value
    text = text_of(value)
    return f"{text[:EXACT_DIGITS]}{'?' * (len(text) - EXACT_DIGITS)}" if lost_digits(value, text) else text


def _cell(sheet: Any, value: Any, **style: Any) -> Any:
    """A cell that is text when its value is: never a formula."""
    cell = WriteOnlyCell(sheet, None if value == "" else value)
    if isinstance(value, str) and value:
        cell.data_type = "s"
    for name, setting in style.items():
        setattr(cell, name, setting)
    return cell
