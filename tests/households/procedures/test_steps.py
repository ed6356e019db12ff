"""Every step: done in its turn by the right person, refused out of turn, to strangers, and at a second level."""

from contextlib import nullcontext
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, InternalError, ProgrammingError, transaction

from households.models import Batch, BatchEntry, EntryResult, Meeting, Signature, StepRecord
from households.procedures.applications import services as applications
from households.procedures.engine.errors import ProcedureError
from households.procedures.lists import (
    attachments as papers,
    batches,
    effects,
    facts,
    meetings,
    notices,
    reviews,
    signatures,
    steps,
)
from tests import factories
from tests.households.procedures.procedure_world import (
    PRESENT,
    REPRESENTATIVES,
    YEAR,
    World,
    picture,
)
from tests.owner import owner
from villages.rights import Role

pytestmark = pytest.mark.django_db


def attempts(world, batch):
    """Every verb that works on a running list, by somebody who has the right for it."""
    entry = batch.entries.first()
    notice = batch.notices.first()
    return {
        "meeting": lambda: world.meet(batch),
        "consent": lambda: world.consent(batch),
        "results": lambda: steps.record_results(by=world.cadre, batch=batch, results={entry.pk: steps.Result(True)}),
        "complete": lambda: steps.complete_step(by=world.cadre, batch=batch),
        "post": lambda: notices.post_notice(by=world.cadre, batch=batch, board="公示栏"),
        "close": lambda: notices.close_notice(by=world.cadre, notice=notice),
        "township_review": lambda: reviews.township_review(by=world.zhen, batch=batch),
        "county_review": lambda: reviews.county_review(by=world.xian, batch=batch),
        "announce": lambda: notices.announce(by=world.xian, batch=batch, board="公示栏"),
        "approve": lambda: effects.approve_batch(by=world.xian, batch=batch),
    }


FITS = {
    "appraisal": {"meeting"},
    "verification": {"results"},
    "consent": {"consent"},
    "notice_1": {"post"},
    "township_review": set(),
    "county_review": set(),
    "announcement": {"announce", "approve"},
    "filing": {"approve"},
}


@pytest.mark.parametrize("code", FITS)
def test_no_verb_works_out_of_turn(code):
    world = World(households=1)
    batch = world.until(world.start("exit-national"), code)
    for verb, attempt in attempts(world, batch).items():
        if verb in FITS[code] or (verb == "close" and not batch.notices.exists()):
            continue
        if verb == code:  # in turn, but nothing that it needs is there
            continue
        before = StepRecord.objects.count()
        with world.at(), pytest.raises((ProcedureError, PermissionDenied)):
            attempt()
        batch.refresh_from_db()
        assert batch.step.code == code and StepRecord.objects.count() == before, verb


@pytest.mark.parametrize("code", list(FITS)[:6])
def test_a_step_is_not_completed_without_what_it_needs(code):
    world = World(households=1)
    batch = world.until(world.start("exit-national"), code)
    verbs = {
        "notice_1": lambda: notices.close_notice(
            by=world.cadre, notice=notices.post_notice(by=world.cadre, batch=batch, board="公示栏")
        ),
        "township_review": lambda: reviews.township_review(by=world.zhen, batch=batch),
        "county_review": lambda: reviews.county_review(by=world.xian, batch=batch),
    }
    with world.at(), pytest.raises(ProcedureError, match="还不能办结"):
        verbs.get(code, lambda: steps.complete_step(by=world.cadre, batch=batch))()


def test_a_draft_or_an_ended_list_takes_no_step():
    world = World(households=1)
    draft = world.draft()
    with world.at(), pytest.raises(ProcedureError, match=r"拟定中.*请先启动"):
        world.meet(draft)
    with world.at():
        batch = batches.start_batch(by=world.cadre, batch=draft)
    batch = world.until(batch, "")
    for attempt in attempts(world, batch).values():
        with world.at(), pytest.raises(ProcedureError, match=r"已办结.*新的程序"):
            attempt()


