"""Counting days of notices and deadlines: calendar days, or working days with the national holiday table.

The day something starts on does not count. Holidays are data (households/data/holidays.json): days off and weekend days
worked instead, year by year with the circular they come from. In a year without a table only weekends are days off, and
:func:`remarks` says so.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

from django.utils import timezone

from households.models.template import DayRule

HOLIDAYS = Path(__file__).resolve().parents[2] / "data" / "holidays.json"
ONE_DAY = timedelta(days=1)
SATURDAY = 5
_pretended: ContextVar[date | None] = ContextVar("pretended_day", default=None)


def today() -> date:
    """The day the procedures reckon with: today, unless :func:`at` pretends another."""
    return _pretended.get() or timezone.localdate()


@contextmanager
def at(day: date) -> Iterator[None]:
    """Reckon with another day inside the block: for the demonstration county and for tests, never for a request."""
    token = _pretended.set(day)
    try:
        yield
    finally:
        _pretended.reset(token)


@dataclass(frozen=True)
class Calendar:
    """Days off, weekend days worked, and for each known year its source and whether it is provisional."""

    off: frozenset[date]
    worked: frozenset[date]
    sources: dict[int, tuple[str, bool]]


def _days(first: str, last: str) -> Iterator[date]:
    day, end = date.fromisoformat(first), date.fromisoformat(last)
    while day <= end:
        yield day
        day += ONE_DAY


@lru_cache(maxsize=1)
def calendar() -> Calendar:
    """The shipped table."""
    years = json.loads(HOLIDAYS.read_text(encoding="utf-8"))
    off = {day for year in years for span in year["off"] for day in _days(span["from"], span["to"])}
    worked = {date.fromisoformat(day) for year in years for day in year["work"]}
    sources = {year["year"]: (year["source"], year["provisional"]) for year in years}
    return Calendar(frozenset(off), frozenset(worked), sources)


def is_working_day(day: date) -> bool:
    """Whether offices work: not a weekend nor a holiday, or a weekend day worked instead of one."""
    table = calendar()
    return day in table.worked or (day.weekday() < SATURDAY and day not in table.off)


def counts(day: date, rule: str) -> bool:
    return rule == DayRule.CALENDAR or is_working_day(day)


def end_of(start: date, days: int, rule: str) -> date:
    """The last of ``days`` days that follow ``start``; ``start`` itself when there are none."""
    if rule == DayRule.CALENDAR:
        return start + timedelta(days=days)
    day = start
    while days > 0:
        day += ONE_DAY
        days -= is_working_day(day)
    return day


def days_between(start: date, end: date, rule: str) -> int:
    """Days after ``start`` up to and including ``end`` that count; 0 when ``end`` is not later."""
    if rule == DayRule.CALENDAR:
        return max((end - start).days, 0)
    return sum(is_working_day(start + timedelta(days=number)) for number in range(1, (end - start).days + 1))


@dataclass(frozen=True)
class Left:
    """How much is left of a deadline: ``days`` still to come, or ``over`` days past it."""

    days: int
    over: int
    rule: str

    @property
    def is_overdue(self) -> bool:
        return self.over > 0

    def __str__(self) -> str:
        unit = "个工作日" if self.rule == DayRule.WORKING else "天"
        if self.over:
            return f"逾期 {self.over} {unit}"
        return f"还有 {self.days} {unit}" if self.days else "今天到期"


def left(deadline: date, rule: str = DayRule.CALENDAR, day: date | None = None) -> Left:
    """What is left of ``deadline`` on ``day`` (today)."""
    day = day or today()
    over = days_between(deadline, day, rule) if day > deadline else 0
    return Left(days_between(day, deadline, rule), max(over, int(day > deadline)), rule)


def remarks(start: date, end: date) -> list[str]:
    """What to know about the holiday table of the years between two days; empty when all of it is certain."""
    found = []
    for year in range(start.year, end.year + 1):
        source, provisional = calendar().sources.get(year, ("", False))
        if not source:
            found.append(f"{year} 年节假日安排尚未收录，工作日只扣除周末。")
        elif provisional:
            found.append(f"{year} 年节假日安排为暂定（{source}）。")
    return found
