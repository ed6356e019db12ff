"""Columns of declared lists: one declaration gives the cell of the page, of the phone card and of the workbook."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import reduce
from typing import Any

from django.utils import timezone

from povreg.kit.sheets.columns import Column as SheetColumn
from povreg.kit.sheets.kinds import Day, Kind, Moment, Text, Whole

TEXT = Text(500)
NUMBER = Whole(-(10**12), 10**12)
FIRST_CENTURY, LAST_CENTURY = 1800, 2200
DAY, MOMENT = Day(), Moment()
TITLE, UNDER, FIGURE = "title", "under", "figure"
"""Where a column stands on a phone: the first line at the left, the line below it, at the right."""
Of = Callable[[Any], Any]


def day_text(value: date | None) -> str:
    """``2020年9月3日``; nothing for no day."""
    day = timezone.localtime(value) if isinstance(value, datetime) else value
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


def moment_text(value: datetime | None) -> str:
    """``2020年9月3日 08:05``; nothing for no time."""
    return f"{day_text(value)} {timezone.localtime(value):%H:%M}" if value else ""


def short_day_text(value: date | None) -> str:
    """``9月3日``, with the year only when it is not this one; nothing for no day."""
    if value is None:
        return ""
    year = f"{value.year}年" if value.year != timezone.localdate().year else ""
    return f"{year}{value.month}月{value.day}日"


def short_moment_text(value: datetime | None) -> str:
    """``9月3日 08:05``, with the year only when it is not this one; nothing for no time."""
    if value is None:
        return ""
    at = timezone.localtime(value)
    return f"{short_day_text(at.date())} {at:%H:%M}"


def month_text(value: date | None) -> str:
    """``2020年9月``; nothing for no day."""
    return f"{value.year}年{value.month}月" if value else ""


DATED: dict[Callable[[Any], str], Kind] = {
    day_text: DAY, short_day_text: DAY, month_text: DAY, moment_text: MOMENT, short_moment_text: MOMENT,
}  # fmt: skip


def yuan_text(value: Decimal | None) -> str:
    """``3,747`` or ``3,747.50``; nothing for no amount."""
    return "" if value is None else f"{value:,.2f}".removesuffix(".00")


def along(path: str) -> Of:
    """The value at the end of an attribute path (``unit__name``); "" where a step is missing."""
    return lambda row: reduce(
        lambda value, name: getattr(value, name) if value is not None else None, path.split("__"), row
    )


@dataclass(frozen=True)
class Cell:
    """What a cell of the page shows: text, a second line, where it leads, the tone of its tag, further classes."""

    column: Column
    text: str
    under: str = ""
    url: str = ""
    tone: str = ""
    mark: str = ""
    lines: tuple[str, ...] = ()
    late: bool = False

    @property
    def is_blank(self) -> bool:
        """Whether the text only stands for nothing."""
        return self.text == self.column.blank

    @property
    def css(self) -> str:
        return " ".join(filter(None, (self.column.css, f"on-phone-{self.column.phone}" if self.column.phone else "")))


@dataclass(frozen=True)
class Column:
    """One column of a declared list.

    ``value`` takes a row (by default its attribute ``code``); what it gives is written to the workbook by ``kind`` and
    shown on the page by ``text`` (of the value; by default as the kind reads). A tuple of texts stands one below the
    other. ``under`` is a second line, red where ``late`` holds; ``mark`` a small tag behind the text; ``link`` an
    address (of row and person; "" for none); ``tone`` makes the text a tag. ``blank`` stands for nothing. ``phone``
    says where the column stands on a phone, where columns without it are left out. ``for_whom`` (of the person) leaves
    the column out for others. ``api`` names the field of the API's row that says the same ("" for none); ``width`` is
    in characters of the sheet.
    """

    code: str
    label: str
    value: Of | None = None
    kind: Kind = TEXT
    text: Callable[[Any], str] | None = None
    under: Of | None = None
    mark: Of | None = None
    link: Callable[[Any, Any], str] | None = None
    tone: Of | None = None
    late: Of | None = None
    blank: str = "—"
    css: str = ""
    phone: str = ""
    for_whom: Callable[[Any], bool] | None = None
    on_page: bool = True
    in_sheet: bool = True
    api: str | None = None
    width: float = 14.0

    def of(self, row: Any) -> Any:
        """The value of a row."""
        return self.value(row) if self.value else along(self.code)(row)

    @property
    def field(self) -> str:
        """The field of the API that says the same; "" for none."""
        return self.code if self.api is None else self.api

    @property
    def is_number(self) -> bool:
        return self.kind.numeric

    @property
    def sheet(self) -> SheetColumn:
        return SheetColumn(self.label, self.code, self.sheet_kind, width=self.width)

    @property
    def sheet_kind(self) -> Kind:
        """What the workbook holds: what the page says as a day or a moment is a date there."""
        return DATED.get(self.text, self.kind) if self.kind is TEXT and self.text else self.kind

    def written(self, row: Any) -> Any:
        """The cell of the workbook; days and moments as dates."""
        value = self.of(row)
        if isinstance(value, tuple):
            return self.kind.write("；".join(map(str, value)))
        if isinstance(value, datetime):
            moment = MOMENT.write(value)
            return moment.date() if isinstance(self.sheet_kind, Day) else moment
        return value if isinstance(value, date) else self.kind.write(value)

    def cell(self, row: Any, user: Any) -> Cell:
        """The cell of the page, as this person sees it."""
        value = self.of(row)
        lines = value if isinstance(value, tuple) else ()
        return Cell(
            self,
            "、".join(lines) if lines else self.shown(value),
            str(self.under(row) or "") if self.under else "",
            self.link(row, user) if self.link else "",
            self.tone(row) if self.tone else "",
            str(self.mark(row) or "") if self.mark else "",
            lines,
            bool(self.late and self.late(row)),
        )

    def shown(self, value: Any) -> str:
        """The value as the page says it."""
        if self.text is not None:
            return self.text(value) or self.blank
        if value is None or value in ("", ()):
            return self.blank
        return plain_text(value, self.kind)


def plain_text(value: Any, kind: Kind) -> str:
    """A value in words: thousands, dates, 是 and 否."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return moment_text(value)
    if isinstance(value, date):
        return day_text(value)
    if isinstance(value, Decimal):
        return yuan_text(value)
    return f"{value:,}" if kind.numeric and not is_year(kind) else str(value)


def is_year(kind: Kind) -> bool:
    """Whether whole numbers of a kind are years, which are written without thousands."""
    return isinstance(kind, Whole) and kind.least >= FIRST_CENTURY and kind.most <= LAST_CENTURY
