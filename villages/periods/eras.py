"""The three eras as data (villages/data/eras.json; policy-2026.md section 1).

Which words are used, which procedures are on offer, and which kind of line judges follow from the date. What a
county set for itself is put over it by :mod:`villages.periods.selectors`.
"""

import json
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parent.parent / "data" / "eras.json"
EARLIEST, LATEST = 0, 9999  # years that open ends stand for
FIRST_DAY = "0001-01-01"


@dataclass(frozen=True)
class Office:
    """What the office that keeps the register is called from a day on. ``group`` decides above it, ``hotline`` is the
    telephone of villagers."""

    since: date
    county: str
    township: str
    group: str
    hotline: str
    hotline_label: str
    source: str = ""


@dataclass(frozen=True)
class Offered:
    """A procedure and the years in which it may be carried out."""

    code: str
    year_from: int
    year_to: int


@dataclass(frozen=True)
class EraData:
    """One era as the file has it: ``objects`` are whom the register is kept for, ``work`` what a notice calls the work
    on them."""

    code: str
    label: str
    year_from: int
    year_to: int
    line: str
    objects: str
    work: str
    offered: tuple[Offered, ...]
    offices: tuple[Office, ...]

    def procedures(self, year: int) -> frozenset[str]:
        return frozenset(each.code for each in self.offered if each.year_from <= year <= each.year_to)

    def office(self, day: date) -> Office:
        """The office of a day of this era; of an earlier day the first one."""
        known = [each for each in self.offices if each.since <= day]
        return known[-1] if known else self.offices[0]


@cache
def eras() -> tuple[EraData, ...]:
    """The eras in order; together they cover every year."""
    return tuple(_era(row) for row in json.loads(DATA.read_text(encoding="utf-8")))


def _era(row: dict[str, Any]) -> EraData:
    first, last = row.get("year_from", EARLIEST), row.get("year_to", LATEST)
    offered = [Offered(one["code"], one.get("year_from", first), one.get("year_to", last)) for one in row["procedures"]]
    offices = [Office(**{**one, "since": date.fromisoformat(one.get("since", FIRST_DAY))}) for one in row["offices"]]
    texts = {name: row[name] for name in ("code", "label", "line", "objects", "work")}
    return EraData(**texts, year_from=first, year_to=last, offered=tuple(offered), offices=tuple(offices))


def era_in(year: int) -> EraData:
    """The era of a year."""
    return next(each for each in eras() if each.year_from <= year <= each.year_to)
