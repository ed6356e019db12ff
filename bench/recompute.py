"""Verdicts: the county against hand-written SQL and against one household at a time; one household after a save."""

import statistics
from decimal import ROUND_HALF_UP, Decimal
from random import Random

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from bench.handwritten import STATEMENT, TARGET
from bench.measure import Figure, clocked, timed
from households.eligibility.assess import recompute, recompute_households
from households.eligibility.sql import recompute_statement
from households.models import AnnualRecord, Assessment, Household, Member, MemberYear, YearClosing
from households.models.annual import WORKSHEET_FIELDS
from households.models.closing import ClosedHousehold, CountedPerson
from villages.models import CriteriaSet, PovertyLine

COUNTY, YEAR = "500154", 2020
SAMPLE = 300
ROUNDS = 3
CENT = Decimal("0.01")


def figures() -> list[Figure]:
    open_again(YEAR)
    count = Household.objects.registered().count()
    ours = timed_rounds(forget, lambda: recompute(COUNTY, YEAR))
    rule = {
        "set": CriteriaSet.objects.filter(is_active=True, place=None).earliest("year_from").pk,
        "line": PovertyLine.objects.get(kind="exit", year=YEAR, place=None, withdrawn_at=None).pk,
    }
    by_hand = timed_rounds(lambda: execute(TARGET), lambda: execute(STATEMENT, rule))
    verdicts = timed_rounds(forget, judge_as_a_set)
    recompute(COUNTY, YEAR)
    both = {"hand_seconds": by_hand, "seconds": verdicts, "with_the_counts_of_every_place": ours / by_hand}
    unchanged = timed(lambda: recompute(COUNTY, YEAR), ROUNDS)
    one_by_one = clocked(lambda: judge_through_orm(rule)) / SAMPLE * count
    return [
        Figure(f"recompute {count:,} households, first time", ours, "s", 60),
        Figure("recompute again, nothing changed", unchanged, "s", 60),
        Figure("verdicts / hand-written SQL", verdicts / by_hand, "x", 2, detail=both),
        Figure("one at a time through the ORM / recompute", one_by_one / ours, "x", 50, "above"),
        after_a_save(),
    ]


def open_again(year: int) -> None:
    """The demonstration has closed the year; no verb undoes that, and a closed one is not judged."""
    for model in (CountedPerson, ClosedHousehold, YearClosing):
        execute(
            "SET session_replication_role = replica;"
            f"DELETE FROM {model._meta.db_table} WHERE year = %(year)s; RESET session_replication_role",
            {"year": year},
        )


def judge_as_a_set() -> None:
    """The recompute's statement alone: verdicts, completeness and flips, without the dashboard's counts."""
    params = {"low": COUNTY, "high": f"{COUNTY}:", "year": YEAR, "now": timezone.now(), "job": None}
    execute(recompute_statement(by_id=False), params)


def timed_rounds(before, work) -> float:
    """Median seconds of ``work``, each round after ``before``."""
    taken = []
    for _ in range(ROUNDS):
        before()
        taken.append(clocked(work))
    return statistics.median(taken)


def execute(statement: str, params: dict | None = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)


def forget() -> None:
    execute("TRUNCATE households_assessment, households_flip; TRUNCATE households_tally")
    execute("VACUUM ANALYZE households_assessment")


def judge_through_orm(rule: dict[str, int]) -> None:
    """What a plain program does for each household: read it, decide in Python, save the row."""
    for household in Household.objects.order_by("pk")[:SAMPLE]:
        judge(household, rule)


def judge(household: Household, rule: dict[str, int]) -> None:
    record = AnnualRecord.objects.filter(household=household, year=YEAR).first()
    members = [
        (member, MemberYear.objects.filter(member=member, year=YEAR).first())
        for member in Member.objects.filter(household=household).filter(
            Q(left_on=None) | Q(left_on__gt=f"{YEAR}-09-30")
        )
    ]
    persons = max(1, len(members))
    items = [getattr(record, name) for name in WORKSHEET_FIELDS] if record else []
    known = any(item is not None for item in items)
    net = sum((item or 0 for item in items[:-1]), Decimal(0)) - (items[-1] or 0) if known else None
    head = (net / persons).quantize(CENT, ROUND_HALF_UP) if net is not None else None
    failed = ["income"] if head is not None and head <= 4000 else []
    failed += [name for name in ("food", "clothing") if record and getattr(record, name) is False]
    failed += ["medical"] if any(year and year.ins_resident is False for _, year in members) else []
    Assessment.objects.update_or_create(
        household=household,
        year=YEAR,
        defaults={
            "village_id": household.village_id,
            "criteria_set_id": rule["set"],
            "line_id": rule["line"],
            "persons": persons,
            "net_income": net,
            "per_head": head,
            "verdict": "fail" if failed else "pass",
            "failed": failed,
            "assessed_at": timezone.now(),
        },
    )


def after_a_save(name: str = "one household after a save") -> Figure:
    """The verdict and the figures of one household whose income changed, median of many."""
    rng = Random(1)
    taken = []
    registered = list(Household.objects.registered().order_by("pk").values_list("pk", flat=True))
    for pk in sorted(rng.sample(registered, min(60, len(registered)))):
        AnnualRecord.objects.filter(household_id=pk, year=YEAR).update(wage_income=rng.randrange(1000, 90_000))
        with transaction.atomic():
            taken.append(clocked(lambda: recompute_households([pk], YEAR)) * 1000)  # noqa: B023 - called at once
    return Figure(name, statistics.median(taken), "ms", 20, detail={"worst": max(taken)})
