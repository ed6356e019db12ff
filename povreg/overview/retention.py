"""How long what is kept, table by table, as data (data/retention.json): what people read, what the night deletes by,
and what its report counts. A rule names tables by pattern; the first that fits holds."""

from __future__ import annotations

import json
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

from django.conf import settings

FILE = Path(__file__).with_name("data") / "retention.json"
FOR_EVER = "长期"


@dataclass(frozen=True)
class Rule:
    """``setting`` names the number of days (0: for ever); ``since``: counted from; ``then``: what becomes of it."""

    code: str
    what: str
    tables: tuple[str, ...]
    setting: str
    since: str
    then: str
    basis: str

    @property
    def days(self) -> int | None:
        return int(getattr(settings, self.setting)) if self.setting else None

    @property
    def words(self) -> str:
        """How long, as people read it."""
        if self.days:
            return f"{self.since}后 {self.days} 天"
        return FOR_EVER if self.setting else self.since or FOR_EVER


@cache
def rules() -> tuple[Rule, ...]:
    given = json.loads(FILE.read_text(encoding="utf-8"))
    return tuple(Rule(**{**row, "tables": tuple(row["tables"])}) for row in given)


def rule_of(table: str) -> Rule | None:
    """The rule of a table; None where nobody decided, which a test refuses."""
    return next((rule for rule in rules() if any(fnmatchcase(table, each) for each in rule.tables)), None)
