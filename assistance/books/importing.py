"""Reading a workbook: each row is taken over or rejected with its reason; the counts always add up."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from assistance.books.layouts import ALL
from assistance.books.taking import TAKERS, Rejected
from povreg.kit.history import act
from povreg.kit.sheets.cells import Fault, Told
from povreg.kit.sheets.columns import Column, Layout
from povreg.kit.sheets.finding import Found, open_sheets
from povreg.kit.sheets.reader import Workbook
from villages.models import User
from villages.rights import Right
from villages.rights.checks import check_right

VERB = "import_assistance"


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
    """Take a workbook of a layout over, each row in a savepoint of its own; ``dry_run`` takes all of it back.

    Raises PermissionDenied without the right to import or that of the verb, SheetError for a file that cannot be read.
    """
    layout = ALL[code]
    check_right(by, Right.IMPORT)
    check_right(by, TAKERS[code][1])
    outcome = Outcome()
    with Workbook(path) as book, act(by=by, verb=VERB, reason=layout.label):
        for found in open_sheets(book, layout):
            outcome.unknown += [name for name in found.match.unknown if name not in outcome.unknown]
            for number, cells in book.rows(found.sheet, found.header_row):
                take_over(by, code, number, cells, found, outcome)
        if dry_run:
            transaction.set_rollback(True)
    return outcome


def take_over(by: User, code: str, number: int, cells: list[Any], found: Found, outcome: Outcome) -> None:
    outcome.rows_read += 1
    try:
        values = read(cells, found)
        with transaction.atomic():
            said = TAKERS[code][0](by, values)
        setattr(outcome, said, getattr(outcome, said) + 1)
    except Rejected as fault:
        header = header_of(ALL[code], fault.field)
        outcome.rejects.append(Reject(number, header, fault.code, fault.message, tuple(cells)))
    except PermissionDenied:
        outcome.rejects.append(Reject(number, "", "unknown_place", "不在您负责的范围内，请删去这一行", tuple(cells)))
    except ValidationError as fault:
        name, texts = next(iter(fault.message_dict.items())) if hasattr(fault, "error_dict") else ("", fault.messages)
        outcome.rejects.append(Reject(number, header_of(ALL[code], name), "check", str(texts[0]), tuple(cells)))


def header_of(layout: Layout, name: str) -> str:
    """The heading of the column whose value goes to a field; nothing where it is the whole row."""
    return next((column.header for column in layout.sheets[0].columns if column.field == name), "")


def read(cells: list[Any], found: Found) -> dict[str, Any]:
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
