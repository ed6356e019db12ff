"""Page setup of a written workbook: landscape on A4, as wide as the page, the header on every page, and a filter row.

The fast writer knows none of it, so the parts of the package that hold it are put into the finished file; the cells are
copied as they stand. Order of the elements: ECMA-376, CT_Worksheet.
"""

import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from xml.sax.saxutils import escape

from povreg.kit.sheets.columns import letter_of

PIECE = 2**20  # bytes copied at once
FAST = 1  # of zlib: the cells are compressed a second time
_OPENING = re.compile(rb"<worksheet\b[^>]*>")
_MARGINS = re.compile(rb"<pageMargins\b[^>]*/>")
_FIT = b'<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
_SETUP = (
    '<pageSetup paperSize="9" orientation="landscape" fitToWidth="1" fitToHeight="0"/>'
    "<headerFooter><oddFooter>&amp;C第 &amp;P 页，共 &amp;N 页</oddFooter></headerFooter>"
).encode()


@dataclass(frozen=True)
class Printed:
    """A sheet as it is printed: its name, the header's row (from 1), and how many columns and rows of data it has."""

    name: str
    header_row: int
    columns: int
    rows: int

    @property
    def filtered(self) -> str:
        return f"A{self.header_row}:{letter_of(self.columns - 1)}{self.header_row + max(self.rows, 1)}"


def set_pages(path: Path, sheets: Sequence[Printed]) -> None:
    """Give the first sheets of a workbook, in their order, page setup, repeated header and filter row."""
    done = path.with_name(f"{path.name}.pages")
    parts = {f"xl/worksheets/sheet{number}.xml": sheet for number, sheet in enumerate(sheets, 1)}
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(done, "w", zipfile.ZIP_DEFLATED, compresslevel=FAST) as out:
        for part in source.infolist():
            with source.open(part) as content, out.open(part.filename, "w", force_zip64=True) as target:
                if part.filename in parts:
                    _copy_sheet(content, target, parts[part.filename])
                elif part.filename == "xl/workbook.xml":
                    target.write(_with_names(content.read(), sheets))
                else:
                    while piece := content.read(PIECE):
                        target.write(piece)
    done.replace(path)


def _copy_sheet(content: IO[bytes], target: IO[bytes], sheet: Printed) -> None:
    """The sheet, with what belongs before and after its cells; the end is looked at in two pieces together."""
    held = _OPENING.sub(lambda found: found.group() + _FIT, content.read(PIECE), count=1)
    while piece := content.read(PIECE):
        if len(held) > 2 * PIECE:
            target.write(held[:-PIECE])
            held = held[-PIECE:]
        held += piece
    head, end, tail = held.rpartition(b"</sheetData>")
    tail = _MARGINS.sub(lambda found: found.group() + _SETUP, tail, count=1)
    target.write(head + end + f'<autoFilter ref="{sheet.filtered}"/>'.encode() + tail)


def _with_names(book: bytes, sheets: Sequence[Printed]) -> bytes:
    names = "".join(
        f'<definedName name="_xlnm._FilterDatabase" localSheetId="{at}" hidden="1">{_where(sheet)}</definedName>'
        for at, sheet in enumerate(sheets)
    ) + "".join(
        f'<definedName name="_xlnm.Print_Titles" localSheetId="{at}">'
        f"{_quoted(sheet.name)}!$1:${sheet.header_row}</definedName>"
        for at, sheet in enumerate(sheets)
    )
    return book.replace(b"</sheets>", f"</sheets><definedNames>{names}</definedNames>".encode(), 1)


def _where(sheet: Printed) -> str:
    first, last = sheet.filtered.split(":")
    return f"{_quoted(sheet.name)}!{_fixed(first)}:{_fixed(last)}"


def _fixed(cell: str) -> str:
    letters = cell.rstrip("0123456789")
    return f"${letters}${cell[len(letters) :]}"


def _quoted(name: str) -> str:
    return escape("'" + name.replace("'", "''") + "'")
