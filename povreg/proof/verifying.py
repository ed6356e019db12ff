"""Whether a file is one that left here, unaltered; else what of it differs.

A file is first looked up by its bytes. If another program saved it again its bytes differ, but what it says does not:
then its digest is computed anew and the signature it carries must be one of ours over *that* digest. What it says of
itself is never believed.
"""

from __future__ import annotations

import csv
import re
import uuid
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from povreg.kit.sheets.digest import (
    ABOUT_HEADER,
    ABOUT_SHEET,
    DIGEST_LABEL,
    KEY_LABEL,
    MARK_BYTES,
    NUMBER_LABEL,
    SIGNATURE_LABEL,
    BookDigest,
    SheetMarks,
    canonical,
    cells_of,
)
from povreg.kit.sheets.reader import Row, SheetError, Workbook
from povreg.proof import signing
from povreg.proof.comparing import MOST_NAMED, MOVED, RowFault, compare
from povreg.proof.models import ExportRecord
from povreg.proof.recording import file_digest, unpacked
from povreg.proof.signing import BOOK, FILE, Signature
from povreg.proof.tables import DATA, read_csv

UNALTERED, ALTERED, UNKNOWN = "unaltered", "altered", "unknown"
FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
CHUNK, OVERLAP = 2**20, 16  # bytes
NOT_OURS = "不是本系统导出的文件，或已不含导出编号和签名，无法核验。请向提供人索取原始导出文件。"


@dataclass
class Verdict:
    """``state``; the record if it is known; ``faults`` in words that name no row (sheets, headers, provenance);
    ``rows`` that differ, of which ``counted`` says how many there are of each kind."""

    state: str
    record: ExportRecord | None = None
    faults: list[str] = field(default_factory=list)
    rows: list[RowFault] = field(default_factory=list)
    counted: dict[str, int] = field(default_factory=dict)
    why: str = ""

    @property
    def unaltered(self) -> bool:
        return self.state == UNALTERED

    @property
    def more(self) -> int:
        """Rows that differ and are not named."""
        return sum(self.counted.values()) - len(self.rows)


@dataclass
class ReadBook:
    """What a file says: its lines of provenance, data sheets and their digest."""

    digest: BookDigest
    stated: dict[str, str]
    names: list[str]
    numbers: dict[str, list[int]]
    formulas: bool = False


def verify(path: Path) -> Verdict:
    """Raises SheetError for a file that cannot be read at all."""
    digest = file_digest(path)
    if record := ExportRecord.objects.filter(file_digest=digest).first():
        if signed(record):
            return Verdict(UNALTERED, record)
        return Verdict(ALTERED, record, ["登记的签名不成立：登记本身被改动过"])
    if not zipfile.is_zipfile(path):
        return verify_csv(path)
    return verify_book(path)


def verify_csv(path: Path) -> Verdict:
    """A text table whose bytes are not those that left."""
    try:
        rows = read_csv(path)
        last = 0
        stated: dict[str, str] = {}
        for number, cells in rows:
            if cells[0] == ABOUT_SHEET and not any(cells[1:]):
                last, stated = number, {}
            elif last and len(cells) > 1:
                stated[canonical(cells[0])] = canonical(cells[1])
        record = record_of(stated.get(NUMBER_LABEL, ""))
        if record is None and not stated.get(SIGNATURE_LABEL):
            return Verdict(UNKNOWN, why=NOT_OURS)
        return judged(read_lines(path, last, stated, record), record)
    except (UnicodeDecodeError, csv.Error):
        return Verdict(UNKNOWN, why=NOT_OURS)