STRANGERS = [
    (Role.VILLAGE_CADRE, factories.NEXT_VILLAGE),
    (Role.TOWNSHIP_OFFICER, factories.OTHER_TOWNSHIP),
    (Role.COUNTY_OFFICER, factories.OTHER_COUNTY),
    (Role.HELPER, factories.VILLAGE),
    (Role.COUNTY_LEADER, factories.COUNTY),
    (Role.AUDITOR, factories.COUNTY),
]


@pytest.mark.parametrize(("role", "place"), STRANGERS)
def test_strangers_and_readers_change_nothing(role, place):
    world = World(households=1)
    stranger = factories.posted(role, place)
    with world.at(), pytest.raises(PermissionDenied):
        batches.draft_batch(
            by=stranger, kind="exit", village=factories.VILLAGE, year=YEAR, household_ids=[world.households[0].pk]
        )
    batch = world.start("exit-national")
    world.cadre = world.zhen = world.xian = stranger
    for code in ("appraisal", "notice_1", "township_review", "county_review"):
        step = batch.template.steps.get(code=code)
        Batch.objects.filter(pk=batch.pk).update(step=step)
        batch.refresh_from_db()
        attempt = {"appraisal": "meeting", "notice_1": "post"}.get(code, code)
        with world.at(), pytest.raises(PermissionDenied):
            attempts(world, batch)[attempt]()


@pytest.mark.parametrize(
    ("code", "who", "attempt"),
    [
        ("appraisal", "xian", "complete"),
        ("township_review", "cadre", "township_review"),
        ("township_review", "xian", "township_review"),
        ("county_review", "zhen", "county_review"),
        ("announcement", "zhen", "approve"),
        ("announcement", "cadre", "announce"),
        ("filing", "zhen", "approve"),
    ],
)
def test_each_level_keeps_to_its_steps(code, who, attempt):
    world = World(households=1)
    batch = world.until(world.start("exit-national"), code)
    person = getattr(world, who)
    world.cadre = world.zhen = world.xian = person
    with world.at(), pytest.raises(PermissionDenied):
        attempts(world, batch)[attempt]()


def test_nobody_acts_at_two_levels():
    world = World(households=1)
    both = factories.posted(Role.TOWNSHIP_OFFICER)
    factories.posting(both, Role.VILLAGE_CADRE)
    world.cadre = both
    batch = world.until(world.start("exit-national"), "township_review")
    world.zhen = both
    with world.at(), pytest.raises(ProcedureError, match="已在行政村一级办理过"):
        reviews.township_review(by=both, batch=batch)
    world.zhen = factories.posted(Role.TOWNSHIP_OFFICER)
    batch = world.do(batch)
    assert batch.step.code == "county_review"


def test_whoever_proposed_a_household_does_not_review_it():
    world = World(households=2)
    proposer = factories.posted(Role.TOWNSHIP_OFFICER)
    batch = world.draft(household_ids=[world.households[0].pk])
    with world.at():
        batches.add_entries(by=proposer, batch=batch, household_ids=[world.households[1].pk])
        batch = batches.start_batch(by=world.cadre, batch=batch)
    batch = world.until(batch, "township_review")
    with world.at(), pytest.raises(ProcedureError, match="请由其他人员办理"):
        reviews.township_review(by=proposer, batch=batch)


def test_whoever_entered_a_household_does_not_review_its_identification():
    world = World(households=1, kind="identification")
    factories.event(world.households[0], by=world.zhen, member_change="", household_change="01")
    batch = world.until(world.start(), "township_review")
    with world.at(), pytest.raises(ProcedureError, match="您登记的农户"):
        reviews.township_review(by=world.zhen, batch=batch)


