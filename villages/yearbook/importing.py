"""Importing yearly files: each row is taken over or rejected with its reason; the counts always add up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from povreg.kit.history import act
from povreg.kit.scopes import within_any
from povreg.kit.sheets.cells import Fault, Told
from povreg.kit.sheets.columns import Column
from povreg.kit.sheets.finding import Found, open_sheets
from povreg.kit.sheets.reader import Workbook
from villages.models import Place, User, VillageYear
from villages.places.names import township_short_name, village_short_name
from villages.rights import Right
from villages.rights.checks import check_right
from villages.yearbook.services import save_facts, start_year
from villages.yearbook.sheet import CODE, LAYOUT, TOWNSHIP, VILLAGE, YEAR, Reject

HERE = {YEAR.field, CODE.field, TOWNSHIP.field, VILLAGE.field}
VERB = "import_village_years"


class Rejected(Exception):  # noqa: N818 - an answer, not an accident
    def __init__(self, column: str, code: str, message: str) -> None:
        super().__init__(message)
        self.column, self.code, self.message = column, code, message


@dataclass
class Outcome:
    """``rows_read = created + updated + unchanged + rejected``."""

    rows_read: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    unknown: list[str] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)

    @property
    def rejected(self) -> int:
        return len(self.rejects)

    def as_dict(self) -> dict[str, Any]:
        counts = {name: getattr(self, name) for name in ("rows_read", "created", "updated", "unchanged", "rejected")}
        return {**counts, "unknown_columns": self.unknown, "rejects": [vars(each) for each in self.rejects]}


def import_years(*, by: User, path: Path, dry_run: bool = False) -> Outcome:
    """Read a workbook of yearly files into the villages where ``by`` keeps them. A blank cell changes nothing.

    Raises PermissionDenied without the right to import, SheetError when the file cannot be read.
    """
    check_right(by, Right.IMPORT)
    outcome, villages = Outcome(), Villages(by)
    with Workbook(path) as book, act(by=by, verb=VERB):
        seen: set[tuple[str, int]] = set()
        for found in open_sheets(book, LAYOUT):
            outcome.unknown += [name for name in found.match.unknown if name not in outcome.unknown]
            for number, cells in book.rows(found.sheet, found.header_row):
                take_over(by, (number, cells), found, villages, seen, outcome)
        if dry_run:
            transaction.set_rollback(True)
    return outcome


def take_over(
    by: User, line: tuple[int, list[Any]], found: Found, villages: Villages, seen: set[tuple[str, int]],
    outcome: Outcome,
) -> None:  # fmt: skip
    """One row, in a savepoint of its own."""
    number, cells = line
    outcome.rows_read += 1
    try:
        values = read(cells, found)
        village, year = villages.find(values), values[YEAR.field]
        if (village.code, year) in seen:
            raise Rejected(VILLAGE.header, "duplicate", f"{village} {year} 年在前面已有一行，请只留一行")
        seen.add((village.code, year))
        with transaction.atomic():
            said = put(by, village, year, {name: value for name, value in values.items() if name not in HERE})
        setattr(outcome, said, getattr(outcome, said) + 1)
    except Rejected as fault:
        outcome.rejects.append(Reject(number, fault.column, fault.code, fault.message))


def read(cells: list[Any], found: Found) -> dict[str, Any]:
    """The values of the cells that are filled. Raises Rejected for the first that cannot be read, or is wanting."""
    values: dict[str, Any] = {}
    for position, column in found.match.columns.items():
        cell = cells[position] if position < len(cells) else None
        values |= {} if (value := parsed(column, cell)) is None else {column.field: value}
        if column.must_fill and value is None:
            raise Rejected(column.header, "required", f"{column.header}没有填写，请补上")
    return values


def parsed(column: Column, cell: Any) -> Any:
    """The value of a cell. Raises Rejected with the fault in words."""
    value = column.kind.parse(cell)
    if isinstance(value, Told):
        value = Fault(value.code, value.message) if value.asks else value.value
    if isinstance(value, Fault):
        raise Rejected(column.header, value.code, value.message)
    return value


def put(by: User, village: Place, year: int, facts: Mapping[str, Any]) -> str:
    """Save the row's facts. Answers what became of it; raises Rejected for what the verbs refuse."""
    row = VillageYear.objects.filter(village=village, year=year).first()
    if row is not None and all(getattr(row, name) == value for name, value in facts.items()):
        return "unchanged"
    said = "updated" if row else "created"
    try:
        row = row or start_year(by=by, village=village, year=year)
        save_facts(by=by, row=row, version=row.version, facts=facts, verb=VERB)
    except ValidationError as fault:
        name, texts = next(iter(fault.message_dict.items()))
        header = next((column.header for column in LAYOUT.sheets[0].columns if column.field == name), "")
        raise Rejected(header, "check", texts[0]) from fault
    except PermissionDenied as fault:
        raise Rejected(VILLAGE.header, "unknown_place", "该村不在您负责的范围内，请删去这一行") from fault
    return said


class Villages:
    """The villages where a person keeps files, by code and by name."""

    def __init__(self, user: User) -> None:
        places = user.places_with(Right.VILLAGE_FILE_EDIT)
        rows = Place.objects.current().filter(within_any("code", places), level=Place.Level.VILLAGE)
        self.all = list(rows.select_related("parent"))

    def find(self, values: Mapping[str, Any]) -> Place:
        """The village that a row names. Raises Rejected for none, or for several."""
        code, town = values.get(CODE.field), township_short_name(values.get(TOWNSHIP.field) or "")
        name = village_short_name(values.get(VILLAGE.field) or "")
        if code:
            found = [place for place in self.all if place.code == code]
        else:
            found = [place for place in self.all if name in (place.short_name, village_short_name(place.name))]
            found = [place for place in found if not town or township_short_name(place.parent.name) == town]  # type: ignore[union-attr]
        if len(found) == 1:
            return found[0]
        if found:
            raise Rejected(VILLAGE.header, "ambiguous_place", f"叫“{name}”的村不止一个，请填写乡镇或行政村代码")
        said = code or f"{town}{name}"
        raise Rejected(VILLAGE.header, "unknown_place", f"在您负责的范围内没有找到“{said}”，请核对村名和乡镇")
