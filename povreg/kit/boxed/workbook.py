"""Child of povreg.kit.sheets.reader: reads one workbook and writes its rows, pickled, to standard output.

Asked on standard input, as JSON: ``path``, ``form`` (xlsx, ods, xls or csv), ``top`` (how many first rows of every
sheet), or ``sheet``, ``after`` and ``rich`` (formulas and merged cells are to be looked for).
"""

import csv
import json
import pickle
import resource
import signal
import sys
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any

MEMORY = 768 * 2**20  # bytes of address space; shared strings are the one part held in memory
SECONDS = 300  # of processor: a million rows take about 40
LOOKING = 30  # seconds by the clock, for the first rows
BATCH = 200  # rows handed over at once
PIECE = 2**20  # bytes looked at together
LONGEST_CELL = 2**20  # characters
BROKEN = "broken"
LOCKED = "locked"
UNCALCULATED = "#未计算"
"""Stands in a cell whose formula was never calculated: there is no value to read."""
CSV_SHEET = "csv"
ENCODINGS = ("utf-8-sig", "gb18030")
MARKS = {"merged": b"<mergeCell ", "hidden": b'hidden="', "formulas": b"<f"}


def limit() -> None:
    """Before the reader is even loaded."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def tell(piece: Any) -> None:
    pickle.dump(piece, sys.stdout.buffer, protocol=5)


class Package:
    """An .xlsx or .xlsm: its rows are decoded one at a time."""

    def __init__(self, path: str, calamine: Any) -> None:
        self.book = calamine.CalamineWorkbook.from_path(path)
        self.fault = calamine.CalamineError
        self.marks = marks_of(path)

    def sheets(self) -> Iterator[tuple[str, bool]]:
        for sheet in self.book.sheets_metadata:
            if str(sheet.typ).endswith("WorkSheet"):
                yield sheet.name, str(sheet.visible).endswith(".Visible")

    def about(self, name: str) -> tuple[list[int], list[Any]]:
        """Numbers of the hidden rows, and the merged cells."""
        if not {"merged", "hidden"} & self.marks:
            return [], []
        stream = self.book.stream_sheet_by_name(name, rich=True, max_row=0)
        rows = [row + 1 for row, said in (stream.row_dimensions or {}).items() if said.get("hidden")]
        return rows, stream.merged_cell_ranges or []

    def rows(self, name: str, rich: bool) -> Iterator[list[Any]]:
        if not rich:
            yield from self.book.stream_sheet_by_name(name)
            return
        for row in self.book.stream_sheet_by_name(name, rich=True):
            yield [UNCALCULATED if cell.value == "" and cell.formula else cell.value for cell in row]


def marks_of(path: str) -> set[str]:
    """What the sheets of a package hold beside plain cells: a look over the bytes is cheaper than over the cells."""
    found: set[str] = set()
    with zipfile.ZipFile(path) as package:
        for name in package.namelist():
            if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                with package.open(name) as content:
                    tail = b""
                    while piece := content.read(PIECE):
                        seen = tail + piece
                        found |= {mark for mark, sign in MARKS.items() if mark not in found and sign in seen}
                        tail = seen[-16:]
    return found


class Whole:
    """An .xls or .ods: a sheet is held as a whole, as these formats have it."""

    marks: frozenset[str] = frozenset()

    def __init__(self, path: str, calamine: Any) -> None:
        with open(path, "rb") as content:
            self.book = calamine.CalamineWorkbook.from_filelike(content)
        self.fault = calamine.CalamineError
        self.kept: dict[str, Any] = {}

    sheets = Package.sheets

    def sheet(self, name: str) -> Any:
        if name not in self.kept:
            self.kept = {name: self.book.get_sheet_by_name(name)}
        return self.kept[name]

    def about(self, name: str) -> tuple[list[int], list[Any]]:
        return [], self.sheet(name).merged_cell_ranges or []

    def rows(self, name: str, rich: bool) -> Iterator[list[Any]]:
        yield from self.sheet(name).to_python(skip_empty_area=False)


class Lines:
    """A text file of separated values, in UTF-8 or GBK."""

    marks: frozenset[str] = frozenset()
    fault = (csv.Error, UnicodeError)

    def __init__(self, path: str) -> None:
        self.path = path
        csv.field_size_limit(LONGEST_CELL)
        with open(path, "rb") as content:
            wide = content.read(2) in (b"\xff\xfe", b"\xfe\xff")
        self.encoding = "utf-16" if wide else next(filter(self.reads, ENCODINGS), ENCODINGS[-1])
        with open(path, encoding=self.encoding, newline="") as text:
            first = "".join(line for line, _ in zip(text, range(5), strict=False))
        self.separator = max(",\t;", key=first.count)

    def reads(self, encoding: str) -> bool:
        with open(self.path, encoding=encoding, newline="") as text, suppress(UnicodeError):
            while text.read(PIECE):
                pass
            return True
        return False

    def sheets(self) -> Iterator[tuple[str, bool]]:
        yield CSV_SHEET, True

    def about(self, name: str) -> tuple[list[int], list[Any]]:
        return [], []

    def rows(self, name: str, rich: bool) -> Iterator[list[Any]]:
        with open(self.path, encoding=self.encoding, newline="") as text:
            for row in csv.reader(text, delimiter=self.separator):
                yield [quoted(cell) if cell[:2] == '="' else cell for cell in row]


def quoted(cell: str) -> str:
    """``="0012"`` is how text is kept as text by those who write such files."""
    return cell[2:-1] if cell.endswith('"') and len(cell) > 2 else cell


def spread(ranges: Iterable[Any]) -> dict[int, list[tuple[int, int, int]]]:
    """Cells merged downwards, by the number of the row they begin in: column, last row, last column."""
    found: dict[int, list[tuple[int, int, int]]] = {}
    for (top, left), (bottom, right) in ranges:
        if bottom > top:
            found.setdefault(top + 1, []).append((left, bottom + 1, right))
    return found


def filled(rows: Iterable[list[Any]], merged: dict[int, list[tuple[int, int, int]]]) -> Iterator[list[Any]]:
    """The rows with the value of a merged cell in each row it stands for."""
    open_cells: list[tuple[int, int, Any]] = []
    for number, cells in enumerate(rows, 1):
        open_cells = [each for each in open_cells if each[1] >= number]
        if open_cells:
            cells = list(cells)
            for at, _last, value in open_cells:
                cells += [""] * (at + 1 - len(cells))
                cells[at] = value if cells[at] == "" else cells[at]
        for left, last, _right in merged.get(number, ()):
            if left < len(cells) and cells[left] != "":
                open_cells.append((left, last, cells[left]))
        yield cells


def numbered(book: Any, asked: dict[str, Any]) -> Iterator[tuple[int, list[Any]]]:
    rows = book.rows(asked["sheet"], asked.get("rich", False))
    merged = spread(book.about(asked["sheet"])[1]) if asked.get("rich", False) or book.marks == frozenset() else {}
    for number, cells in enumerate(filled(rows, merged) if merged else rows, 1):
        if number > asked.get("after", 0) and any(cell != "" for cell in cells):
            yield number, cells


def look(book: Any, name: str, most: int) -> Any:
    """The first rows of a sheet, and what is to be known before it is read."""
    try:
        hidden, merged = book.about(name)
        found = [
            (number, cells)
            for number, cells in zip(range(1, most + 1), book.rows(name, False), strict=False)
            if any(cell != "" for cell in cells)
        ]
    except book.fault:
        return BROKEN
    return found, hidden, [each for each in merged if each[0][0] < most]


def tell_rows(book: Any, asked: dict[str, Any]) -> None:
    batch = []
    try:
        for row in numbered(book, asked):
            batch.append(row)
            if len(batch) == BATCH:
                tell(batch)
                batch = []
    except book.fault:
        tell(batch)
        tell(BROKEN)
    else:
        tell(batch)


def opened(path: str, form: str) -> Any:
    """The book, or a word that says why there is none."""
    if form == "csv":
        return Lines(path)
    import python_calamine_plus as calamine  # noqa: PLC0415 - under the limits

    try:
        return Package(path, calamine) if form == "xlsx" else Whole(path, calamine)
    except calamine.PasswordError:
        return LOCKED
    except (calamine.CalamineError, OSError, zipfile.BadZipFile):
        return BROKEN


def main() -> None:
    limit()
    asked = json.load(sys.stdin)
    book = opened(asked["path"], asked["form"])
    if isinstance(book, str):
        tell(book)
        return
    if "sheet" in asked:
        tell_rows(book, asked)
    else:
        signal.alarm(LOOKING)
        found = [(name, visible, look(book, name, asked["top"])) for name, visible in book.sheets()]
        tell((bool(book.marks & {"merged", "formulas"}), found))
    tell(None)


if __name__ == "__main__":
    main()