@pytest.mark.parametrize(("present", "valid"), [(26, True), (25, False)])
def test_quorum_of_two_thirds(present, valid):
    world = World(households=1)
    batch = world.start("exit-national")
    entry = batch.entries.get()

    def hold():
        return meetings.hold_meeting(
            by=world.cadre, batch=batch, held_on=world.day, venue="村委会", chair="李建国",
            representatives=REPRESENTATIVES, present=present, votes={entry.pk: meetings.Votes(present)},
        )  # fmt: skip

    with world.at():
        if valid:
            assert hold().quorum_met is True
        else:
            with pytest.raises(ProcedureError, match="至少 26 人"):
                hold()
            assert not Meeting.objects.exists()


def test_votes_add_up_to_those_present_and_decide():
    world = World(households=3)
    batch = world.start("exit-national")
    first, second, third = batch.entries.order_by("pk")
    with world.at(), pytest.raises(ProcedureError, match="与实到 30 人不符") as refused:
        meetings.hold_meeting(
            by=world.cadre, batch=batch, held_on=world.day, venue="村委会", chair="李", representatives=38, present=30,
            votes={first.pk: meetings.Votes(31), second.pk: meetings.Votes(30), third.pk: meetings.Votes(30)},
        )  # fmt: skip
    assert set(refused.value.rows) == {first.pk}
    with world.at():
        world.supply(batch)
        held = meetings.hold_meeting(
            by=world.cadre, batch=batch, held_on=world.day, venue="村委会", chair="李", representatives=38, present=30,
            votes={
                first.pk: meetings.Votes(16, 14), second.pk: meetings.Votes(15, 15), third.pk: meetings.Votes(15, 5, 10)
            },
        )  # fmt: skip
        assert list(held.votes.order_by("entry").values_list("passed", flat=True)) == [True, False, False]
        steps.complete_step(by=world.cadre, batch=batch)
    assert list(batch.entries.filter(state="listed")) == [first]
    second.refresh_from_db()
    assert second.state == "out" and "不同意 15" in second.reason and not second.is_open


def test_a_meeting_votes_on_everybody_listed():
    world = World(households=2)
    batch = world.start("exit-national")
    entry = batch.entries.first()
    with world.at(), pytest.raises(ProcedureError, match="没有填写表决结果"):
        meetings.hold_meeting(
            by=world.cadre, batch=batch, held_on=world.day, venue="村委会", chair="李", representatives=38, present=30,
            votes={entry.pk: meetings.Votes(30)},
        )  # fmt: skip


def test_days_may_not_lie_before_the_step_nor_ahead():
    world = World(households=1)
    batch = world.start("exit-national")
    for day, text in ((world.day - timedelta(1), "不能早于"), (world.day + timedelta(1), "还没有到")):
        with world.at(), pytest.raises(ProcedureError, match=text):
            meetings.hold_meeting(
                by=world.cadre, batch=batch, held_on=day, venue="村委会", chair="李", representatives=38,
                present=PRESENT, votes={batch.entries.get().pk: meetings.Votes(PRESENT)},
            )  # fmt: skip


def test_a_refused_consent_takes_one_household_out_and_needs_a_reason():
    world = World(households=2)
    batch = world.until(world.start("exit-national"), "consent")
    no, yes = batch.entries.order_by("pk")
    with world.at(), pytest.raises(ProcedureError, match="请写明原因"):
        steps.record_consents(by=world.cadre, batch=batch, answers={no.pk: steps.Answer(False, world.day)})
    with world.at():
        world.consent(batch, refused=(no.pk,))
        steps.complete_step(by=world.cadre, batch=batch)
    no.refresh_from_db()
    assert (no.state, no.consent, no.reason) == ("out", False, "农户不认可：收入不稳")
    assert list(batch.entries.filter(state="listed")) == [yes]


