"""Mistakes put right by their own level, one household going on later, a wrong approval undone, paper first."""

from datetime import timedelta

import pytest

from households.models import Household, Spell, StepRecord
from households.procedures.applications import services as applications
from households.procedures.archives.services import file_archive
from households.procedures.engine.errors import ProcedureError
from households.procedures.lists import attachments, batches, corrected, facts, notices, reviews, steps, wayback
from households.procedures.notices import selectors as public
from households.procedures.papers import posted
from households.standing.corrections import approve_correction
from tests import factories, standings
from tests.households.procedures.procedure_world import YEAR, World, picture

pytestmark = pytest.mark.django_db


def test_a_wrong_vote_is_put_right_by_the_village_while_nobody_went_on():
    world = World(2)
    batch = world.until(world.start("exit-national"), "appraisal")
    bad = batch.entries.order_by("pk").first()
    with world.at():
        world.supply(batch)
        world.meet(batch, against=(bad.pk,))
        steps.complete_step(by=world.cadre, batch=batch)
        assert batch.entries.get(pk=bad.pk).state == "out"
        with pytest.raises(ProcedureError, match="更正的原因"):
            wayback.correct_step(by=world.cadre, batch=batch, reason="")
        batch = wayback.correct_step(by=world.cadre, batch=batch, reason="票数抄错一行")
        assert batch.step.code == "appraisal" and batch.entries.get(pk=bad.pk).state == "listed"
        world.meet(batch)
        steps.complete_step(by=world.cadre, batch=batch)
    assert batch.entries.filter(state="listed").count() == 2 and batch.meetings.count() == 2
    outcomes = list(batch.records.filter(step__code="appraisal").values_list("outcome", flat=True))
    assert outcomes == ["done", "corrected", "done"]


def test_nothing_is_put_right_once_the_next_level_began():
    world = World(1)
    batch = world.until(world.start("exit-national"), "county_review")
    records = list(batch.records.select_related("step"))
    assert wayback.may_correct(world.zhen, batch, records) and not wayback.may_correct(world.cadre, batch, records)
    with world.at():
        world.supply(batch)
        with pytest.raises(ProcedureError, match="已经开始办理"):
            wayback.correct_step(by=world.zhen, batch=batch, reason="意见写错")


def test_one_household_goes_on_later_from_where_it_stood():
    world = World(2)
    batch = world.until(world.start("exit-national"), "township_review")
    entry = batch.entries.order_by("pk").first()
    stays = {entry.household_id: ("02", "")}
    with world.at():
        world.supply(batch)
        batches.record_stay_reasons(by=world.cadre, village=factories.VILLAGE, year=YEAR, reasons=stays)
        reviews.township_review(
            by=world.zhen, batch=batch, exceptions={entry.pk: reviews.Off("收入证明待补", back=True)}
        )
        later = wayback.continue_entries(by=world.cadre, batch=batch, entry_ids=[entry.pk])
    assert later.step.code == "township_review" and later.entries.get().digest == entry.digest
    assert str(later).endswith("（接续）")
    batch.refresh_from_db()
    assert world.until(later, "").state == world.until(batch, "").state == "done"
    assert set(Household.objects.values_list("exit_status", flat=True)) == {"1"}


def test_whom_a_vote_took_out_begins_anew():
    world = World(2)
    batch = world.until(world.start("exit-national"), "appraisal")
    bad = batch.entries.order_by("pk").first()
    with world.at():
        world.supply(batch)
        world.meet(batch, against=(bad.pk,))
        steps.complete_step(by=world.cadre, batch=batch)
        with pytest.raises(ProcedureError, match="不能接续"):
            wayback.continue_entries(by=world.cadre, batch=batch, entry_ids=[bad.pk])


