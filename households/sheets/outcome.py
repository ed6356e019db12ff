"""What became of a sheet: reject codes in the order of contract.md section 3, warnings, and the report."""

from dataclasses import asdict, dataclass, field
from typing import Any

REJECTS = (
    "required",
    "id_length",
    "id_birthdate",
    "id_checksum",
    "duplicate_person",
    "check",
    "closed_year",
    "unknown_place",
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


def rank_of(code: str) -> int:
    """Place of a code in the contract's order; warnings come after every reject."""
    return RANKS.get(code, WARNING)


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
class Outcome:
    """Everything the report says, and what the rejects workbook needs besides.

    ``households`` are the ids that changed; ``faulty`` maps sheet to row to column position to message;
    ``household_nos`` maps rejected rows of a layout without household numbers to the number they were given.
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
    households: list[int] = field(default_factory=list)
    faulty: dict[str, dict[int, dict[int, str]]] = field(default_factory=dict)
    household_nos: dict[int, str] = field(default_factory=dict)

    def report(self) -> dict[str, Any]:
        """The report as JSON (contract.md section 3)."""
        return {
            **asdict(self.counts),
            "warnings": [asdict(each) for each in self.warnings],
            "rejects": [asdict(each) for each in self.rejects],
            "layout": self.layout,
            "county": self.county,
            "dry_run": self.dry_run,
            "sha256": self.sha256,
            "unknown_columns": self.unknown_columns,
            "by_sheet": {name: asdict(counts) for name, counts in self.by_sheet.items()},
        }
