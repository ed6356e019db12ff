"""Notices: frozen, counted, never closed early, corrected by a new one; nothing personal in what the public reads."""

import json
from dataclasses import asdict
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, ProgrammingError, connection, transaction

from households.models import Batch, Notice, NoticeEntry
from households.procedures.engine.errors import ProcedureError
from households.procedures.lists import (
    attachments as papers,
    batches,
    lines,
    notices,
)
from households.procedures.notices import selectors as public
from households.procedures.objections import services as objections
from tests import factories
from tests.households.procedures.procedure_world import World, picture
from tests.owner import owner

pytestmark = pytest.mark.django_db
LETTER = "他家在县城有商品房，不符合条件"


def posted(households=2, code="exit-national"):
    world = World(households=households)
    step = "notice_village" if code == "exit-changshun" else "notice_1"
    batch = world.until(world.start(code), step)
    with world.at():
        notice = notices.post_notice(by=world.cadre, batch=batch, board="村委会公示栏", hotline="12317")
    return world, batch, notice


def test_the_list_is_frozen_with_its_digest():
    world, batch, notice = posted()
    assert (notice.entries_count, notice.people_count) == (2, 4)
    assert notice.digest == lines.digest(notice.lines.order_by("position").values(*lines.PUBLIC))
    factories.member(world.households[0], relation="03", name="王小新")
    with world.at():
        batches.take_out(by=world.cadre, entry=batch.entries.first(), reason="收入核减", stay_reason="07")
    assert lines.holds(Notice.objects.get(pk=notice.pk)) and notice.lines.count() == 2
    assert [line.withdrawn for line in public.lines(notice)] == [True, False]
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        NoticeEntry.objects.filter(notice=notice).update(persons=9)


