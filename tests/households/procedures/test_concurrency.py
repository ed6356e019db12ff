"""Two hands at once: one approves, the other is told; nothing happens twice."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from households.models import (
    Batch,
    BatchEntry,
    Household,
    Indicator,
    IndicatorSet,
    Notice,
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
    notices,
    reviews,
)
from households.procedures.objections import services as objections
from tests import factories
from tests.households.procedures.procedure_world import YEAR, World
from villages.codes.services import sync_codes
from villages.models import Code


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
