"""Recomputes verdicts: a county, a township or one household by the same statement (contract.md section 4).

Work goes by slices of a few townships, each in a transaction of its own under the locks of its townships and the year:
a recompute that waits starts from what the other one wrote, so nothing is judged from old facts and no flip is noted
twice.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Count
from django.db.models.functions import Left
from django.utils import timezone

from households.eligibility import sql, summaries
from households.eligibility.clearing import judge as clearing
from households.eligibility.followers import Judged, tell
from households.models import Household
from households.register.homes import villages_of
from povreg.jobs.models import Job
from povreg.jobs.services import JobError
from povreg.kit import locks
from povreg.kit.history import act
from povreg.kit.prepared import planned
from povreg.kit.scopes import TOWNSHIP, township_of, within
from villages.models import Place

SLICE = 3000  # households side by side in workers; few enough that a save waits a fraction of a second
FEW = 50  # households for which one plan serves always: look-ups by key
ALONE = 50_000  # households at a time where nobody else works: whole tables are read faster than row by row


@dataclass
class Outcome:
    """Households that should be judged, were judged, had their row changed, and changed their verdict; ``closed`` of
    the first two stand as they are, since their county closed the year."""

    expected: int = 0
    assessed: int = 0
    changed: int = 0
    flips: int = 0
    closed: int = 0

    def add(self, other: "Outcome") -> None:
        self.expected += other.expected
        self.assessed += other.assessed
        self.changed += other.changed
        self.flips += other.flips
        self.closed += other.closed


def slices(place_code: str, size: int = SLICE) -> list[str]:
    """Keys of the slices of a place: ranges ``first-last`` of townships with up to ``size`` households, in order.

    A place below the township is a slice of its own.
    """
    if len(place_code) > TOWNSHIP:
        return [place_code]
    rows = Household.objects.filter(within("village_id", place_code)).annotate(town=Left("village_id", TOWNSHIP))
    ranges: list[list[str]] = []
    full = size
    for town, count in rows.order_by("town").values_list("town").annotate(count=Count("pk")):
        if full + count > size:
            ranges.append([])
            full = 0
        ranges[-1].append(town)
        full += count
    return [f"{towns[0]}-{towns[-1]}" for towns in ranges]


def recompute(place_code: str, year: int, *, job: Job | None = None) -> Outcome:
    """Judge every registered household under a place for a year, in this process (jobs: households.eligibility.jobs).

    Raises JobError where no criteria set holds.
    """
    total = Outcome()
    for key in slices(place_code, ALONE):
        total.add(recompute_slice(key, year, job=job))
    return total


def recompute_slice(key: str, year: int, *, job: Job | None = None) -> Outcome:
    """Judge one slice and bring its figures up to date, in one transaction. Raises Busy in a job when somebody else
    judges there: a worker's place is not for waiting."""
    first, _, last = key.partition("-")
    low, high = first, f"{last or first}:"
    with act(by=job.owner if job else None, verb="recompute"):
        for township in _townships(first, high):
            locks.hold("assess", township, year, wait=job is None)
        outcome = _execute({"low": low, "high": high}, year, job)
        summaries.refresh(year, low=low, high=high)
    return outcome


def _townships(first: str, high: str) -> list[str]:
    """The townships of a range of codes, in order."""
    rows = Place.objects.filter(pk__gte=township_of(first), pk__lt=high, level=Place.Level.TOWNSHIP)
    return list(rows.order_by("code").values_list("code", flat=True))


def recompute_households(household_ids: Iterable[int], year: int, *, left: Iterable[str] = ()) -> Outcome:
    """Judge some households for a year, right after a save. Those no longer registered only leave the figures.

    ``left`` are villages that households have moved away from: their figures change too.
    """
    total = Outcome()
    for township, (ids, villages) in _by_township(household_ids, left).items():
        with act(by=None, verb="recompute"):
            locks.hold("assess", township, year)
            if ids:
                total.add(_execute({"ids": ids}, year, None))
            summaries.refresh(year, villages=sorted(villages))
    return total


def _by_township(household_ids: Iterable[int], left: Iterable[str]) -> dict[str, tuple[list[int], set[str]]]:
    found: dict[str, tuple[list[int], set[str]]] = defaultdict(lambda: ([], set()))
    for pk, village in villages_of(list(household_ids)).items():
        found[township_of(village)][0].append(pk)
        found[township_of(village)][1].add(village)
    for village in left:
        found[township_of(village)][1].add(village)
    return dict(sorted(found.items()))


def _execute(scope: dict[str, Any], year: int, job: Job | None) -> Outcome:
    params = scope | {"year": year, "now": timezone.now(), "job": job.pk if job else None}
    with connection.cursor() as cursor:
        statement = sql.recompute_statement(by_id="ids" in scope)
        if len(scope.get("ids", range(FEW + 1))) <= FEW:
            planned(statement).execute(cursor, params)
        else:
            cursor.execute(statement, params)
        expected, assessed, changed, flips, closed = cursor.fetchone()
    if assessed < expected:
        lacking = expected - assessed
        raise JobError(f"{lacking} 户没有适用于 {year} 年的评定标准：请先在“标准”中启用一套，再重新评定。")
    judged = Judged(year, scope)
    clearing.judge(judged)
    tell(judged)
    return Outcome(expected + closed, assessed + closed, changed, flips, closed)
