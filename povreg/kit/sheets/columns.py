"""Columns, sheets and layouts; finding columns by the text of their headers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from povreg.kit.idnumber import half_width
from povreg.kit.sheets.kinds import Kind

REASON_HEADER = "退回原因"
MARKS = str.maketrans("", "", "()*:.。、_-“”\"'")


@dataclass(frozen=True)
class Column:
    """One column: its header and older wordings of it, where its value goes, how it is read and written.

    ``must_exist``: without the column the sheet cannot be read. ``must_fill``: a blank cell rejects the row.
    ``listed`` False: understood when it is there, but no part of the layout that is written.
    """

    header: str
    field: str
    kind: Kind
    also: tuple[str, ...] = ()
    must_exist: bool = False
    must_fill: bool = False
    note: str = ""
    width: float = 12.0
    listed: bool = True

    def headers(self) -> tuple[str, ...]:
        return (self.header, *self.also)


@dataclass(frozen=True)
class SheetSpec:
    """One sheet of a layout. ``title`` is a first row above the header, as the older national exports had."""

    name: str
    unit: str
    columns: tuple[Column, ...]
    title: str = ""

    @property
    def listed(self) -> tuple[Column, ...]:
        """The columns that templates and exports have."""
        return tuple(column for column in self.columns if column.listed)

    def column(self, field_path: str) -> Column:
        """The column of a field. Raises KeyError where the sheet has none."""
        return next((column for column in self.columns if column.field == field_path), None) or _no_column(field_path)

    def has(self, field_path: str) -> bool:
        return any(column.field == field_path for column in self.columns)


def _no_column(field_path: str) -> Column:
    raise KeyError(field_path)


@dataclass(frozen=True)
class Layout:
    """A workbook as offices exchange it: one sheet or several."""

    code: str
    label: str
    sheets: tuple[SheetSpec, ...]
    about: str = ""


def plain_header(text: Any) -> str:
    """A header as it is compared: half-width, without blanks, line breaks and marks."""
    return "".join(half_width(str(text or "")).split()).translate(MARKS).lower()


@dataclass(frozen=True)
class Match:
    """Which column of a sheet stands where. Positions count from 0."""

    columns: Mapping[int, Column] = field(default_factory=dict)
    unknown: Sequence[str] = ()

    def missing(self, spec: SheetSpec) -> list[Column]:
        """Columns without which the sheet cannot be read and that were not found."""
        found = set(map(id, self.columns.values()))
        return [column for column in spec.columns if column.must_exist and id(column) not in found]


def match(spec: SheetSpec, headers: Iterable[Any], chosen: Mapping[str, str] | None = None) -> Match:
    """Find the columns of ``spec`` among the headers of a sheet, in any order.

    ``chosen`` maps headers that match nothing to headers of the layout (empty: leave out). The first of two columns
    with the same header counts; the other is reported as unknown. The rejects' reason is never a column.
    """
    by_header = {plain_header(name): column for column in spec.columns for name in column.headers()}
    by_header |= {
        plain_header(given): column
        for given, wanted in (chosen or {}).items()
        if (column := by_header.get(plain_header(wanted))) and plain_header(given) not in by_header
    }
    columns: dict[int, Column] = {}
    unknown: list[str] = []
    for position, header in enumerate(headers):
        key = plain_header(header)
        column = by_header.get(key)
        if column is not None and column not in columns.values():
            columns[position] = column
        elif key and key != plain_header(REASON_HEADER):
            unknown.append(str(header).strip())
    return Match(columns, tuple(unknown))