def read_lines(path: Path, last: int, stated: dict[str, str], record: ExportRecord | None) -> ReadBook:
    """Digest and marks of a text table whose line 说明 is the one of this number."""
    digest = BookDigest(bytes.fromhex(record.row_key) if record else b"")
    digest.sheet(DATA)
    numbers = list(rows_into(digest, ((at, cells) for at, cells in read_csv(path) if at < last), 1))
    digest.sheet(ABOUT_SHEET)
    digest.tell(ABOUT_HEADER)
    for number, cells in read_csv(path):
        if number > last:
            digest.tell(cells)
    return ReadBook(digest, stated, [DATA, ABOUT_SHEET], {DATA: numbers})


def signed(record: ExportRecord, keys: dict[str, str] | None = None) -> bool:
    """Whether the record's digest bears our signature; ``keys`` where many are asked for."""
    purpose = FILE if record.form == ExportRecord.Form.FILE else BOOK
    return signing.is_ours(purpose, record.digest, Signature(record.key_id, record.signature), keys)


def verify_book(path: Path) -> Verdict:
    """A workbook whose bytes are not those that left."""
    with Workbook(path) as book:
        stated = about_of(book)
        record = record_of(stated.get(NUMBER_LABEL, ""))
        if record is None and not stated.get(SIGNATURE_LABEL):
            return Verdict(UNKNOWN, why=NOT_OURS)
        read = read_book(book, stated, record)
    read.formulas = has_formulas(path)
    return judged(read, record)


def judged(read: ReadBook, record: ExportRecord | None) -> Verdict:
    """What was read beside what left."""
    stated = read.stated
    signature = Signature(stated.get(KEY_LABEL, ""), stated.get(SIGNATURE_LABEL, ""))
    carries = signing.is_ours(BOOK, read.digest.hexdigest(), signature)
    states = stated.get(DIGEST_LABEL) == read.digest.hexdigest()
    if carries and states and not read.formulas:
        return Verdict(UNALTERED, record)
    if record is None:
        return Verdict(ALTERED, why="签名与内容不符，导出编号也没有登记：内容或说明被改动过，或不是本县的导出。")
    if not signed(record):
        return Verdict(ALTERED, record, ["登记的签名不成立：登记本身被改动过"])
    return altered(read, record)


def altered(read: ReadBook, record: ExportRecord) -> Verdict:
    """Everything that differs, so far as it can be told."""
    verdict = Verdict(ALTERED, record)
    verdict.faults += sheet_faults(read, record)
    verdict.faults += about_faults(read, record)
    marked = {each.position: each for each in record.marked.all()}
    for at, then in enumerate(record.sheets):
        now = next((sheet for sheet in read.digest.sheets if sheet.name == then["name"]), None)
        if now is None or at not in marked:
            continue
        if [cells_of(line) for line in now.heads] != then["heads"]:
            verdict.faults.append(f"工作表“{now.name}”的表头被改：{head_words(then['heads'], now)}")
        add_rows(verdict, now, bytes(marked[at].marks), unpacked(bytes(marked[at].names)), read.numbers[now.name])
    if read.formulas:
        verdict.faults.append("有的格被换成了公式：显示的数可以随时变")
    if not verdict.faults and not verdict.rows:
        verdict.faults.append("“说明”里的摘要、签名或签名密钥被改；其余内容与导出时一致")
    return verdict


def head_words(then: Sequence[Sequence[str]], now: SheetMarks) -> str:
    """The first header that differs."""
    was, stands = [cell for line in then for cell in line], [cell for line in now.heads for cell in cells_of(line)]
    for at in range(max(len(was), len(stands))):
        one, other = (row[at] if at < len(row) else "无" for row in (was, stands))
        if one != other:
            return f"“{one}”成了“{other}”"
    return "行数不同"


def sheet_faults(read: ReadBook, record: ExportRecord) -> Iterator[str]:
    then, now = [sheet["name"] for sheet in record.sheets], [name for name in read.names if name != ABOUT_SHEET]
    yield from (f"少了工作表“{name}”" for name in then if name not in now)
    yield from (f"多出工作表“{name}”" for name in now if name not in then)
    if ABOUT_SHEET in read.names and {*then} == {*now} and [*then, ABOUT_SHEET] != read.names:
        yield "工作表的顺序被改"