def test_consent_is_asked_of_everybody():
    world = World(households=2)
    batch = world.until(world.start("exit-national"), "consent")
    entry = batch.entries.first()
    with world.at():
        steps.record_consents(by=world.cadre, batch=batch, answers={entry.pk: steps.Answer(True, world.day)})
        with pytest.raises(ProcedureError, match="还没有登记是否认可"):
            steps.complete_step(by=world.cadre, batch=batch)


def test_who_fails_a_comparison_is_taken_out_with_the_note():
    world = World(households=2, kind="identification")
    batch = world.until(world.start(), "comparison")
    bad = batch.entries.order_by("pk").first()
    with world.at():
        with pytest.raises(ProcedureError, match="请写明情况"):
            steps.record_results(by=world.xian, batch=batch, results={bad.pk: steps.Result(False)})
        steps.record_results(by=world.xian, batch=batch, results={bad.pk: steps.Result(False, "名下有小汽车")})
    batch = world.do(batch)
    bad.refresh_from_db()
    assert (bad.state, bad.reason) == ("out", "④县级信息比对：名下有小汽车")


def test_survey_needs_two_different_people_who_signed():
    world = World(households=1, kind="identification")
    row = world.households[0]

    def survey(*names, **more):
        people = [applications.SurveyorFacts(name, world.day) for name in names]
        return applications.record_survey(
            by=world.cadre, household=row, kind="identification", year=YEAR, surveyed_on=world.day, finding="meets",
            surveyors=people, **{"household_signed": True, **more},
        )  # fmt: skip

    with world.at():
        for names in (("张三",), ("张三", "张三"), ("张三", "")):
            with pytest.raises(ProcedureError, match="至少两人"):
                survey(*names)
        with pytest.raises(ProcedureError, match="农户签字"):
            survey("张三", "李四", household_signed=False)
        assert survey("张三", "李四").surveyors.count() == 2


def test_whom_the_survey_found_unfit_is_taken_out():
    world = World(households=2, kind="identification")
    batch = world.until(world.start(), "survey")
    with world.at():
        world.survey(batch)
        entry = batch.entries.order_by("pk").first()
        people = [applications.SurveyorFacts(name, world.day) for name in ("张三", "李四")]
        applications.record_survey(
            by=world.cadre, household=entry.household, kind="identification", year=YEAR, surveyed_on=world.day,
            finding="fails", note="有商品房", surveyors=people, household_signed=True,
        )  # fmt: skip
        steps.complete_step(by=world.cadre, batch=batch)
    entry.refresh_from_db()
    assert (entry.state, entry.reason) == ("out", "入户调查：有商品房")


def test_signatures_keep_their_distance():
    world = World(households=1)
    batch = world.until(world.start("exit-changshun"), "township_review")
    batch = world.do(batch)
    village_last = max(Signature.objects.filter(capacity="village_secretary").values_list("signed_on", flat=True))
    assert (world.day - village_last).days > 7
    with world.at():
        notices.post_notice(by=world.zhen, batch=batch, board="镇公示栏")
        with pytest.raises(ProcedureError, match="不能早于"):
            signatures.sign(
                by=world.zhen, batch=batch, capacity="township_leader", name="王", signed_on=village_last + timedelta(6)
            )
        with pytest.raises(ProcedureError, match="不需要县领导小组签字"):
            signatures.sign(by=world.zhen, batch=batch, capacity="county_leader", name="王", signed_on=world.day)
        signatures.sign(by=world.zhen, batch=batch, capacity="township_leader", name="王", signed_on=world.day)


