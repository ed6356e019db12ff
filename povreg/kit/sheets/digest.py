"""What a workbook says, as one digest that survives being saved again by another program.

**The digest** is the SHA-256 over every sheet in order, the sheet 说明 included: U+001D, the sheet's name and a line
feed, then every row that is not blank (title and header too) as its cells joined by U+001F and ended by a line feed, in
UTF-8. A number is its shortest decimal notation without exponent or trailing zeros (4613.70 is ``4613.7``), a date is
YYYY-MM-DD, a moment YYYY-MM-DDTHH:MM:SS (at midnight its day alone), a text is itself without outer blanks and control
characters, a blank cell is nothing, and blanks at the end of a row are left out. Of 说明 the lines named in
``PROOF_LABELS`` are left out: they hold the digest and its signature.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from povreg.kit.sheets.cells import text_of

ABOUT_SHEET = "说明"
ABOUT_HEADER = ("项目", "内容")
NUMBER_LABEL = "导出编号"
ROWS_LABEL = "数据行数"
DIGEST_LABEL = "数据摘要（SHA-256）"
SIGNATURE_LABEL = "签名（Ed25519）"
KEY_LABEL = "签名密钥"
PROOF_LABELS = (DIGEST_LABEL, SIGNATURE_LABEL, KEY_LABEL)
NAMES_OF_ROWS = ("户编号", "人编号", "编号", "村代码")
"""Headers whose cells name a row to a reader."""
MARK_BYTES = 12
MIDNIGHT = time()
HALF = timedelta(milliseconds=500)
_SEPARATOR = "\x1f"


def canonical(cell: Any) -> str:
    """One cell as the digest sees it."""
    if cell.__class__ is int:
        return str(cell)
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return f"{Decimal(repr(cell)).normalize():f}"
    if isinstance(cell, datetime):
        moment = (cell + HALF).replace(microsecond=0)  # a spreadsheet's fraction of a day is not exact
        return (moment.date() if moment.time() == MIDNIGHT else moment).isoformat()
    return text_of(cell)


def line_of(cells: Iterable[Any]) -> str:
    """A row as the digest sees it; empty for a blank one. Most rows hold plain texts, and one look over the whole row
    finds that out."""
    row = list(cells)
    texts = [cell if cell.__class__ is str else "" if cell is None else canonical(cell) for cell in row]
    whole = "".join(texts)
    if not whole.isprintable() or " " in whole:
        texts = list(map(canonical, row))
    return _SEPARATOR.join(texts).rstrip(_SEPARATOR)


def cells_of(line: str) -> list[str]:
    """The cells of a row as the digest saw them."""
    return line.split(_SEPARATOR)


@dataclass
class SheetMarks:
    """What is kept of one sheet: title and header as they stand, a keyed mark of every row, what names the rows."""

    name: str
    heads: list[str] = field(default_factory=list)
    marks: bytearray = field(default_factory=bytearray)
    names: list[str] = field(default_factory=list)
    name_at: tuple[int, ...] = ()

    @property
    def rows(self) -> int:
        return len(self.marks) // MARK_BYTES

    def mark(self, row: int) -> bytes:
        return bytes(self.marks[row * MARK_BYTES : (row + 1) * MARK_BYTES])


class BookDigest:
    """Digest of a book while its rows pass. ``key`` makes the marks of rows, so that nobody can try out what a row
    said; without one none are kept."""

    def __init__(self, key: bytes = b"") -> None:
        self._hash = hashlib.sha256()
        self._mark = hashlib.blake2b(digest_size=MARK_BYTES, key=key) if key else None
        self.sheets: list[SheetMarks] = []
        self.about: list[list[str]] = []

    @property
    def rows(self) -> int:
        """Data rows so far."""
        return sum(sheet.rows for sheet in self.sheets)

    def hexdigest(self) -> str:
        return self._hash.hexdigest()

    def sheet(self, name: str) -> None:
        """A sheet begins."""
        self._hash.update(f"\x1d{name}\n".encode())
        if name != ABOUT_SHEET:
            self.sheets.append(SheetMarks(name))

    def head(self, cells: Sequence[Any]) -> None:
        """A row above the data."""
        if line := line_of(cells):
            self._hash.update(f"{line}\n".encode())
            sheet = self.sheets[-1]
            sheet.heads.append(line)
            texts = cells_of(line)
            sheet.name_at = tuple(texts.index(name) for name in NAMES_OF_ROWS if name in texts)[:2]

    def add(self, cells: Sequence[Any]) -> None:
        """A row of data."""
        line = line_of(cells)
        if not line:
            return
        data = f"{line}\n".encode()
        self._hash.update(data)
        sheet = self.sheets[-1]
        if self._mark is None:
            sheet.marks += bytes(MARK_BYTES)
            return
        mark = self._mark.copy()
        mark.update(data)
        sheet.marks += mark.digest()
        if sheet.name_at:
            sheet.names.append(" ".join(canonical(cells[at]) for at in sheet.name_at if at < len(cells)))

    def tell(self, cells: Sequence[Any]) -> None:
        """A row of the sheet 说明."""
        line = line_of(cells)
        if not line or canonical(cells[0]) in PROOF_LABELS:
            return
        self._hash.update(f"{line}\n".encode())
        self.about.append(cells_of(line))
