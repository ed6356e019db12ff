"""Reading workbooks row by row, in flat memory, from people we do not trust.

The Rust reader decodes one row at a time from the compressed file (docs/decisions/0021-spreadsheet-libraries.md), so a
sheet of any length needs the memory of one row. Before that the file is looked at as the ZIP it is: a bomb that says
so is refused unopened; one that lies takes the child down in which workbooks are read.
"""

import hashlib
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from povreg.kit.boxed import Died, streamed
from povreg.kit.boxed.workbook import BROKEN
from povreg.kit.sheets.columns import Layout, Match, SheetSpec, match

MOST_UNPACKED = 2 * 2**30  # bytes; a million rows of 32 columns unpack to about 1.6 GiB
MOST_STRINGS = 256 * 2**20  # bytes of the shared strings, the one part that is held in memory
MOST_RATIO = 400
MOST_PARTS = 2000
HEADER_ROWS = 2
TOO_LARGE = "文件展开后过大，可能已损坏。请删去多余的工作表和空行，或分成几个文件后再试。"
Row = tuple[int, list[Any]]


class SheetError(Exception):
    """The file cannot be read; the text says why and what to do."""


@dataclass(frozen=True)
class Found:
    """A sheet of the layout found in a workbook: its name there, the header's row number, and the columns."""

    spec: SheetSpec
    sheet: str
    header_row: int
    headers: Sequence[Any]
    match: Match


def digest_of(path: Path) -> str:
    """SHA-256 of the file, by which the same file is recognised."""
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def check_package(path: Path) -> None:
    """Raise SheetError unless the file is an .xlsx workbook of reasonable size, without opening its parts."""
    try:
        with zipfile.ZipFile(path) as package:
            parts = package.infolist()
    except (zipfile.BadZipFile, OSError, ValueError) as fault:
        raise SheetError(
            "这不是 .xlsx 工作簿。请在 Excel 或 WPS 中打开后“另存为”Excel 工作簿（.xlsx），再试一次。"
        ) from fault
    names = {part.filename for part in parts}
    if "xl/workbook.xml" not in names:
        raise SheetError("文件里没有工作表。请用 Excel 或 WPS 另存为 Excel 工作簿（.xlsx），再试一次。")
    unpacked = sum(part.file_size for part in parts)
    strings = sum(part.file_size for part in parts if part.filename.endswith("sharedStrings.xml"))
    ratio = max((part.file_size / max(part.compress_size, 1) for part in parts if part.file_size > 2**20), default=0)
    if unpacked > MOST_UNPACKED or strings > MOST_STRINGS or len(parts) > MOST_PARTS or ratio > MOST_RATIO:
        raise SheetError(TOO_LARGE)


class Workbook:
    """A workbook that can be read. Raises SheetError when it cannot. Use as a context manager.

    Its parts are opened in a child of bounded memory and time (povreg.kit.boxed), whatever sizes the file claims.
    """

    def __init__(self, path: Path) -> None:
        check_package(path)
        self._path = path
        self._tops: dict[str, Any] = next(self._told(top=HEADER_ROWS), {})

    def __enter__(self) -> "Workbook":
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing stays open: each reading has its own child."""

    @property
    def sheet_names(self) -> list[str]:
        return list(self._tops)

    def rows(self, sheet: str, after: int = 0) -> Iterator[Row]:
        """(row number as the spreadsheet shows it, cells) of every row after ``after`` that is not blank."""
        for batch in self._told(sheet=sheet, after=after):
            if batch == BROKEN:
                raise SheetError(f"工作表“{sheet}”的内容已损坏，读不下去。请重新另存为 .xlsx 后再试。")
            yield from batch

    def top(self, sheet: str) -> list[Row]:
        """The rows in which the header may stand."""
        rows = self._tops[sheet]
        if rows == BROKEN:
            raise SheetError(f"工作表“{sheet}”的内容已损坏，读不下去。请重新另存为 .xlsx 后再试。")
        return list(rows)

    def _told(self, **asked: Any) -> Iterator[Any]:
        try:
            for at, piece in enumerate(streamed("workbook.py", path=str(self._path), **asked)):
                if at == 0 and piece == BROKEN:
                    raise SheetError("文件已损坏或设有密码，打不开。请取消密码，或重新另存为 .xlsx 后再试。")
                yield piece
        except Died as fault:
            raise SheetError(TOO_LARGE) from fault


def find_sheet(book: Workbook, spec: SheetSpec, chosen: Mapping[str, str] | None = None) -> Found | None:
    """Where in the workbook the sheet ``spec`` is: under its own name, else the header with most of its columns."""
    best: tuple[tuple[bool, bool, int], Found] | None = None
    for sheet in book.sheet_names:
        for number, cells in book.top(sheet):
            matched = match(spec, cells, chosen)
            rank = (not matched.missing(spec), sheet == spec.name, len(matched.columns))
            if matched.columns and (best is None or rank > best[0]):
                best = rank, Found(spec, sheet, number, cells, matched)
    return best[1] if best else None


def find_layout(book: Workbook, layouts: Sequence[Layout]) -> Layout | None:
    """The layout whose columns the workbook has: all that must exist, and the largest share of the rest."""
    shares = [(share, layout) for layout in layouts if (share := _share(book, layout)) > 0]
    return max(shares, key=lambda pair: pair[0])[1] if shares else None


def _share(book: Workbook, layout: Layout) -> float:
    found = [find_sheet(book, spec) for spec in layout.sheets]
    if any(each is None or each.match.missing(each.spec) for each in found):
        return 0.0
    matched = sum(len(each.match.columns) for each in found if each)
    alien = sum(len(each.match.unknown) for each in found if each)
    return matched / (sum(len(spec.columns) for spec in layout.sheets) + alien)


def open_sheets(book: Workbook, layout: Layout, chosen: Mapping[str, str] | None = None) -> list[Found]:
    """Every sheet of the layout that the workbook holds.

    Raises SheetError when none is there, or when one lacks a column without which it cannot be read.
    """
    found = [each for spec in layout.sheets if (each := find_sheet(book, spec, chosen))]
    names = "、".join(f"“{spec.name}”" for spec in layout.sheets)
    if not found:
        raise SheetError(f"文件里找不到{layout.label}的表头（第 1 行或第 2 行）。请下载空白模板对照列名：{names}。")
    for each in (found := _one_spec_each(found)):
        if missing := each.match.missing(each.spec):
            headers = "、".join(column.header for column in missing)
            raise SheetError(
                f"工作表“{each.sheet}”缺少列：{headers}。请补上这些列（表头写在第 1 行或第 2 行），再试一次。"
            )
    return found


def _one_spec_each(found: Sequence[Found]) -> list[Found]:
    """A sheet that resembles two sheets of the layout is the one it is named after, else the one it resembles more."""
    best: dict[str, Found] = {}
    for each in found:
        other = best.get(each.sheet)
        if other is None or _likeness(each) > _likeness(other):
            best[each.sheet] = each
    return list(best.values())


def _likeness(found: Found) -> tuple[bool, int]:
    return found.sheet == found.spec.name, len(found.match.columns)
