"""What a sample measures, by year: the declarations of data/measures.json."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.db.models import Q

from households.models.codes import OUT_OF_POVERTY

FILE = Path(__file__).with_name("data") / "measures.json"
MONITORED = ~Q(monitor_type="") & (Q(risk_cleared=False) | Q(risk_cleared__isnull=True))
POPULATIONS: dict[str, tuple[str, Q]] = {
    "exited": ("脱贫户", Q(in_register=True, exit_status=OUT_OF_POVERTY)),
    "unregistered": ("未建档农户", Q(in_register=False)),
    "monitored": ("在监测户", MONITORED),
    "cleared": ("风险已消除户", ~Q(monitor_type="") & Q(risk_cleared=True)),
    "outside": ("未纳入监测农户", Q(monitor_type="")),
}
"""From whom is drawn: label and condition on households that have not ended. Those of one year do not overlap."""


SAID = ("code", "label", "population", "counts", "wrong", "ask", "formula", "source")


@dataclass(frozen=True)
class Measure:
    """One rate. ``population`` is drawn from for it ("": it is asked of everybody drawn), ``counts`` says whether
    persons or households are counted, ``wrong`` whether a high rate is bad."""

    code: str
    label: str
    population: str
    counts: str
    wrong: bool
    ask: str
    formula: str
    source: str
    limits: tuple[dict[str, Any], ...]
    since: int
    until: int

    def holds_in(self, year: int) -> bool:
        return self.since <= year <= self.until

    def limit_at(self, code: str) -> dict[str, Any]:
        """The limit that holds at a place, {} for none: the one of the most specific place."""
        fitting = [each for each in self.limits if code.startswith(each.get("place", ""))]
        return max(fitting, key=lambda each: len(each.get("place", "")), default={})


@cache
def all_measures() -> tuple[Measure, ...]:
    """Every measure, in the order of the file."""
    return tuple(
        Measure(
            since=each.get("from", 0),
            until=each.get("until", 9999),
            limits=tuple(each["limits"]),
            **{name: each[name] for name in SAID},
        )
        for each in json.loads(FILE.read_text("utf-8"))
    )


def measures_of(year: int) -> list[Measure]:
    """Those that are measured in a year."""
    return [each for each in all_measures() if each.holds_in(year)]


def named(codes: list[str]) -> list[Measure]:
    """The measures of these codes, in the order of the file."""
    return [each for each in all_measures() if each.code in codes]
