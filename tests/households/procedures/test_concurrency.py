"""Two hands at once: one approves, the other is told; nothing happens twice. And what many rows cost."""

import threading
import time
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from households.models import (
    Assessment,
    Batch,
    BatchEntry,
    Household,
    Indicator,
    IndicatorSet,
    Member,
    Notice,
    NoticeEntry,
    ProcedureTemplate,
    RegisterEvent,
    StepRecord,
    TemplateStep,
)
from households.procedures.engine import clock
from households.procedures.engine.errors import ProcedureError
from households.procedures.engine.shipping import ship
from households.procedures.lists import (
    batches,
    effects,
    jobs,
    notices,
    reviews,
)
from households.procedures.objections import services as objections
from households.standing import stated
from povreg.jobs.services import run_here
from tests import factories, schema
from tests.households.procedures.procedure_world import YEAR, World
from villages.codes.services import sync_codes
from villages.models import Code

COUNTY_SIZE = 2000
NOTICES = 535
LIMIT = 10  # seconds


@pytest.fixture
def shipped(transactional_db):
    """Rows that migrations bring in, also after a test that emptied every table."""
    sync_codes(Code)
    ship(ProcedureTemplate, TemplateStep, IndicatorSet, Indicator)


def at_once(day: Any, *works: Callable[[], Any]) -> list[Any]:
    """Do the works in threads that start together; returns what each returned or raised."""
    barrier = threading.Barrier(len(works))
    outcomes: list[Any] = [None] * len(works)

    def run(number: int, work: Callable[[], Any]) -> None:
        barrier.wait()
        try:
            with clock.at(day):
                outcomes[number] = work()
        except Exception as fault:
            outcomes[number] = fault
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return outcomes


def refused(outcomes):
    return [each for each in outcomes if isinstance(each, ProcedureError)]


def test_two_approvals_at_once(shipped):
    world = World(households=2)
    batch = world.until(world.start("exit-national"), "announcement")
    second = factories.posted("county_officer")
    outcomes = at_once(
        world.day,
        lambda: effects.approve_batch(by=world.xian, batch=batch),
        lambda: effects.approve_batch(by=second, batch=batch),
    )
    assert len(refused(outcomes)) == 1 and "已办结" in str(refused(outcomes)[0])
    assert set(Household.objects.values_list("exit_status", "version")) == {("1", 3)}
    assert RegisterEvent.objects.filter(reason__contains="批复").count() == 2
    assert Notice.objects.filter(type="announcement").count() == 1


def test_two_clicks_on_a_review_and_on_posting(shipped):
    world = World(households=1)
    batch = world.until(world.start("exit-national"), "notice_1")
    outcomes = at_once(world.day, *[lambda: notices.post_notice(by=world.cadre, batch=batch, board="公示栏")] * 2)
    assert len(refused(outcomes)) == 1 and Notice.objects.count() == 1
    posted = Notice.objects.get()
    with world.at():
        world.supply(batch)
    world.day = posted.ends_on
    world.later(1)
    with world.at():
        world.photograph(batch)
    outcomes = at_once(world.day, *[lambda: notices.close_notice(by=world.cadre, notice=posted)] * 2)
    assert len(refused(outcomes)) == 1
    batch.refresh_from_db()
    with world.at():
        world.supply(batch)
    outcomes = at_once(world.day, *[lambda: reviews.township_review(by=world.zhen, batch=batch)] * 2)
    assert len(refused(outcomes)) == 1
    assert StepRecord.objects.filter(step__code="township_review").count() == 1


def test_two_drafts_of_one_list_at_once(shipped):
    world = World(households=1)
    outcomes = at_once(world.day, world.draft, world.draft)
    assert len(refused(outcomes)) == 1 and Batch.objects.count() == 1


def test_two_kinds_that_want_one_household_at_once(shipped):
    world = World(households=1)
    pk = world.households[0].pk

    def draft(kind: str) -> Batch:
        return batches.draft_batch(by=world.cadre, kind=kind, village=factories.VILLAGE, year=YEAR, household_ids=[pk])

    outcomes = at_once(world.day, lambda: draft("exit"), lambda: draft("removal"))
    assert len(refused(outcomes)) == 1
    assert BatchEntry.objects.filter(is_open=True).count() == 1