def about_faults(read: ReadBook, record: ExportRecord) -> Iterator[str]:
    """Which lines of 说明 differ."""
    then, now = (dict([*line, ""][:2] for line in lines) for lines in (record.about, read.digest.about))
    for label in dict.fromkeys([*then, *now]):
        if then.get(label) != now.get(label):
            yield f"“说明”里的“{label}”被改"


def add_rows(verdict: Verdict, now: SheetMarks, then: bytes, names: list[str], numbers: list[int]) -> None:
    """The rows of a sheet that differ, named as far as there are not too many."""
    was = [then[at : at + MARK_BYTES] for at in range(0, len(then), MARK_BYTES)]
    for kind, place, before in compare(was, [now.mark(at) for at in range(now.rows)]):
        if kind == MOVED:
            verdict.faults.append(f"工作表“{now.name}”的行的顺序被改")
            continue
        verdict.counted[kind] = verdict.counted.get(kind, 0) + 1
        if len(verdict.rows) < MOST_NAMED:
            name = names[before] if 0 <= before < len(names) else now.names[place] if place < len(now.names) else ""
            row = numbers[place] if place >= 0 else 0
            verdict.rows.append(RowFault(now.name, kind, row, before + 1, name))


def record_of(number: str) -> ExportRecord | None:
    try:
        return ExportRecord.objects.filter(pk=uuid.UUID(number.strip())).first()
    except ValueError:
        return None


def about_of(book: Workbook) -> dict[str, str]:
    """The lines of the sheet 说明; none where there is no such sheet."""
    if ABOUT_SHEET not in book.sheet_names:
        return {}
    return {canonical(cells[0]): canonical(cells[1]) for _, cells in book.rows(ABOUT_SHEET) if len(cells) > 1}


def read_book(book: Workbook, stated: dict[str, str], record: ExportRecord | None) -> ReadBook:
    """Digest and marks of everything in the file. Raises SheetError."""
    digest = BookDigest(bytes.fromhex(record.row_key) if record else b"")
    heads = {sheet["name"]: len(sheet["heads"]) for sheet in record.sheets} if record else {}
    numbers: dict[str, list[int]] = {}
    for name in book.sheet_names:
        digest.sheet(name)
        if name == ABOUT_SHEET:
            for _, cells in book.rows(name):
                digest.tell(cells)
        else:
            numbers[name] = list(rows_into(digest, book.rows(name), heads.get(name, 0)))
    return ReadBook(digest, stated, book.sheet_names, numbers)


def rows_into(digest: BookDigest, rows: Iterator[Row], heads: int) -> Iterator[int]:
    """Numbers of the rows of data, as the spreadsheet shows them."""
    sheet, above = digest.sheets[-1], heads
    for number, cells in rows:
        before = sheet.rows, len(sheet.heads)
        if above:
            digest.head(cells)
            above -= len(sheet.heads) - before[1]
            continue
        digest.add(cells)
        if sheet.rows > before[0]:
            yield number


def has_formulas(path: Path) -> bool:
    """Whether a cell computes what it shows: none that we write does."""
    with zipfile.ZipFile(path) as package:
        parts = [name for name in package.namelist() if name.startswith("xl/worksheets/") and name.endswith(".xml")]
        return any(holds_formula(package.open(name)) for name in parts)


def holds_formula(part: Any) -> bool:
    kept = b""
    with part:
        while read := part.read(CHUNK):
            if FORMULA.search(kept + read):
                return True
            kept = read[-OVERLAP:]
    return False


def checked(path: Path) -> Verdict:
    """:func:`verify`, with a file that cannot be read told as unknown."""
    try:
        return verify(path)
    except SheetError as fault:
        return Verdict(UNKNOWN, why=str(fault))
