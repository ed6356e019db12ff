"""The change history of a household as sentences (who, when, field, before, after, why)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from households.models import Household


@dataclass(frozen=True, slots=True)
class Change:
    """One field: its label, what stood there, what stands there now (texts; sealed values masked)."""

    label: str
    before: str
    after: str

    def __str__(self) -> str:
        return f"{self.label}由 {self.before} 改为 {self.after}"


@dataclass(frozen=True, slots=True)
class Sentence:
    """One saved change of one row: ``subject`` names the row (王小红, 2020年度记录, 本户), ``kind`` is added, changed or
    removed, ``verb`` and ``reason`` are the act's."""

    at: datetime
    who: str
    verb: str
    reason: str
    subject: str
    kind: str
    changes: tuple[Change, ...]


def household_history(user: Any, household: Household, limit: int = 100) -> list[Sentence]:
    """The latest changes of everything that belongs to the household, newest first, in a constant number of queries.

    Raises PermissionDenied without HISTORY_VIEW at its village.
    """
    raise NotImplementedError
