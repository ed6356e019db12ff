"""Reading workbooks row by row, in flat memory, from people we do not trust.

The Rust reader decodes one row at a time from the compressed file (docs/decisions/0021-spreadsheet-libraries.md), so a
sheet of any length needs the memory of one row. Before that the file is looked at as the ZIP it is: a bomb that says
so is refused unopened; one that lies takes the child down in which workbooks are read. What a file is says its content,
not its name (docs/decisions/0092-any-real-workbook.md).
"""

import hashlib
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from povreg.kit.boxed import Died, streamed
from povreg.kit.boxed.workbook import BROKEN, LOCKED, UNCALCULATED

MOST_UNPACKED = 2 * 2**30  # bytes; a million rows of 32 columns unpack to about 1.6 GiB
MOST_STRINGS = 256 * 2**20  # bytes of the shared strings, the one part that is held in memory
MOST_RATIO = 400
MOST_PARTS = 2000
HEADER_ROWS = 20
FIRST_BYTES = 4096
SUFFIXES = (".xlsx", ".xlsm", ".xls", ".ods", ".csv")
"""Names of files that can be read, for the chooser of a browser."""
TOO_LARGE = "文件展开后过大，可能已损坏。请删去多余的工作表和空行，或分成几个文件后再试。"
SAVE_AS = "请在 Excel 或 WPS 中打开后“另存为”Excel 工作簿（.xlsx），再试一次。"
WITH_PASSWORD = "文件设有打开密码，读不了。请在 Excel 或 WPS 中取消密码（另存为时不设密码），再试一次。"  # noqa: S105
NO_BOOK = f"这不是能读的表格（可用 .xlsx、.xlsm、.xls、.ods、.csv）。{SAVE_AS}"
OLE, ZIP = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
WIDE = (b"\xff\xfe", b"\xfe\xff")
Row = tuple[int, list[Any]]
Range = tuple[tuple[int, int], tuple[int, int]]

__all__ = ["UNCALCULATED", "Sheet", "SheetError", "Workbook", "check_name", "digest_of", "form_of"]


class SheetError(Exception):
    """The file cannot be read; the text says why and what to do."""


@dataclass(frozen=True)
class Sheet:
    """A sheet before it is read: its name, whether it is visible, the first rows (None: damaged), the numbers of its
    hidden rows, and the merged cells that begin in the first rows (rows and columns from 0)."""

    name: str
    visible: bool
    top: Sequence[Row] | None
    hidden: frozenset[int] = frozenset()
    merged: Sequence[Range] = ()


def digest_of(path: Path) -> str:
    """SHA-256 of the file, by which the same file is recognised."""
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def check_name(name: str) -> None:
    """Raise SheetError for a kind of file that only its own program reads, told by its name."""
    suffix = Path(name).suffix.lower()
    if suffix in (".et", ".ett"):
        raise SheetError("这是 WPS 自己的格式（.et）。请在 WPS 里“另存为”Excel 工作簿（.xlsx），再试一次。")
    if suffix in (".doc", ".docx", ".wps", ".pdf", ".jpg", ".jpeg", ".png", ".rar", ".7z"):
        raise SheetError(f"“{suffix}”文件不是表格。请把内容做成 Excel 工作簿（.xlsx），再试一次。")


def form_of(path: Path) -> str:
    """xlsx, ods, xls or csv, by the content. Raises SheetError for anything else."""
    with path.open("rb") as content:
        first = content.read(FIRST_BYTES)
        if first.startswith(OLE):
            if ENCRYPTED in first + content.read():
                raise SheetError(WITH_PASSWORD)
            return "xls"
    if first.startswith(ZIP):
        return check_package(path)
    if not first.strip() or (b"\x00" in first and not first.startswith(WIDE)):
        raise SheetError(NO_BOOK if first else f"文件是空的。{SAVE_AS}")
    return "csv"


def check_package(path: Path) -> str:
    """xlsx or ods. Raises SheetError unless the ZIP is a workbook of reasonable size; its parts stay unopened."""
    try:
        with zipfile.ZipFile(path) as package:
            parts = package.infolist()
    except (zipfile.BadZipFile, OSError, ValueError) as fault:
        raise SheetError(NO_BOOK) from fault
    names = {part.filename for part in parts}
    if "xl/workbook.bin" in names:
        raise SheetError(f"这是二进制工作簿（.xlsb）。{SAVE_AS}")
    form = "xlsx" if "xl/workbook.xml" in names else "ods" if {"content.xml", "mimetype"} <= names else ""
    if not form:
        raise SheetError("文件里没有工作表。请用 Excel 或 WPS 另存为 Excel 工作簿（.xlsx），再试一次。")
    unpacked = sum(part.file_size for part in parts)
    strings = sum(part.file_size for part in parts if part.filename.endswith(("sharedStrings.xml", "content.xml")))
    ratio = max((part.file_size / max(part.compress_size, 1) for part in parts if part.file_size > 2**20), default=0)
    if unpacked > MOST_UNPACKED or strings > MOST_STRINGS or len(parts) > MOST_PARTS or ratio > MOST_RATIO:
        raise SheetError(TOO_LARGE)
    return form


class Workbook:
    """A workbook that can be read. Raises SheetError when it cannot. Use as a context manager.

    Its parts are opened in a child of bounded memory and time (povreg.kit.boxed), whatever sizes the file claims. A
    cell merged downwards stands in each of its rows; a formula without a value is UNCALCULATED.
    """

    def __init__(self, path: Path) -> None:
        check_name(path.name)
        self._form = form_of(path)
        self._path = path
        first: tuple[bool, list[Any]] = next(self._told(top=HEADER_ROWS), (False, []))
        self._rich, found = first
        self._sheets = {name: _sheet(name, visible, seen) for name, visible, seen in found}

    def __enter__(self) -> "Workbook":
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing stays open: each reading has its own child."""

    @property
    def sheet_names(self) -> list[str]:
        return list(self._sheets)

    def sheet(self, name: str) -> Sheet:
        return self._sheets[name]

    def rows(self, sheet: str, after: int = 0) -> Iterator[Row]:
        """(row number as the spreadsheet shows it, cells) of every row after ``after`` that is not blank."""
        for batch in self._told(sheet=sheet, after=after, rich=self._rich):
            if batch == BROKEN:
                raise damaged(sheet)
            yield from batch

    def top(self, sheet: str) -> list[Row]:
        """The rows in which the header may stand."""
        rows = self._sheets[sheet].top
        if rows is None:
            raise damaged(sheet)
        return list(rows)

    def _told(self, **asked: Any) -> Iterator[Any]:
        try:
            for at, piece in enumerate(streamed("workbook.py", path=str(self._path), form=self._form, **asked)):
                if at == 0 and piece == LOCKED:
                    raise SheetError(WITH_PASSWORD)
                if at == 0 and piece == BROKEN:
                    raise SheetError("文件已损坏，打不开。请用 Excel 或 WPS 打开确认后，重新另存为 .xlsx 再试。")
                yield piece
        except Died as fault:
            raise SheetError(TOO_LARGE) from fault


def damaged(sheet: str) -> SheetError:
    return SheetError(f"工作表“{sheet}”的内容已损坏，读不下去。请重新另存为 .xlsx 后再试。")


def _sheet(name: str, visible: bool, seen: Any) -> Sheet:
    if seen == BROKEN:
        return Sheet(name, visible, None)
    top, hidden, merged = seen
    return Sheet(name, visible, top, frozenset(hidden), merged)
