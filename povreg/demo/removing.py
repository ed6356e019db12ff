"""Taking the demonstration county out again: its households, its accounts, and all that hangs on them.

As the owner of the tables, in one transaction. The history keeps what was there and says that it was taken out. Nothing
is taken out where somebody's real work would go with it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from households.models import Household, Tally
from povreg.demo.doomed import Doomed, Model, going, placed, pointing
from povreg.demo.services import DemoError
from povreg.demo.trusted import STRANGE
from povreg.jobs.models import Job
from povreg.kit import locks
from povreg.kit.history import act
from povreg.kit.reach import EVERYWHERE, reaching
from povreg.kit.scopes import COUNTY, PROVINCE, ancestors
from villages.models import Place, Posting, SignInAttempt, User

KIND = "demo-removed"


def remove_demo(county: str, practice: bool = False) -> dict[str, int]:
    """Take the demonstration of a county out; returns how many rows of each table. With ``practice`` all that was done
    on it counts as practice: what its people entered later, and what others changed. Raises DemoError."""
    with reaching(EVERYWHERE), transaction.atomic(), act(by=None, verb="remove_demo", reason="取出演示数据"):
        locks.hold("load_demo")
        with connection.cursor() as cursor:
            doomed = Doomed(cursor, county, practice)
            if not doomed.find():
                raise DemoError(f"place {county} holds no demonstration: nothing to take out")
            doomed.add(SignInAttempt, INVENTED_TRIES, "user_id")
            check(doomed)
            files = list(doomed.files())
            uncount(cursor, county)
            gone = deleted(doomed)
        note(county, gone)
    for field, name in files:  # rows first: a file without a row is found by housekeeping
        field.storage.delete(name)
    return gone


def deleted(doomed: Doomed) -> dict[str, int]:
    """How many rows of each table went. Raises DemoError."""
    try:
        return doomed.delete()
    except IntegrityError as fault:
        raise DemoError(f"rows that stay hang on the demonstration: {fault}") from fault


def check(doomed: Doomed) -> None:
    """Raises DemoError where something real would go."""
    faults = [f"{said}: {count}" for said, count in real(doomed) if count]
    if faults:
        raise DemoError(f"the demonstration is kept, real work hangs on it ({'; '.join(faults)})")


def real(doomed: Doomed) -> Iterator[tuple[str, int]]:
    """What must not go, and how many."""
    yield "households that it did not bring", doomed.count(STAYING, Household)
    yield "accounts that it did not open", doomed.count(NOT_OPENED, User)
    yield "postings of accounts that stay", of_staying(doomed, Posting, "user_id", User)
    yield "rows of other places", sum(elsewhere(doomed))
    yield "rows of households that stay", sum(beside(doomed))
    yield "jobs under way", doomed.count(UNDER_WAY, Job)
    if not doomed.practice:
        yield "changes by people who are not of the demonstration", sum(changed(doomed))


def elsewhere(doomed: Doomed) -> Iterator[int]:
    """Rows that would go though they lie outside the county."""
    for model in doomed.found():
        for column in placed(model):
            yield doomed.count(OUTSIDE, model, column=column, key=str(model._meta.pk.column))


def beside(doomed: Doomed) -> Iterator[int]:
    """Rows that would go though they are of a household that stays (somebody of the demonstration looked at it)."""
    for model in doomed.found():
        for column, target, _ in pointing(model):
            if target is Household:
                yield of_staying(doomed, model, column, target)


def of_staying(doomed: Doomed, model: Model, column: str, target: Model) -> int:
    """Rows that would go though they point to one that stays."""
    key = str(model._meta.pk.column)
    return doomed.count(OF_STAYING, model, column=column, key=key, other=going(target._meta.db_table))


def changed(doomed: Doomed) -> Iterator[int]:
    """Changes of rows that go, by somebody who stays."""
    for model in doomed.found():
        history = doomed.histories.get(model._meta.db_table)
        if history:
            yield doomed.count(CHANGED, model, event=history._meta.db_table)


def uncount(cursor: Any, county: str) -> None:
    """Take the county's counts out of those of the places above it, which other counties share."""
    given = {"county": county, "above": [code for code in ancestors(county) if code != county]}
    years = Tally.objects.filter(place_id=county).order_by("year").values_list("year", flat=True).distinct()
    for year in list(years):
        locks.hold("tally", county[:PROVINCE], year)
    cursor.execute(LEFT_ALONE, given)
    cursor.execute(LESS, given)


def note(county: str, gone: dict[str, int]) -> None:
    """The report, among the jobs of the house."""
    now = timezone.now()
    title = f"取出{Place.objects.get(pk=county)}的演示数据"
    Job.objects.create(
        kind=KIND, title=title, status=Job.Status.DONE, report=gone, changed=sum(gone.values()), started_at=now,
        ended_at=now,
    )  # fmt: skip


SAME = "(a.year, a.measure, a.bucket, a.poor) = ({0}.year, {0}.measure, {0}.bucket, {0}.poor)"
LEFT_ALONE = f"""
DELETE FROM public.households_tally AS a USING public.households_tally AS c
WHERE c.place_id = %(county)s AND a.place_id = ANY(%(above)s) AND {SAME.format("c")}
AND NOT EXISTS (
    SELECT FROM public.households_tally AS o WHERE length(o.place_id) = {COUNTY} AND o.place_id <> c.place_id
    AND starts_with(o.place_id, a.place_id) AND {SAME.format("o")})
"""  # noqa: S608 - constants
"""What nobody else counts there."""
LESS = f"""
UPDATE public.households_tally AS a
SET households = a.households - c.households, people = a.people - c.people, amount = a.amount - coalesce(c.amount, 0)
FROM public.households_tally AS c
WHERE c.place_id = %(county)s AND a.place_id = ANY(%(above)s) AND {SAME.format("c")}
"""  # noqa: S608 - constants
INVENTED_TRIES = f"""(
    t.{{column}} IN (SELECT key FROM {going(User._meta.db_table)}) AND t.at < (SELECT max(at) FROM going_moments)
    OR t.{{column}} IS NULL AND t.address = '{STRANGE}')
"""  # noqa: S608 - constants
"""Those from before the accounts were there came with the demonstration; real ones stay, without their account."""
STAYING = """
SELECT count(*) FROM public.{table} AS t WHERE t.village_id >= %(first)s AND t.village_id < %(end)s
AND NOT EXISTS (SELECT FROM {going} AS g WHERE g.key = t.id)
"""
NOT_OPENED = "SELECT count(*) FROM {going} WHERE key::text NOT IN (SELECT id FROM going_people)"
OUTSIDE = """
SELECT count(*) FROM public.{table} AS t JOIN {going} AS g ON g.key = t.{key}
WHERE t.{column} < %(first)s OR t.{column} >= %(end)s
"""
OF_STAYING = """
SELECT count(*) FROM public.{table} AS t JOIN {going} AS g ON g.key = t.{key}
WHERE t.{column} IS NOT NULL AND NOT EXISTS (SELECT FROM {other} AS o WHERE o.key = t.{column})
"""
UNDER_WAY = """
SELECT count(*) FROM public.{table} AS t JOIN {going} AS g ON g.key = t.id WHERE t.status IN ('queued', 'running')
"""
CHANGED = """
SELECT count(*) FROM public.{event} AS e JOIN public.pghistory_context AS c ON c.id = e.pgh_context_id
WHERE e.pgh_obj_id IN (SELECT key FROM {going}) AND c.metadata ->> 'user' IS NOT NULL
AND c.metadata ->> 'user' NOT IN (SELECT id FROM going_people)
"""
