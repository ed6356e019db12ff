"""What became of a sheet: reject codes in the order of contract.md section 3, warnings, and the report."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

REJECTS = (
    "required",
    "id_as_number",
    "error_value",
    "id_length",
    "id_birthdate",
    "id_checksum",
    "duplicate_person",
    "check",
    "closed_year",
    "unknown_place",
    "ambiguous_place",
    "unknown_code",
    "bad_number",
    "bad_date",
    "no_head",
    "many_heads",
    "unknown_household",
    "unknown_person",
)
RANKS = {code: rank for rank, code in enumerate(REJECTS, 1)}
WARNING = 50  # ranks from here on reject nothing
QUESTION = 60  # ranks from here on hold a cell or a row back until somebody says yes
QUESTIONS = {
    "two_columns": "同名的列用最可能的一列",
    "month_zero": "丢了 0 的月份按 10 月登记",
    "name_differs": "姓名改为表中的姓名",
    "older_data": "用较早的数据覆盖较新的",
    "many_changes": "大批改动照表写入",
}
"""Kinds of questions by code, with what a yes does."""


def rank_of(code: str) -> int:
    """Place of a code in the contract's order; warnings come after every reject, questions after those."""
    return RANKS.get(code, QUESTION if code in QUESTIONS else WARNING)


@dataclass(frozen=True)
class Remark:
    """One reject or warning, with the row number as the spreadsheet shows it."""

    sheet: str
    row: int
    column: str
    code: str
    message: str


@dataclass
class Counts:
    """``rows_read = created + updated + unchanged + rejected``, always."""

    rows_read: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0

    def add(self, other: "Counts") -> None:
        for name, value in asdict(other).items():
            setattr(self, name, getattr(self, name) + value)

    def check(self) -> None:
        """Raise AssertionError when the counts do not add up: then nothing may be kept."""
        if self.rows_read != self.created + self.updated + self.unchanged + self.rejected:
            raise AssertionError(f"rows do not add up: {self}")


@dataclass
class SheetRead:
    """What became of one sheet of the file. ``why`` is empty where it was read; ``hidden`` counts rows that are not
    seen in the spreadsheet but were read; ``skipped`` are rows that are no data, with what they are."""

    name: str
    visible: bool
    used: bool
    why: str = ""
    rows: int = 0
    hidden: int = 0
    header_row: int | None = None
    skipped: list[tuple[int, str]] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        skipped = [{"row": row, "what": what} for row, what in self.skipped[:SHOWN_SKIPPED]]
        return {**asdict(self), "skipped": len(self.skipped), "skipped_rows": skipped}


SHOWN_SKIPPED = 50


@dataclass
class Named:
    """Who or what is named one by one: how many there are, and the first of them as texts."""

    count: int = 0
    rows: list[list[str]] = field(default_factory=list)

    def add(self, found: Sequence[tuple[Any, ...]], most: int) -> None:
        """Rows that say in their first column how many there are in all."""
        if found:
            self.count += found[0][0]
            self.rows += [[str(cell or "") for cell in row[1:]] for row in found[: most - len(self.rows)]]

    def as_dict(self) -> dict[str, Any]:
        return {"count": self.count, "rows": self.rows}


@dataclass
class Mentioned:
    """What the sheets of a workbook mention so far: households (ids) and villages (codes); who is registered in those
    households and not in the sheet, and households registered in another village than it says."""

    households: set[int] = field(default_factory=set)
    villages: set[str] = field(default_factory=set)
    absent: Named = field(default_factory=Named)
    moved: Named = field(default_factory=Named)


@dataclass
class Outcome:
    """Everything the report says, and what the rejects workbook needs besides.

    ``households`` are the ids that changed; ``faulty`` maps sheet to row to column position to message;
    ``household_nos`` maps rejected rows (sheet, row) of a layout without household numbers to the number they were
    given. ``mentioned`` knows who is registered in the sheet's households and not in the sheet: they stay.
    ``context`` is the one of the history under which the rows were written.
    """

    layout: str
    county: str
    sha256: str
    dry_run: bool
    counts: Counts = field(default_factory=Counts)
    by_sheet: dict[str, Counts] = field(default_factory=dict)
    unknown_columns: list[str] = field(default_factory=list)
    rejects: list[Remark] = field(default_factory=list)
    warnings: list[Remark] = field(default_factory=list)
    questions: list[Remark] = field(default_factory=list)
    sheets: list[SheetRead] = field(default_factory=list)
    changes: dict[str, Any] = field(default_factory=dict)
    mentioned: Mentioned = field(default_factory=Mentioned)
    context: Any = None
    households: list[int] = field(default_factory=list)
    faulty: dict[str, dict[int, dict[int, str]]] = field(default_factory=dict)
    household_nos: dict[tuple[str, int], str] = field(default_factory=dict)

    def report(self) -> dict[str, Any]:
        """The report as JSON (contract.md section 3)."""
        return {
            **asdict(self.counts),
            "skipped": sum(len(each.skipped) for each in self.sheets),
            "sheets": [each.as_dict() for each in self.sheets],
            "questions": [asdict(each) for each in self.questions],
            "warnings": [asdict(each) for each in self.warnings],
            "rejects": [asdict(each) for each in self.rejects],
            "layout": self.layout,
            "county": self.county,
            "dry_run": self.dry_run,
            "sha256": self.sha256,
            "unknown_columns": self.unknown_columns,
            "changes": self.changes,
            "by_sheet": {name: asdict(counts) for name, counts in self.by_sheet.items()},
        }