@pytest.mark.parametrize("kind", ["exit", "identification"])
def test_a_wrong_approval_is_undone_by_two_and_told_to_the_village(kind):
    world = World(1, kind)
    standings.close()
    batch = world.until(world.start({"exit": "exit-national", "identification": "identify-2-2-1-1"}[kind]), "")
    entry = batch.entries.get()
    other = factories.posted("county_officer")
    if kind == "identification":
        told = {each.label: (each.before, each.now) for each in facts.differences(entry)}
        assert told["建档立卡"] == ("未建档", "已建档")
    with world.at():
        asked = corrected.correct_approval(by=world.xian, entry=entry, document="渝农〔2020〕9号", reason="核查不实")
        with pytest.raises(ProcedureError, match="已经提出"):
            corrected.correct_approval(by=world.xian, entry=entry, document="渝农〔2020〕9号", reason="核查不实")
    for order in asked.orders.all():
        approve_correction(by=other, order=order)
    standings.settle()
    home = Household.objects.get()
    assert (home.exit_status, home.return_year) == ({"exit": "0", "identification": ""}[kind], None)
    assert not Spell.objects.filter(klass="returned").exists()
    asked.refresh_from_db()
    shown = public.lines(asked.notice)
    assert str(asked.notice).endswith("更正公告") and shown[0].reason == "批复有误，已依规定更正"
    assert "下列一户的批复有误，已依规定更正" in posted.opening(asked.notice)


def test_paper_first_is_entered_with_its_real_days_and_its_scan():
    world = World(1)
    world.later(60)
    real = world.day - timedelta(40)
    batch = world.draft("exit-national")
    with world.at():
        batch = batches.start_batch(by=world.cadre, batch=batch, on=real)
        world.day, now = real, world.day
        world.supply(batch)
        world.meet(batch)
        world.day = now
    with world.at():
        steps.complete_step(by=world.cadre, batch=batch, on=real)
        batch.refresh_from_db()
        with pytest.raises(ProcedureError, match="不能早于"):
            steps.complete_step(by=world.cadre, batch=batch, on=real - timedelta(1))
        world.day = real
        world.supply(batch)
        world.day = now
        assert StepRecord.objects.get(step__code="appraisal").is_entered_late


def test_a_step_of_long_ago_needs_its_scan():
    world = World(1, "return")
    Household.objects.all()
    world.households = [world.household(exit_status="1")]
    batch = world.draft()
    applied = world.day - timedelta(30)
    with world.at():
        batch = batches.start_batch(by=world.cadre, batch=batch, on=applied)
        applications.apply(
            by=world.cadre, household=world.households[-1], kind="return", year=YEAR, applied_on=applied, reason="患病"
        )
        with pytest.raises(ProcedureError, match="请先上传当时的纸质材料"):
            steps.complete_step(by=world.cadre, batch=batch, on=applied)
        with pytest.raises(ProcedureError, match="早于农户申请"):
            applications.record_survey(
                by=world.cadre, household=world.households[-1], kind="return", year=YEAR, finding="meets",
                surveyed_on=applied - timedelta(1), household_signed=True,
                surveyors=[applications.SurveyorFacts("甲", applied), applications.SurveyorFacts("乙", applied)],
            )  # fmt: skip


def test_a_past_procedure_is_an_archive_that_changes_nothing():
    world = World(1)
    row = world.households[0]
    facts = {
        "by": world.cadre, "village": factories.VILLAGE, "subject": "2017年脱贫退出", "numbers": [row.household_no],
        "decided_on": world.day - timedelta(1000),
    }  # fmt: skip
    with world.at():
        with pytest.raises(ProcedureError, match="当年的请按程序办理"):
            file_archive(**facts, year=2020, scans=[picture()])
        with pytest.raises(ProcedureError, match="请上传当年的材料"):
            file_archive(**facts, year=2017, scans=[])
        kept = file_archive(**facts, year=2017, scans=[picture()])
    row.refresh_from_db()
    assert (row.exit_status, kept.households.get(), kept.papers.count()) == ("0", row, 1)


def test_a_notice_counts_from_the_day_it_was_really_posted():
    world = World(1)
    batch = world.until(world.start("exit-national"), "notice_1")
    began = world.day
    world.later(20)
    with world.at():
        notice = notices.post_notice(by=world.cadre, batch=batch, board="公示栏", posted_on=began)
        for moment in ("start", "end"):
            attachments.attach_paper(by=world.cadre, batch=batch, kind="board_photo", file=picture(), moment=moment)
        with pytest.raises(ProcedureError, match="结束日期应晚于"):
            notices.close_notice(by=world.cadre, notice=notice, on=notice.ends_on)
        notices.close_notice(by=world.cadre, notice=notice, on=notice.ends_on + timedelta(1))
    batch.refresh_from_db()
    assert batch.step_since == notice.ends_on + timedelta(1)
