"""A department's workbook into sealed rows: numbers become keyed hashes as they are read, nothing stays in the clear.

The columns are found by their headers as in every other sheet of the house; name and number are known by many wordings.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from django.utils import timezone

from audits.comparisons.sources import Source
from audits.models import ComparisonList, ComparisonRow
from audits.models.comparison import compared_name
from povreg.kit.bulk import insert_rows
from povreg.kit.crypto import lookup_hash
from povreg.kit.idnumber import IdFault, normalise, parse
from povreg.kit.sheets.cells import text_of
from povreg.kit.sheets.columns import Column, Layout, SheetSpec
from povreg.kit.sheets.finding import open_sheets
from povreg.kit.sheets.kinds import Day, Kind, Text
from povreg.kit.sheets.reader import Workbook

FIELDS = ("list_id", "county_id", "line", "id_hash", "name", "name_hash", "birth_date", "detail", "on")
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


def name_key(name: str) -> str:
    """The hash under which a name is compared: without blanks and middle dots."""
    return lookup_hash(compared_name(name))


def read_file(path: Path, into: ComparisonList, source: Source) -> Tally:
    """Keep the rows of every sheet that has the columns. Raises SheetError for a file that cannot be read."""
    tally = Tally()
    with Workbook(path) as book:
        found = open_sheets(book, layout_of(source))
        rows = (
            (number, {column.field: column.kind.parse(cells[at]) if at < len(cells) else None
                      for at, column in each.match.columns.items()}, source)
            for each in found
            for number, cells in book.rows(each.sheet, after=each.header_row)
        )  # fmt: skip
        insert_rows(ComparisonRow, FIELDS, _lines(rows, into, tally))
    return tally


def keep_rows(rows: Iterable[dict[str, Any]], into: ComparisonList, source: Source) -> Tally:
    """Keep rows that another system pushed: name, id_no, birth_date, on, and the columns of the source."""
    tally = Tally()
    given = (
        (number, {
            "row.name": row.get("name"), "row.id_no": row.get("id_no"), "row.birth_date": row.get("birth_date"),
            "row.on": row.get("on"),
            **{f"row.keep{at}": row.get("detail", {}).get(header) for at, header in enumerate(source.keeps)},
        }, source)
        for number, row in enumerate(rows, 1)
    )  # fmt: skip
    insert_rows(ComparisonRow, FIELDS, _lines(given, into, tally))
    return tally


def _lines(rows: Iterable[Any], into: ComparisonList, tally: Tally) -> Iterator[list[Any]]:
    today = timezone.localdate()
    for number, given, source in rows:
        tally.read += 1
        name = _text(given.get("row.name"))
        id_no = normalise(_text(given.get("row.id_no")))
        if not name and not id_no:
            tally.leave("姓名和证件号码都是空的")
            continue
        read = parse(id_no[:18], today) if id_no else None
        valid = read is not None and not isinstance(read, IdFault)
        born = read.birth_date if valid else _day(given.get("row.birth_date"))  # type: ignore[union-attr]
        if not valid:
            tally.without_number += 1
            if not name or born is None:
                tally.leave("证件号码不对，又没有出生日期")
                continue
        tally.kept += 1
        said = "；".join(
            f"{header} {text}" for at, header in enumerate(source.keeps) if (text := _text(given.get(f"row.keep{at}")))
        )
        yield [
            *(into.pk, into.county_id, number, lookup_hash(id_no[:18]) if valid else "", name[:60], name_key(name)),
            *(born, said[:LONGEST], _day(given.get("row.on"))),
        ]


def _text(value: Any) -> str:
    return text_of(value) if value is not None and not hasattr(value, "code") else ""


def _day(value: Any) -> date | None:
    return value if isinstance(value, date) else None


def digest_of_rows(rows: Iterable[dict[str, Any]]) -> str:
    """What recognises the same push."""
    return hashlib.sha256(repr([sorted(row.items(), key=str) for row in rows]).encode()).hexdigest()