def test_signatures_too_close_are_refused_when_signing_and_before_approval():
    world = World(households=1)
    batch = world.start("exit-changshun")
    Batch.objects.filter(pk=batch.pk).update(step=batch.template.steps.get(code="notice_township"))
    village = batch.template.steps.get(code="notice_village")
    Signature.objects.create(
        batch=batch, step=village, round=1, capacity="village_secretary", name="张", signed_on=world.day, by=world.cadre
    )
    world.later(6)
    with world.at(), pytest.raises(ProcedureError, match="相隔 6 天，应不少于 7 天"):
        signatures.sign(by=world.zhen, batch=batch, capacity="township_leader", name="王", signed_on=world.day)
    assert Signature.objects.count() == 1
    world.later(1)
    with world.at():
        signatures.sign(by=world.zhen, batch=batch, capacity="township_leader", name="王", signed_on=world.day)
    step = batch.template.steps.get(code="notice_township")
    Signature.objects.create(
        batch=batch, step=step, round=1, capacity="township_office", name="赵", by=world.zhen,
        signed_on=date(2020, 10, 14),
    )  # fmt: skip
    batch.refresh_from_db()
    assert "相隔 2 天" in signatures.faults(batch)[0]
    with pytest.raises(ProcedureError, match="相隔 2 天"):
        reviews.demand_sound(batch)


def test_a_township_returns_a_list_and_everything_is_asked_again():
    world = World(households=2)
    batch = world.until(world.start("exit-national"), "township_review")
    with world.at():
        with pytest.raises(ProcedureError, match="退回的原因"):
            reviews.township_review(by=world.zhen, batch=batch, outcome="returned")
        reviews.township_review(by=world.zhen, batch=batch, outcome="returned", remark="会议记录不全")
    batch.refresh_from_db()
    assert (batch.round, batch.step.code) == (2, "appraisal")
    assert not batch.entries.exclude(digest="").exists()
    wanted = r"还没有上传：会议记录、会议照片.*还没有签字.*还没有登记民主评议会议"
    with world.at(), pytest.raises(ProcedureError, match=wanted):
        steps.complete_step(by=world.cadre, batch=batch)
    assert world.until(batch, "").state == "done"


def test_a_review_passes_with_exceptions_and_a_failed_sample_must_be_one():
    world = World(households=3)
    batch = world.until(world.start("exit-changshun"), "township_review")
    out, back, kept = batch.entries.order_by("pk")
    with world.at():
        world.supply(batch)
        with pytest.raises(ProcedureError, match="应抽查至少 1 户"):
            reviews.township_review(by=world.zhen, batch=batch)
        with pytest.raises(ProcedureError, match="抽查不符"):
            reviews.township_review(by=world.zhen, batch=batch, sample={out.pk: steps.Result(False, "住房漏雨")})
        assert not EntryResult.objects.filter(step__kind="township_review").exists()
        with pytest.raises(ProcedureError, match="不脱贫原因"):
            reviews.township_review(
                by=world.zhen, batch=batch, sample={out.pk: steps.Result(False, "住房漏雨")},
                exceptions={out.pk: reviews.Off("住房漏雨")},
            )  # fmt: skip
        reasons = {row.household_id: ("01", "") for row in (out, back)}
        batches.record_stay_reasons(by=world.cadre, village=factories.VILLAGE, year=YEAR, reasons=reasons)
        reviews.township_review(
            by=world.zhen, batch=batch, sample={out.pk: steps.Result(False, "住房漏雨")},
            exceptions={out.pk: reviews.Off("住房漏雨"), back.pk: reviews.Off("佐证不足", back=True)},
        )  # fmt: skip
    assert list(batch.entries.order_by("pk").values_list("state", flat=True)) == ["out", "back", "listed"]
    assert list(batch.entries.filter(is_open=True)) == [kept]


def test_one_open_list_a_household_and_one_open_list_a_village():
    world = World(households=2)
    batch = world.draft(household_ids=[world.households[0].pk])
    with world.at(), pytest.raises(ProcedureError, match="已有办理中"):
        world.draft(household_ids=[world.households[1].pk])
    world.kind = "removal"
    with world.at(), pytest.raises(ProcedureError, match="不能重复列入"):
        world.draft(household_ids=[world.households[0].pk])
    with world.at():
        batches.take_out(by=world.cadre, entry=batch.entries.get(), reason="改走清退")
    assert world.draft(household_ids=[world.households[0].pk]).entries.count() == 1


