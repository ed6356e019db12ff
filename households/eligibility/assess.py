"""Recomputes verdicts: a county, a township or one household by the same statement (contract.md section 4).

Work goes by slices of a few townships, each in a transaction of its own under the locks of its townships and the year:
a recompute that waits starts from what the other one wrote, so nothing is judged from old facts and no flip is noted
twice.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction
from django.db.models import Count
from django.db.models.functions import Left
from django.utils import timezone

from households.eligibility import sql, summaries
from households.models import Household
from povreg.jobs.services import JobError
from povreg.kit import locks
from povreg.kit.history import act
from povreg.kit.scopes import within

TOWNSHIP = 9  # digits
SLICE = 3000  # households; enough to plan for, few enough that a save waits a fraction of a second


@dataclass
class Outcome:
    """Households that should be judged, were judged, had their row changed, and changed their verdict."""

    expected: int = 0
    assessed: int = 0
    changed: int = 0
    flips: int = 0
    left_villages: set[str] = field(default_factory=set)

    def add(self, other: "Outcome") -> None:
        self.expected += other.expected
        self.assessed += other.assessed
        self.changed += other.changed
        self.flips += other.flips
        self.left_villages |= other.left_villages


@dataclass(frozen=True)
class Slice:
    """Neighbouring townships (or one village) that are recomputed together."""

    townships: tuple[str, ...]
    low: str
    high: str

    @classmethod
    def of(cls, key: str) -> "Slice":
        """The slice of a job's part: codes joined by ``+``."""
        codes = key.split("+")
        return cls(tuple(code[:TOWNSHIP] for code in codes), codes[0], f"{codes[-1]}:")


def slices(place_code: str) -> list[str]:
    """Keys of the slices of a place: townships with households, small neighbours together, in order of code."""
    if len(place_code) > TOWNSHIP:
        return [place_code]
    rows = Household.objects.filter(within("village_id", place_code)).annotate(town=Left("village_id", TOWNSHIP))
    keys: list[list[str]] = []
    size = SLICE
    for town, count in rows.order_by("town").values_list("town").annotate(count=Count("pk")):
        if size + count > SLICE:
            keys.append([])
            size = 0
        keys[-1].append(town)
        size += count
    return ["+".join(key) for key in keys]


def recompute(place_code: str, year: int, *, job: Any = None) -> Outcome:
    """Judge every registered household under a place for a year. Raises JobError where no criteria set holds."""
    total = Outcome()
    for key in slices(place_code):
        total.add(recompute_slice(key, year, job=job))
    return total


def recompute_slice(key: str, year: int, *, job: Any = None) -> Outcome:
    """Judge one slice and bring its figures up to date, in one transaction."""
    part = Slice.of(key)
    with act(by=getattr(job, "owner", None), verb="recompute"):
        for code in part.townships:
            locks.hold("assess", code, year)
        outcome = _execute({"low": part.low, "high": part.high}, year, job)
        summaries.refresh(year, low=part.low, high=part.high)
    _refresh_left(outcome, year)
    return outcome


def recompute_households(household_ids: Iterable[int], year: int) -> Outcome:
    """Judge some households for a year, right after a save. Those struck from the register only leave the figures."""
    total = Outcome()
    for code, (ids, villages) in _by_township(household_ids).items():
        with act(by=None, verb="recompute"):
            locks.hold("assess", code, year)
            outcome = _execute({"ids": ids}, year, None)
            summaries.refresh(year, villages=sorted(villages))
        _refresh_left(outcome, year)
        total.add(outcome)
    return total


def _by_township(household_ids: Iterable[int]) -> dict[str, tuple[list[int], set[str]]]:
    found: dict[str, tuple[list[int], set[str]]] = {}
    rows = Household.objects.filter(pk__in=list(household_ids)).order_by("village_id")
    for pk, village in rows.values_list("pk", "village_id"):
        ids, villages = found.setdefault(village[:TOWNSHIP], ([], set()))
        ids.append(pk)
        villages.add(village)
    return found


def _execute(scope: dict[str, Any], year: int, job: Any) -> Outcome:
    params = scope | {"year": year, "now": timezone.now(), "job": getattr(job, "pk", None)}
    with connection.cursor() as cursor:
        cursor.execute(sql.recompute_statement(by_id="ids" in scope), params)
        expected, assessed, changed, flips, left = cursor.fetchone()
    if assessed < expected:
        raise JobError(f"{expected - assessed} 户没有适用于 {year} 年的评定标准：请先在“标准”中启用一套，再重新评定。")
    return Outcome(expected, assessed, changed, flips, set(left))


def _refresh_left(outcome: Outcome, year: int) -> None:
    """Households that moved here are gone from the figures of the villages they left."""
    for village in sorted(outcome.left_villages):
        with transaction.atomic():
            locks.hold("assess", village[:TOWNSHIP], year)
            summaries.refresh(year, villages=[village])