def test_a_list_altered_behind_the_product_is_noticed():
    world, batch, notice = posted()
    with world.at():
        world.supply(batch)
    with owner(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE households_noticeentry SET persons = 9 WHERE notice_id = %s", [notice.pk])
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
    world.day = notice.ends_on + timedelta(1)
    with world.at(), pytest.raises(ProcedureError, match="摘要不符"):
        notices.close_notice(by=world.cadre, notice=notice)


@pytest.mark.parametrize("days", [0, 1, 7])
def test_never_closed_before_the_last_day_is_over(days):
    world, batch, notice = posted()
    with world.at():
        world.supply(batch)
    assert notice.ends_on == world.day + timedelta(7)
    world.later(days)
    with world.at(), pytest.raises(ProcedureError, match="不能提前结束"):
        notices.close_notice(by=world.cadre, notice=notice)
    with pytest.raises(IntegrityError), transaction.atomic():
        Notice.objects.filter(pk=notice.pk).update(state="closed", closed_on=notice.ends_on)
    world.later(8 - days)
    with world.at():
        world.photograph(batch)
        assert notices.close_notice(by=world.cadre, notice=notice).closed_on == date(2020, 10, 20)
    batch.refresh_from_db()
    assert batch.step.code == "township_review"


def test_a_notice_may_run_longer_but_not_shorter():
    world = World(households=1)
    batch = world.until(world.start("exit-national"), "notice_1")
    with world.at():
        for days in (6, 0, 400):
            with pytest.raises(ProcedureError, match="不少于 7 天"):
                notices.post_notice(by=world.cadre, batch=batch, board="公示栏", days=days)
        assert notices.post_notice(by=world.cadre, batch=batch, board="公示栏", days=10).days == 10


def test_closing_needs_the_photo_of_the_board():
    world, batch, notice = posted()
    world.day = notice.ends_on + timedelta(1)
    with world.at():
        with pytest.raises(ProcedureError, match="张贴照片（张贴时）、张贴照片（期满时）"):
            notices.close_notice(by=world.cadre, notice=notice)
        for moment in ("start", "end"):
            papers.attach_paper(by=world.cadre, batch=batch, kind="board_photo", file=picture(), moment=moment)
        notices.close_notice(by=world.cadre, notice=notice)


def test_posting_twice_is_refused_and_needs_a_place():
    world, batch, _notice = posted()
    with world.at(), pytest.raises(ProcedureError, match="已经张贴"):
        notices.post_notice(by=world.cadre, batch=batch, board="公示栏")
    with world.at(), pytest.raises(ProcedureError, match="张贴地点"):
        notices.post([], "", "")


def test_a_correction_runs_its_whole_time_again():
    world, batch, notice = posted()
    world.later(5)
    with world.at():
        with pytest.raises(ProcedureError, match="更正的原因"):
            notices.correct_notice(by=world.cadre, notice=notice, reason=" ")
        batches.take_out(by=world.cadre, entry=batch.entries.first(), reason="收入核减", stay_reason="07")
        fresh = notices.correct_notice(by=world.cadre, notice=notice, reason="取消 1 户")
    notice.refresh_from_db()
    assert (notice.state, fresh.supersedes_id, fresh.entries_count) == ("superseded", notice.pk, 1)
    assert fresh.ends_on == world.day + timedelta(7) and fresh.digest != notice.digest and fresh.token != notice.token
    with world.at():
        assert list(public.notice_list(factories.COUNTY)) == [fresh]
    world.day = fresh.ends_on + timedelta(1)
    with world.at():
        assert not public.notice_list(factories.COUNTY).exists(), "over, though not closed yet"
    assert public.notice(public.find(notice.token)).corrected_by == fresh.token
    with world.at(), pytest.raises(ProcedureError, match="已更正"):
        notices.close_notice(by=world.cadre, notice=notice)


def test_each_notice_has_its_number_and_an_address_nobody_guesses():
    world = World(households=1, kind="identification")
    batch = world.until(world.start(), "")
    found = [(row.type, row.sequence) for row in batch.notices.order_by("pk")]
    assert found == [("notice", 1), ("notice", 2), ("announcement", 1)]
    tokens = {row.token for row in batch.notices.all()}
    assert len(tokens) == 3 and min(map(len, tokens)) >= 20
    assert public.find("1") is None


@pytest.mark.parametrize(
    ("kind", "planned", "decided"),
    [("identification", "拟纳入贫困户", "纳入贫困户"), ("exit", "拟脱贫退出", "脱贫退出")],
)
def test_an_announcement_says_what_was_decided_and_a_notice_what_is_planned(kind, planned, decided):
    world = World(households=1, kind=kind)
    batch = world.until(world.start(), "")
    said = batch.notices.values_list("type", "lines__category")
    assert set(said) == {("notice", planned), ("announcement", decided)}
    assert all(lines.holds(row) for row in batch.notices.all())


def test_the_public_reads_nothing_personal():
    world = World(households=2)
    row = world.households[0]
    row.phone, row.main_cause, row.bank_account = "13812345678", "01", "6217001234567890"
    row.save()
    child = factories.member(row, name="王小宝", birth_date=date(2014, 5, 1), health="03")
    batch = world.until(world.start("exit-national"), "notice_1")
    with world.at():
        notice = notices.post_notice(by=world.cadre, batch=batch, board="公示栏", hotline="12317")
        shown = [asdict(public.notice(notice)), *map(asdict, public.lines(notice)), *map(asdict, public.places(""))]
    text = json.dumps(shown, default=str, ensure_ascii=False)
    head = row.members.get(relation="01")
    forbidden = [head.name, head.id_no, child.name, child.id_no, row.phone, row.bank_account, "因病", row.household_no]
    assert not [each for each in forbidden if each in text]
    assert "王*海" in text and "收入达标，保障落实" in text
    sealed = NoticeEntry.objects.filter(notice=notice).first()
    assert sealed.head_name == head.name
    with connection.cursor() as cursor:
        cursor.execute("SELECT head_name FROM households_noticeentry WHERE id = %s", [sealed.pk])
        assert head.name not in cursor.fetchone()[0]


def test_an_identification_by_illness_does_not_say_so():
    world = World(households=1, kind="identification")
    world.households[0].main_cause = "02"
    world.households[0].save()
    batch = world.until(world.start(), "notice_1")
    with world.at():
        notice = notices.post_notice(by=world.cadre, batch=batch, board="公示栏")
    line = public.lines(notice)[0]
    assert (line.category, line.reason) == ("拟纳入贫困户", "收入低于标准")


def test_an_objection_holds_up_the_notice_until_it_is_answered():
    world, batch, notice = posted(households=2)
    line = notice.lines.first()
    with world.at():
        world.supply(batch)
        phone = "１３９００００１１１１"
        one = objections.receive_objection(by=None, notice=notice, line=line, text=LETTER, phone=phone)
        objections.assign_objection(by=world.zhen, objection=one, to=world.checker)
        objections.investigate_objection(by=world.checker, objection=one, text="两人入户，房屋确为其子所有")
    world.day = notice.ends_on + timedelta(1)
    with world.at():
        world.photograph(batch)
        with pytest.raises(ProcedureError, match="1 件异议没有答复"):
            notices.close_notice(by=world.cadre, notice=notice)
        objections.decide_objection(by=world.zhen, objection=one, decision="rejected", reason="房屋属其子")
        with pytest.raises(ProcedureError, match="1 件异议没有答复"):
            notices.close_notice(by=world.cadre, notice=notice)
        objections.answer_objection(by=world.zhen, objection=one, answer="经核实，异议不成立。")
        notices.close_notice(by=world.cadre, notice=notice)
    assert batch.entries.filter(state="listed").count() == 2
    one.refresh_from_db()
    assert one.phone == "13900001111"
    assert public.objection(f" {one.tracking_no.lower()} ").answer == "经核实，异议不成立。"


@pytest.mark.parametrize(("effect", "state"), [("out", "out"), ("back", "back")])
def test_an_upheld_objection_takes_one_household_off_and_the_others_go_on(effect, state):
    world, batch, notice = posted(households=3)
    line = notice.lines.first()
    with world.at():
        world.supply(batch)
        one = objections.receive_objection(
            by=world.cadre, notice=notice, line=line, text=LETTER, channel="phone", name="张三"
        )
        objections.assign_objection(by=world.zhen, objection=one, to=world.zhen)
        objections.investigate_objection(by=world.zhen, objection=one, text="属实")
        with pytest.raises(ProcedureError, match="请选择取消该户或退回该户"):
            objections.decide_objection(by=world.zhen, objection=one, decision="upheld", reason="属实")
        objections.decide_objection(by=world.zhen, objection=one, decision="upheld", reason="属实", effect=effect)
        objections.answer_objection(by=world.zhen, objection=one, answer="异议成立，已处理。")
    assert line.entry.__class__.objects.get(pk=line.entry_id).state == state
    assert batch.entries.filter(state="listed").count() == 2
    world.day = notice.ends_on + timedelta(1)
    with world.at():
        world.photograph(batch)
        notices.close_notice(by=world.cadre, notice=notice)
    batch.refresh_from_db()
    assert batch.step.code == "township_review"


def test_objections_are_taken_only_while_the_notice_runs():
    world, _batch, notice = posted()
    with world.at(), pytest.raises(ProcedureError, match="10 到 1000 个字"):
        objections.receive_objection(by=None, notice=notice, text="不对")
    world.day = notice.ends_on
    with world.at():
        one = objections.receive_objection(by=None, notice=notice, text=LETTER)
        assert one.due_on > one.received_on and len(one.tracking_no) == 19
    world.later(1)
    with world.at(), pytest.raises(ProcedureError, match="公示期已过"):
        objections.receive_objection(by=None, notice=notice, text=LETTER)


def test_who_may_handle_an_objection():
    world, _batch, notice = posted()
    with world.at():
        one = objections.receive_objection(by=None, notice=notice, text=LETTER)
        with pytest.raises(PermissionDenied):
            objections.receive_objection(by=None, notice=notice, text=LETTER, channel="phone")
        with pytest.raises(PermissionDenied):
            objections.receive_objection(by=world.cadre, notice=notice, text=LETTER, channel="web")
        with pytest.raises(PermissionDenied):
            objections.assign_objection(by=world.cadre, objection=one, to=world.checker)
        with pytest.raises(ProcedureError, match="没有核查本村异议的权限"):
            objections.assign_objection(by=world.zhen, objection=one, to=factories.posted("helper", factories.VILLAGE))
        objections.assign_objection(by=world.zhen, objection=one, to=world.checker)
        with pytest.raises(PermissionDenied):
            objections.investigate_objection(
                by=factories.posted("village_cadre", factories.NEXT_VILLAGE), objection=one, text="属实"
            )
        with pytest.raises(ProcedureError, match="待核查"):
            objections.decide_objection(by=world.zhen, objection=one, decision="rejected", reason="不属实")
        objections.investigate_objection(by=world.checker, objection=one, text="不属实")
        with pytest.raises(ProcedureError, match="名单不变"):
            objections.decide_objection(by=world.zhen, objection=one, decision="rejected", reason="无", effect="out")
        with pytest.raises(PermissionDenied):
            objections.decide_objection(by=world.cadre, objection=one, decision="rejected", reason="不属实")


def test_whoever_proposed_the_list_does_not_decide_objections_to_it():
    world = World(households=2)
    proposer = factories.posted("township_officer")
    batch = world.draft(household_ids=[world.households[0].pk])
    with world.at():
        batches.add_entries(by=proposer, batch=batch, household_ids=[world.households[1].pk])
        batch = batches.start_batch(by=world.cadre, batch=batch)
    batch = world.until(batch, "notice_1")
    with world.at():
        notice = notices.post_notice(by=world.cadre, batch=batch, board="公示栏")
        one = objections.receive_objection(by=None, notice=notice, text=LETTER)
        objections.assign_objection(by=proposer, objection=one, to=world.checker)
        objections.investigate_objection(by=world.checker, objection=one, text="不属实")
        with pytest.raises(ProcedureError, match="请由其他人员办理"):
            objections.decide_objection(by=proposer, objection=one, decision="rejected", reason="不属实")


def test_a_stopped_list_leaves_no_running_notice():
    world, batch, notice = posted()
    with world.at():
        batches.stop_batch(by=world.cadre, batch=batch, reason="名单有误")
    notice.refresh_from_db()
    with world.at():
        assert notice.state == "superseded" and not public.notice_list(factories.COUNTY).exists()
    assert Batch.objects.get(pk=batch.pk).state == "stopped"


def test_what_was_written_is_sealed_and_not_told_to_the_tracking_number():
    world, _batch, notice = posted()
    with world.at():
        one = objections.receive_objection(by=None, notice=notice, text=LETTER, name="张三", phone="13900001111")
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, phone, text FROM households_objection WHERE id = %s", [one.pk])
        stored = " ".join(cursor.fetchone())
    assert not [each for each in ("张三", "13900001111", "商品房") if each in stored]
    told = str(public.objection(one.tracking_no))
    assert "张三" not in told and "商品房" not in told
    assert public.objection("AAAA-AAAA-AAAA-AAAA") is None