def test_nothing_is_added_after_the_first_step():
    world = World(households=2)
    batch = world.start("exit-national", household_ids=[world.households[0].pk])
    with world.at():
        batches.add_entries(by=world.cadre, batch=batch, household_ids=[world.households[1].pk])
    batch = world.until(batch, "verification")
    late = world.household()
    with world.at(), pytest.raises(ProcedureError, match="不能再列入"):
        batches.add_entries(by=world.cadre, batch=batch, household_ids=[late.pk])


def test_taking_out_needs_a_reason_and_works_once():
    world = World(households=2)
    batch = world.start("exit-national")
    entry = batch.entries.first()
    with world.at():
        with pytest.raises(ProcedureError, match="原因"):
            batches.take_out(by=world.cadre, entry=entry, reason=" ")
        batches.take_out(by=world.cadre, entry=entry, reason="收入核减", stay_reason="07")
        with pytest.raises(ProcedureError, match="已不在名单中"):
            batches.send_back(by=world.cadre, entry=entry, reason="再来")
    assert entry.household.stay_reasons.get().reason == "07"


def test_a_stopped_list_frees_its_households():
    world = World(households=1)
    batch = world.start("exit-national")
    with world.at():
        with pytest.raises(ProcedureError, match="终止的原因"):
            batches.stop_batch(by=world.cadre, batch=batch, reason="")
        batches.stop_batch(by=world.cadre, batch=batch, reason="重新拟定")
    assert world.draft().entries.count() == 1
    assert Batch.objects.get(pk=batch.pk).state == "stopped"


def test_records_and_votes_cannot_be_changed_with_any_tool():
    world = World(households=1)
    batch = world.until(world.start("exit-national"), "verification")
    for rows in (StepRecord.objects.all(), Meeting.objects.all(), Signature.objects.all()):
        for whose, refused in ((nullcontext, ProgrammingError), (owner, InternalError)):
            with whose(), pytest.raises(refused, match=r"permission denied|append_only"), transaction.atomic():
                rows.update(by=world.xian)
            with whose(), pytest.raises(refused, match=r"permission denied|append_only"), transaction.atomic():
                rows._raw_delete("default")
    with pytest.raises(IntegrityError), transaction.atomic():
        BatchEntry.objects.create(batch=batch, household=world.households[0], added_by=world.cadre)


def test_papers_are_checked_and_removed_only_during_their_step():
    world = World(households=1)
    batch = world.start("exit-national")
    with world.at():
        paper = papers.attach_paper(by=world.cadre, batch=batch, kind="minutes", file=picture())
        assert paper.content_type == "image/jpeg" and "photo" not in paper.file.name
        papers.remove_paper(by=world.cadre, paper=paper, reason="拍错了")
        with pytest.raises(ProcedureError, match="还没有上传：会议记录、会议照片"):
            steps.complete_step(by=world.cadre, batch=batch)
        world.supply(batch)
        kept = batch.papers.filter(removed_at=None).first()
        world.meet(batch)
        steps.complete_step(by=world.cadre, batch=batch)
        with pytest.raises(ProcedureError, match="已经办结"):
            papers.remove_paper(by=world.cadre, paper=kept, reason="换一张")


def test_a_refused_verb_leaves_no_trace():
    world = World(households=1)
    batch = world.until(world.start("exit-national"), "county_review")
    before = (StepRecord.objects.count(), facts.changed(batch), batch.updated_at)
    with world.at(), pytest.raises(ProcedureError):
        reviews.county_review(by=world.xian, batch=batch, exceptions={batch.entries.get().pk: reviews.Off("核减")})
    batch.refresh_from_db()
    assert (StepRecord.objects.count(), facts.changed(batch), batch.updated_at) == before
    assert batch.entries.get().state == "listed"
