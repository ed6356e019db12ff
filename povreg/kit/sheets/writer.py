"""Writing big workbooks row by row in flat memory (docs/decisions/0021-spreadsheet-libraries.md), and their digest.

Every text is written as a text cell whatever it starts with, so nothing typed into the register becomes a formula.

**The digest** of a workbook is the SHA-256 of its data rows: for every data sheet in order, for every row below the
header, the cells joined by U+001F and ended by a line feed, in UTF-8. A number is its shortest decimal notation without
exponent or trailing zeros (4613.70 is ``4613.7``), a text is itself without outer blanks, a blank cell is nothing, and
blanks at the end of a row are left out. So the digest survives being opened and saved in a spreadsheet program.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from rustpy_xlsxwriter import FastExcel, Format

from povreg.kit.sheets.columns import Column
from povreg.kit.sheets.kinds import text_of
from povreg.kit.sheets.reader import SheetError, Workbook

ABOUT_SHEET = "说明"
DIGEST_LABEL = "数据摘要（SHA-256）"
HEADER_LABEL = "表头所在行"
_SEPARATOR = "\x1f"


def canonical(cell: Any) -> str:
    """One cell as the digest sees it."""
    if cell.__class__ is int:
        return str(cell)
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return f"{Decimal(repr(cell)).normalize():f}"
    return text_of(cell)


def _canonical(cells: Iterable[Any]) -> list[str]:
    """:func:`canonical` of a row: most rows hold plain texts, and one look over the whole row finds that out."""
    row = list(cells)
    texts = [cell if cell.__class__ is str else "" if cell is None else canonical(cell) for cell in row]
    whole = "".join(texts)
    return texts if whole.isprintable() and " " not in whole else list(map(canonical, row))


@dataclass
class RowDigest:
    """Digest and number of the data rows that passed."""

    rows: int = 0
    _hash: Any = field(default_factory=hashlib.sha256)

    def add(self, cells: Iterable[Any]) -> None:
        line = _SEPARATOR.join(_canonical(cells)).rstrip(_SEPARATOR)
        self._hash.update(f"{line}\n".encode())
        self.rows += 1

    def hexdigest(self) -> str:
        return str(self._hash.hexdigest())


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


def write_workbook(path: Path, sheets: Sequence[SheetOut], about: Iterable[tuple[str, Any]]) -> RowDigest:
    """Write data sheets and, last, the sheet 说明 from ``about`` with number of rows and digest put in.

    ``about`` is read after the last data row. Returns the digest. Raises OSError when the file cannot be written.
    """
    digest = RowDigest()
    book = FastExcel(str(path))
    for sheet in sheets:
        columns = sheet.columns
        book.sheet(
            sheet.name,
            _records(sheet, digest),
            column_widths=[column.width for column in columns],
            column_formats=[_format(column) for column in columns],
            header_format=_heading(),
            header_row=sheet.header_row,
            merge_ranges=[(0, 0, 0, len(columns) - 1, sheet.title, Format().set_bold())] if sheet.title else None,
        )
        book.freeze(row=sheet.header_row + 1, sheet=sheet.name)
    book.sheet(ABOUT_SHEET, _about(about, digest), column_widths=[24, 80], header_format=_heading())
    book.save()
    return digest


def _heading() -> Format:
    return Format().set_bold().set_background_color("#EEF2F7").set_text_wrap()


def _format(column: Column) -> Format:
    """Texts keep the text format, so that a number typed over an id stays text."""
    return Format() if column.kind.numeric else Format().set_num_format("@")


def _records(sheet: SheetOut, digest: RowDigest) -> Iterator[dict[str, Any]]:
    headers = [column.header for column in sheet.columns]
    empty = True
    for row in sheet.rows:
        digest.add(row)
        empty = False
        yield dict(zip(headers, row, strict=True))
    if empty:
        yield dict.fromkeys(headers)


def _about(about: Iterable[tuple[str, Any]], digest: RowDigest) -> Iterator[dict[str, Any]]:
    for label, value in about:
        yield {"项目": label, "内容": str(value)}
    yield {"项目": "数据行数", "内容": str(digest.rows)}
    yield {"项目": DIGEST_LABEL, "内容": digest.hexdigest()}


@dataclass(frozen=True)
class Verified:
    """What a workbook says of itself and what it holds."""

    stated: str
    found: str
    rows: int

    @property
    def unaltered(self) -> bool:
        return self.stated == self.found


def verify_workbook(path: Path) -> Verified:
    """Compute the digest of an exported workbook again. Raises SheetError when it is no such workbook."""
    digest = RowDigest()
    with Workbook(path) as book:
        if ABOUT_SHEET not in book.sheet_names:
            raise SheetError("文件里没有“说明”工作表，不是本系统导出的表格，无法核验。")
        about = {text_of(cells[0]): text_of(cells[1]) for _, cells in book.rows(ABOUT_SHEET) if len(cells) > 1}
        if DIGEST_LABEL not in about:
            raise SheetError("“说明”工作表里没有数据摘要，无法核验。")
        for sheet in book.sheet_names[: book.sheet_names.index(ABOUT_SHEET)]:
            after = int(about.get(HEADER_LABEL, "1"))
            for _, cells in book.rows(sheet, after=after):
                digest.add(cells)
    return Verified(about[DIGEST_LABEL], digest.hexdigest(), digest.rows)
