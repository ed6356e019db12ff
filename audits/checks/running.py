"""Running the rules: a county by sets, a few households after a save (all rules over 120,000 people in less than a
minute). The facts are gathered once, every rule is one statement over them, and what they found is merged in two more.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.db import connection
from django.db.models.expressions import RawSQL
from django.utils import timezone

from audits.checks import needs, sql
from audits.checks.catalogue import InForce, in_force, is_gap
from audits.checks.check import VILLAGE, Check
from audits.checks.unjudged import unjudged
from audits.models import CheckRun
from households.models import AcceptedWarning, Household, Member
from households.register.findings import facts_of
from households.register.logic.check import check_all
from households.register.logic.sets import gather_facts
from povreg.kit.history import act
from povreg.kit.locks import hold
from povreg.kit.scopes import county_of, end_of

CHUNK = 500  # households looked at one by one
INSERT = (
    "INSERT INTO check_hits (rule, severity, grp, village_id, household_id, member_id, seen) "
    "SELECT *, '{}' FROM unnest(%s::text[], %s::text[], %s::int[], %s::text[], %s::bigint[], %s::bigint[])"
)


@dataclass
class Outcome:
    """Households that were looked at, doubts that were found, those not known before, those no longer found."""

    households: int = 0
    found: int = 0
    fresh: int = 0
    solved: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    unjudged: dict[str, dict[str, int]] = field(default_factory=dict)


def run_checks(place: str, year: int) -> Outcome:
    """Look at every registered household and village under a place for a year, and note the run."""
    started = timezone.now()
    with act(by=None, verb="run_checks"):
        hold("checks", county_of(place), year)
        rules = in_force(place, year)
        outcome = _run(sql.IN_PLACE, {"year": year, "low": place, "high": end_of(place)}, rules)
        outcome.unjudged = unjudged(rules, year)
        CheckRun.objects.create(
            place_id=place,
            year=year,
            started_at=started,
            ended_at=timezone.now(),
            households=outcome.households,
            found=outcome.found,
            fresh=outcome.fresh,
            solved=outcome.solved,
            counts=outcome.counts,
            unjudged=outcome.unjudged,
            lacking=needs.lacking(place, end_of(place), year),
        )
    return outcome


def check_households(ids: Sequence[int], year: int) -> Outcome:
    """Look at some households of one county again, after a save."""
    village = Household.objects.filter(pk__in=ids).order_by().values_list("village_id", flat=True).first()
    if village is None:
        return Outcome()
    rules = [each for each in in_force(village, year) if each.check.per != VILLAGE]
    with act(by=None, verb="run_checks"):
        hold("checks", county_of(village), year)
        return _run(sql.BY_ID, {"year": year, "ids": list(ids)}, rules)


def _run(where: str, params: dict[str, Any], rules: Collection[InForce]) -> Outcome:
    gather_facts(where, params)
    params = params | {"rules": [each.check.id for each in rules]}
    by_id = "ids" in params
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS check_hits")
        cursor.execute(sql.HITS)
        for each in rules:
            _find(cursor, each, params)
        _read_sealed(cursor, [each for each in rules if sealed_in(each)])
        _look_closer(cursor, [each for each in rules if needs_opening(each)], params)
        for of_members in (False, True):
            cursor.execute(sql.gaps(of_members=of_members), params)
        cursor.execute(sql.COUNTS)
        counts = dict(cursor.fetchall())
        cursor.execute(sql.WRITE, params)
        fresh = cursor.fetchone()[0]
        cursor.execute(sql.solve(by_id=by_id), params)
        solved = cursor.rowcount
        cursor.execute("SELECT count(*) FROM facts_households")
        households = cursor.fetchone()[0]
        there = "d.household_id = ANY(%(ids)s)" if by_id else "d.village_id >= %(low)s AND d.village_id < %(high)s"
        cursor.execute(sql.exempt(there), params)
        _confirm(cursor, int(params["year"]))
    return Outcome(households, sum(counts.values()), fresh, solved, counts)


def needs_opening(each: InForce) -> bool:
    """Whether only opened numbers tell: such a rule looks at the households that may break it one by one."""
    return each.check.logic is not None and bool(each.check.logic.suspects)


def sealed_in(each: InForce) -> tuple[str, ...]:
    """The columns that a rule reads row by row, since they are sealed or read by no SQL."""
    return each.check.logic.opens if each.check.logic is not None else ()


def _find(cursor: Any, each: InForce, params: dict[str, Any]) -> None:
    """What one rule finds."""
    check = each.check
    if not is_gap(check) and not needs_opening(each) and not sealed_in(each):
        said = {"rule": check.id, "severity": check.severity, "group": check.group}
        cursor.execute(sql.finding(check), {**params, **each.params, **said})


@dataclass
class OneRow:
    """The facts of a rule that reads one row: a household, or one person."""

    household: Any
    people: list[Any]


ROWS: tuple[tuple[str, Any, str], ...] = (
    ("household", Household, "SELECT household_id FROM facts_households"),
    ("member", Member, "SELECT member_id FROM facts_people"),
)


def _read_sealed(cursor: Any, rules: Sequence[InForce]) -> None:
    """The rules that need one row with its sealed values open, all of a table in one pass over it."""
    for table, model, within in ROWS:
        reads = {name.partition(".")[2] for each in rules for name in sealed_in(each) if name.startswith(f"{table}.")}
        if not reads:
            continue
        own = [each.check for each in rules if sealed_in(each)[0].startswith(f"{table}.")]
        keys = ("household_id",) if model is Member else ()
        rows = model._base_manager.filter(pk__in=RawSQL(within, [])).only("pk", "village_id", *keys, *reads)  # noqa: S611
        for part in batched(hits_of(rows.iterator(chunk_size=CHUNK * 8), own, of_member=model is Member), CHUNK * 8):
            cursor.execute(INSERT, [list(column) for column in zip(*part, strict=True)])


def hits_of(rows: Iterable[Any], checks: Sequence[Check], *, of_member: bool) -> Iterator[tuple[Any, ...]]:
    for row in rows:
        facts: Any = OneRow(None, [row]) if of_member else OneRow(row, [])
        where = (row.village_id, row.household_id, row.pk) if of_member else (row.village_id, row.pk, None)
        for check in checks:
            if check.logic is not None and any(True for _ in check.logic.check(facts)):
                yield (check.id, check.severity, check.group, *where)


def batched(rows: Iterable[Any], size: int) -> Iterator[list[Any]]:
    """Lists of at most ``size``."""
    left = iter(rows)
    while part := list(islice(left, size)):
        yield part


def _look_closer(cursor: Any, rules: Sequence[InForce], params: dict[str, Any]) -> None:
    """The rules that need opened numbers, over the facts of each suspected household gathered once for all of them."""
    suspected: set[int] = set()
    for each in rules:
        cursor.execute(sql.suspects(each.check), params)
        suspected |= {pk for (pk,) in cursor.fetchall()}
    rows = [
        (each.check.id, each.check.severity, each.check.group, home.village_id, home.pk, found.target or None)
        for home, facts in _facts_of(sorted(suspected), int(params["year"]))
        for each in rules
        if each.check.logic is not None
        for found in each.check.logic.run(facts)
    ]
    if rows:
        cursor.execute(INSERT, [list(column) for column in zip(*rows, strict=True)])


def _facts_of(ids: Sequence[int], year: int) -> Iterable[Any]:
    for start in range(0, len(ids), CHUNK):
        yield from facts_of(list(Household.objects.filter(pk__in=ids[start : start + CHUNK])), year)


def _confirm(cursor: Any, year: int) -> None:
    """What somebody confirmed at entry on the same facts is no open doubt; on other facts it is one again."""
    cursor.execute(sql.TICKED)
    ids = [pk for (pk,) in cursor.fetchall()]
    if not ids:
        return
    rows = AcceptedWarning.objects.filter(household_id__in=ids, year=year)
    ticks = set(rows.values_list("household_id", "rule", "target", "digest"))
    keys = [
        f"{found.rule}:{found.target}:{household.pk}"
        for household, facts in _facts_of(ids, year)
        for found in check_all(facts)
        if (household.pk, found.rule, found.target, found.digest) in ticks
    ]
    cursor.execute(sql.CONFIRM, {"year": year, "ids": ids, "keys": keys})
