"""Recomputes verdicts: a county, a township or one household by the same statement (contract.md section 4).

Work goes township by township, each in a transaction of its own under the lock of the township and year: a recompute
that waits starts from what the other one wrote, so nothing is judged from old facts and no flip is noted twice.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Value
from django.db.models.functions import Concat
from django.utils import timezone

from households.eligibility import sql, summaries
from households.models import Assessment, Household
from povreg.jobs.services import JobError
from povreg.kit import locks
from povreg.kit.history import act
from villages.models import Place

TOWNSHIP = 9  # digits


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


def townships(place_code: str) -> list[str]:
    """The slices of a recompute: townships with registered households; a place below the township is its own slice.

    Townships that only hold old verdicts (their households moved away) count too: their figures change.
    """
    if len(place_code) > TOWNSHIP:
        return [place_code]
    inside = {"village_id__gte": OuterRef("pk"), "village_id__lt": Concat(OuterRef("pk"), Value(":"))}
    used = Exists(Household.objects.filter(**inside)) | Exists(Assessment.objects.filter(**inside))
    rows = Place.objects.under(place_code).filter(used, level=Place.Level.TOWNSHIP)
    return list(rows.order_by("code").values_list("code", flat=True))


def recompute(place_code: str, year: int, *, job: Any = None) -> Outcome:
    """Judge every registered household under a place for a year. Raises JobError where no criteria set holds."""
    total = Outcome()
    for code in townships(place_code):
        total.add(recompute_slice(code, year, job=job))
    return total


def recompute_slice(code: str, year: int, *, job: Any = None) -> Outcome:
    """Judge one township (or a village of it) and bring its figures up to date, in one transaction."""
    with act(by=getattr(job, "owner", None), verb="recompute"):
        locks.hold("assess", code[:TOWNSHIP], year)
        outcome = _execute({"low": code, "high": f"{code}:"}, year, job)
        summaries.refresh(year, under=code)
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