def test_an_objection_while_the_notice_is_closed(shipped):
    world = World(households=1)
    batch = world.until(world.start("exit-national"), "notice_1")
    with world.at():
        posted = notices.post_notice(by=world.cadre, batch=batch, board="公示栏")
        world.supply(batch)
    world.day = posted.ends_on
    outcomes = at_once(
        world.day,
        lambda: objections.receive_objection(by=None, notice=posted, text="他家在县城有商品房一套"),
        lambda: batches.stop_batch(by=world.cadre, batch=batch, reason="名单有误"),
    )
    batch.refresh_from_db()
    assert batch.state == "stopped"
    assert all(not isinstance(each, Exception) or isinstance(each, ProcedureError) for each in outcomes)


def test_an_approval_and_a_change_of_facts_at_once_end_in_one_order(shipped):
    world = World(households=1)
    batch = world.until(world.start("exit-national"), "announcement")
    row = world.households[0]
    outcomes = at_once(
        world.day,
        lambda: effects.approve_batch(by=world.xian, batch=batch),
        lambda: row.annual_records.update(wage_income=1),
    )
    row.refresh_from_db()
    assert row.exit_status == ("0" if refused(outcomes) else "1")


def many(village: str, count: int) -> list[int]:
    """Households with a verdict that lets them leave, by the thousand."""
    where = factories.place(village)
    rows = Household.objects.bulk_create(
        Household(
            household_no=f"{village}{number:05}", village=where, group_name=f"{number % 8 + 1}组",
        )
        for number in range(count)
    )  # fmt: skip
    said = {"exit_status": "0", "identified_on": date(2014, 1, 1)}
    stated.state(((row.pk, said) for row in rows), "测试名册")
    criteria = factories.criteria_set()
    Assessment.objects.bulk_create(
        Assessment(
            household=row, village_id=village, year=YEAR, criteria_set=criteria, persons=1, verdict="pass",
            eligible=True, assessed_at=timezone.now(),
        )
        for row in rows
    )  # fmt: skip
    return [row.pk for row in rows]


def heads(ids: list[int]) -> None:
    from_rows = Household.objects.filter(pk__in=ids).values_list("pk", "village_id", "household_no")
    Member.objects.bulk_create(
        Member(household_id=pk, village_id=village, person_no=f"{number}01", name="王明海", relation="01", sex="1")
        for pk, village, number in from_rows
    )


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::celery.exceptions.AlwaysEagerIgnored")
def test_two_thousand_households_are_approved_in_under_ten_seconds(shipped):
    world = World(households=0)
    ids = many(factories.VILLAGE, COUNTY_SIZE)
    heads(ids)
    schema.analyze()
    batch = world.until(world.start("exit-national", household_ids=ids), "announcement")
    started = time.perf_counter()
    with world.at():
        effects.approve_batch(by=world.xian, batch=batch)
    spent = time.perf_counter() - started
    print(f"approved {COUNTY_SIZE} households in {spent:.2f} s")
    assert Household.objects.filter(exit_status="1", exit_year=YEAR).count() == COUNTY_SIZE
    assert spent < LIMIT


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::celery.exceptions.AlwaysEagerIgnored")
def test_a_countys_notices_go_up_in_one_action_in_under_ten_seconds(shipped):
    world = World(households=0)
    step = TemplateStep.objects.get(template__code="exit-national", code="notice_1")
    factories.place(factories.VILLAGE)
    villages = [f"{factories.COUNTY}{200 + number // 20:03}{number % 20 + 200:03}" for number in range(NOTICES)]
    for village in villages:
        factories.place(village)
    found = Batch.objects.bulk_create(
        Batch(
            kind="exit", template=step.template, place_id=village, year=YEAR, state="running", step=step,
            step_since=world.day, created_by=world.cadre,
        )
        for village in villages
    )  # fmt: skip
    rows = Household.objects.bulk_create(
        Household(
            household_no=f"{batch.place_id}{number:04}", village_id=batch.place_id, group_name="1组"
        )
        for batch in found
        for number in range(20)
    )  # fmt: skip
    heads([row.pk for row in rows])
    BatchEntry.objects.bulk_create(
        BatchEntry(batch=found[position // 20], household=row, added_by=world.cadre)
        for position, row in enumerate(rows)
    )
    schema.analyze()
    with world.at():
        job = jobs.launch_post(by=world.xian, place=factories.COUNTY, kind="exit", year=YEAR, board="村委会公示栏")
        started = time.perf_counter()
        job = run_here(job)
    spent = time.perf_counter() - started
    print(f"{NOTICES} notices with {NOTICES * 20} lines in {spent:.2f} s")
    assert (job.status, job.done, job.changed, job.report) == ("done", NOTICES, NOTICES, {"refused": []})
    assert Notice.objects.count() == NOTICES and NoticeEntry.objects.count() == NOTICES * 20
    assert spent < LIMIT
