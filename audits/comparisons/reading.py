"""A department's workbook into sealed rows: numbers become keyed hashes as they are read, nothing stays in the clear.

The columns are found by their headers as in every other sheet of the house; name and number are known by many wordings.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.utils import timezone

from audits.comparisons.sources import Source
from audits.models import ComparisonList, ComparisonRow
from audits.models.comparison import compared_name
from povreg.kit.bulk import insert_rows
from povreg.kit.crypto import keyring, lookup_hash
from povreg.kit.idnumber import IdNumber, normalise, parse
from povreg.kit.sheets.cells import text_of
from povreg.kit.sheets.columns import Column, Layout, SheetSpec
from povreg.kit.sheets.finding import Found, open_sheets
from povreg.kit.sheets.kinds import Day, Kind, Text
from povreg.kit.sheets.reader import Workbook

FIELDS = ("list_id", "county_id", "line", "id_hash", "name", "name_hash", "birth_date", "detail", "on")
Given = tuple[int, list[Any]]
"""A row's number, and its cells in the order of :func:`fields_of`."""
NOWHERE: tuple[int, Callable[[Any], Any]] = (sys.maxsize, str)
MOST_KEPT = 2**16
NAMES = ("名字", "姓 名", "人员姓名", "车主", "所有人", "权利人", "法定代表人", "参保人")
NUMBERS = ("身份证号", "身份证号码", "公民身份号码", "身份证", "证件号", "公民身份证号码", "居民身份证号")
LONGEST = 200


@dataclass
class Tally:
    """Rows that were read, kept, left out by why."""

    read: int = 0
    kept: int = 0
    without_number: int = 0
    left_out: dict[str, int] = field(default_factory=dict)

    def leave(self, why: str) -> None:
        self.left_out[why] = self.left_out.get(why, 0) + 1

    @property
    def counts(self) -> dict[str, Any]:
        return {
            "read": self.read, "kept": self.kept, "without_number": self.without_number, "left_out": self.left_out,
        }  # fmt: skip


def layout_of(source: Source) -> Layout:
    """Name, number, birth date, the day, and what the source keeps."""
    columns = (
        Column("姓名", "row.name", Text(60), NAMES, must_exist=True),
        Column("证件号码", "row.id_no", Kind(), NUMBERS),
        Column("出生日期", "row.birth_date", Day(), ("出生年月日", "出生年月")),
        Column("发生日期", "row.on", Day(), ("日期",)),
        *(Column(header, f"row.keep{number}", Text(80)) for number, header in enumerate(source.keeps)),
    )
    return Layout(f"comparison-{source.code}", source.label, (SheetSpec(source.label, "人", columns),))


def fields_of(source: Source) -> list[str]:
    return ["row.name", "row.id_no", "row.birth_date", "row.on", *(f"row.keep{at}" for at in range(len(source.keeps)))]


def name_key(name: str) -> str:
    """The hash under which a name is compared: without blanks and middle dots."""
    return lookup_hash(compared_name(name))


def read_file(path: Path, into: ComparisonList, source: Source) -> Tally:
    """Keep the rows of every sheet that has the columns. Raises SheetError for a file that cannot be read."""
    tally = Tally()
    with Workbook(path) as book:
        rows = (row for each in open_sheets(book, layout_of(source)) for row in _cleaned(book, each, source))
        insert_rows(ComparisonRow, FIELDS, _lines(rows, into, source, tally))
    return tally


def _cleaned(book: Workbook, found: Found, source: Source) -> Iterator[Given]:
    """The rows of a sheet in the order of their fields; what few values have is read once for each of them."""
    at = {column.field: (place, _reader(column.kind)) for place, column in found.match.columns.items()}
    readers = [at.get(name, NOWHERE) for name in fields_of(source)]
    for number, cells in book.rows(found.sheet, after=found.header_row):
        wide = len(cells)
        yield number, [read(cells[place]) if place < wide else None for place, read in readers]


def _reader(kind: Kind) -> Callable[[Any], Any]:
    return lru_cache(maxsize=MOST_KEPT, typed=True)(kind.parse) if kind.steady else kind.parse


def keep_rows(rows: Iterable[dict[str, Any]], into: ComparisonList, source: Source) -> Tally:
    """Keep rows that another system pushed: name, id_no, birth_date, on, and the columns of the source."""
    tally = Tally()
    given = (
        (number, [
            _text(row.get("name")), _text(row.get("id_no")), row.get("birth_date"), row.get("on"),
            *(_text(row.get("detail", {}).get(header)) for header in source.keeps),
        ])
        for number, row in enumerate(rows, 1)
    )  # fmt: skip
    insert_rows(ComparisonRow, FIELDS, _lines(given, into, source, tally))
    return tally


def _lines(rows: Iterable[Given], into: ComparisonList, source: Source, tally: Tally) -> Iterator[list[Any]]:
    """The rows as they are kept; a value that could not be read (a Fault) says nothing. A name is hashed beside a good
    number, too: when keys rotate, numbers of people whom the register does not know go, and the name is left."""
    today, owner, hashed = timezone.localdate(), (into.pk, into.county_id), keyring().found_by
    for number, (called, paper, birth, day, *kept) in rows:
        tally.read += 1
        name = called if called.__class__ is str else ""
        id_no = normalise(paper)[:18] if paper.__class__ is str else ""
        if not name and not id_no:
            tally.leave("姓名和证件号码都是空的")
            continue
        read = parse(id_no, today) if id_no else None
        valid = isinstance(read, IdNumber)
        born = read.birth_date if isinstance(read, IdNumber) else _day(birth)
        if not valid:
            tally.without_number += 1
            if not name or born is None:
                tally.leave("证件号码不对，又没有出生日期")
                continue
        tally.kept += 1
        said = "；".join(
            [f"{header} {text}" for header, text in zip(source.keeps, kept, strict=True)
             if text and text.__class__ is str]
        )  # fmt: skip
        key = compared_name(name)
        yield [
            *owner, number, hashed(id_no) if valid else "", name[:60], hashed(key) if key else "",
            born, said[:LONGEST], _day(day),
        ]  # fmt: skip


def _text(value: Any) -> str:
    return text_of(value) if value is not None else ""


def _day(value: Any) -> date | None:
    return value if isinstance(value, date) else None


def digest_of_rows(rows: Iterable[dict[str, Any]]) -> str:
    """What recognises the same push."""
    return hashlib.sha256(repr([sorted(row.items(), key=str) for row in rows]).encode()).hexdigest()
