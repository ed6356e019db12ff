"""A report as a table: heads, lines of cells, a line of totals. Page, chart and workbook are made of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

SHARE, YUAN, MU = "%", "元", "亩"


@dataclass(frozen=True)
class Head:
    """A column; ``unit`` says what its figures are: 户, 人, 元, 亩, %."""

    code: str
    label: str
    unit: str


@dataclass(frozen=True)
class Cell:
    """One figure; ``value`` None where there is nothing to count on. ``url`` leads to the list behind it."""

    value: Any
    unit: str
    url: str = ""

    @property
    def text(self) -> str:
        return shown(self.value, self.unit)


@dataclass(frozen=True)
class Line:
    """A row: its label, where the label leads (a level down), its cells, and its total of the whole (a split only)."""

    label: str
    cells: list[Cell]
    url: str = ""
    total: Cell | None = None
    sub: str = ""


@dataclass
class Grid:
    """The table. ``shares`` are those of the columns in the whole, per cent; ``head`` is the heading of the rows,
    ``at`` when was counted."""

    head: str
    heads: list[Head]
    lines: list[Line]
    total: Line
    at: datetime
    shares: list[str] = field(default_factory=list)

    @property
    def drills(self) -> bool:
        """Whether a row leads a level down."""
        return any(line.url for line in self.lines)

    @property
    def is_empty(self) -> bool:
        return not self.lines


def percent(part: Any, whole: Any) -> Decimal | None:
    """Per cent with one decimal; None of nothing."""
    return (Decimal(part) * 100 / Decimal(whole)).quantize(Decimal("0.1")) if whole else None


def shown(value: Any, unit: str) -> str:
    """A figure as it is read: 1,234 · 1,234.50 · 12.5%."""
    if value is None:
        return "—"
    if unit == SHARE:
        return f"{value}%"
    return f"{value:,.2f}" if unit in (YUAN, MU) else f"{value:,}"


def added(rows: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Figures of several rows, summed name by name; what is None counts nothing."""
    total: dict[str, Any] = {}
    for row in rows:
        for name, value in row.items():
            total[name] = total.get(name, 0) + (value or 0)
    return total
