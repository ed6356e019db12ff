"""Reading a workbook: each row is taken over or rejected with its reason; the counts always add up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from assistance.books.layouts import ALL
from assistance.books.taking import TAKERS, Rejected
from povreg.kit.history import act
from povreg.kit.sheets.cells import Fault, Told
from povreg.kit.sheets.columns import Column, Layout
from povreg.kit.sheets.finding import Found, open_sheets
from povreg.kit.sheets.reader import Row, Workbook
from villages.models import User
from villages.rights import Right
from villages.rights.checks import check_right

VERB = "import_assistance"
CHUNK = 1000
"""Rows that are looked up and written together."""


@dataclass(frozen=True)
class Reject:
    """A row that was not taken over, its cells as they stood."""

    row: int
    column: str
    code: str
    message: str
    cells: tuple[Any, ...] = ()


@dataclass
class Outcome:
    """``rows_read = created + unchanged + rejected``."""

    rows_read: int = 0
    created: int = 0
    unchanged: int = 0
    unknown: list[str] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)

    @property
    def rejected(self) -> int:
        return len(self.rejects)


def import_book(*, by: User, code: str, path: Path, dry_run: bool = False) -> Outcome:
    """Take a workbook of a layout over, ``CHUNK`` rows at a time; ``dry_run`` takes all of it back.

    Raises PermissionDenied without the right to import or that of the verb, SheetError for a file that cannot be read.
    """
    layout = ALL[code]
    check_right(by, Right.IMPORT)
    check_right(by, TAKERS[code][1])
    outcome = Outcome()
    with Workbook(path) as book, act(by=by, verb=VERB, reason=layout.label):
        for found in open_sheets(book, layout):
            outcome.unknown += [name for name in found.match.unknown if name not in outcome.unknown]
            unread = book.rows(found.sheet, found.header_row)
            while rows := list(islice(unread, CHUNK)):
                take_over(by, code, rows, found, outcome)
        if dry_run:
            transaction.set_rollback(True)
    outcome.rejects.sort(key=lambda each: each.row)
    return outcome


def take_over(by: User, code: str, rows: Sequence[Row], found: Found, outcome: Outcome) -> None:
    """Some rows of a sheet: what cannot be read is rejected, the taker of the layout answers for the rest."""
    outcome.rows_read += len(rows)
    read: list[tuple[Row, dict[str, Any]]] = []
    for row in rows:
        try:
            read.append((row, values_of(row[1], found)))
        except Rejected as fault:
            outcome.rejects.append(reject(row, code, fault))
    for (row, _values), said in zip(read, TAKERS[code][0](by, [values for _row, values in read]), strict=True):
        if isinstance(said, str):
            setattr(outcome, said, getattr(outcome, said) + 1)
        else:
            outcome.rejects.append(reject(row, code, said))


def reject(row: Row, code: str, fault: Rejected | ValidationError) -> Reject:
    number, cells = row
    if isinstance(fault, Rejected):
        return Reject(number, header_of(ALL[code], fault.field), fault.code, fault.message, tuple(cells))
    name, texts = next(iter(fault.message_dict.items())) if hasattr(fault, "error_dict") else ("", fault.messages)
    return Reject(number, header_of(ALL[code], name), "check", str(texts[0]), tuple(cells))


def header_of(layout: Layout, name: str) -> str:
    """The heading of the column whose value goes to a field; nothing where it is the whole row."""
    return next((column.header for column in layout.sheets[0].columns if column.field == name), "")


def values_of(cells: list[Any], found: Found) -> dict[str, Any]:
    """The values of the cells that are filled. Raises Rejected for the first that cannot be read, or is wanting."""
    values: dict[str, Any] = {}
    for position, column in found.match.columns.items():
        value = parsed(column, cells[position] if position < len(cells) else None)
        if column.must_fill and value in (None, ""):
            raise Rejected(column.field, "required", f"{column.header}没有填写，请补上")
        values |= {} if value is None else {column.field: value}
    return values


def parsed(column: Column, cell: Any) -> Any:
    """The value of a cell. Raises Rejected with the fault in words."""
    value = column.kind.parse(cell)
    if isinstance(value, Told):
        value = Fault(value.code, value.message) if value.asks else value.value
    if isinstance(value, Fault):
        raise Rejected(column.field, value.code, value.message)
    return value
