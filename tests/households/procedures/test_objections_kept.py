"""No objection is shed by ending a list, buried by whom it is given to, or left without an answer."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from households.models import Application, Objection
from households.procedures.applications import services as applications
from households.procedures.engine.errors import ProcedureError
from households.procedures.lists import batches, notices, reviews
from households.procedures.notices import selectors as public
from households.procedures.objections import selectors, services as objections
from households.procedures.papers import letters
from households.procedures.papers.blocks import Box
from tests import factories
from tests.households.procedures.procedure_world import YEAR, World, picture
from villages.rights import Role

pytestmark = pytest.mark.django_db
LETTER = "他家在县城有商品房，不符合条件"


def posted(households=2, kind="exit", code="exit-national"):
    world = World(households, kind)
    batch = world.until(world.start(code), "notice_1")
    with world.at():
        return world, batch, notices.post_notice(by=world.cadre, batch=batch, board="村委会公示栏")


def raised(world, notice, line=1, **more):
    with world.at():
        return objections.receive_objection(
            by=None, notice=notice, text=LETTER, line=notice.lines.get(position=line) if line else None,
            name="周大山", phone="13800005678", **more,
        )  # fmt: skip


def settle(world, row, decision, **more):
    with world.at():
        objections.assign_objection(by=world.zhen, objection=row, to=world.checker)
        objections.investigate_objection(by=world.checker, objection=row, text="两人入户核查")
        objections.decide_objection(by=world.zhen, objection=row, decision=decision, reason="核查结果", **more)
        return objections.answer_objection(by=world.zhen, objection=row, answer="经核查，已经处理。")


def test_open_objections_of_a_stopped_list_hold_up_the_next_one_with_their_number_and_deadline():
    world, batch, notice = posted()
    one, two = raised(world, notice), raised(world, notice, line=0)
    number, due = one.tracking_no, one.due_on
    with world.at():
        batches.stop_batch(by=world.cadre, batch=batch, reason="重新拟定")
        assert selectors.objections(world.zhen).open().count() == 2
        assert "没有撤销" in public.objection(number).news[-1][1]
        again = batches.draft_batch(
            by=world.cadre, kind="exit", village=factories.VILLAGE, year=2020,
            household_ids=[row.pk for row in world.households],
        )  # fmt: skip
    again = world.until(world.start_drafted(again), "notice_1")
    with world.at():
        fresh = notices.post_notice(by=world.cadre, batch=again, board="公示栏")
        world.supply(again)
    one.refresh_from_db()
    assert (one.batch, one.entry.batch, one.tracking_no, one.due_on) == (again, again, number, due)
    assert [text[:5] for _, text in public.objection(number).news] == ["原名单已终", "您的意见已"]
    world.day = fresh.ends_on + timedelta(1)
    with world.at(), pytest.raises(ProcedureError, match="2 件异议没有答复"):
        notices.close_notice(by=world.cadre, notice=fresh)
    settle(world, one, "upheld", effect="out")
    settle(world, two, "rejected")
    assert not again.entries.filter(household=one.household_id, state="listed").exists()
    with world.at():
        world.photograph(again)
        notices.close_notice(by=world.cadre, notice=fresh)


def test_an_objection_whose_list_was_stopped_is_answered_without_a_new_one(client):
    world, batch, notice = posted()
    row = raised(world, notice)
    with world.at():
        batches.stop_batch(by=world.cadre, batch=batch, reason="不再办理")
    row.refresh_from_db()
    page = client.get(f"/gongshi/n/{notice.token}/").content.decode()
    assert row.batch is None and "已经撤回" in page and "更正后的名单" not in page
    assert settle(world, row, "upheld", effect="out").state == "answered"


def test_who_objected_reads_that_the_notice_was_corrected():
    world, _batch, notice = posted()
    row = raised(world, notice)
    with world.at():
        notices.correct_notice(by=world.cadre, notice=notice, reason="姓名有误")
    assert "更正" in public.objection(row.tracking_no).news[-1][1]


def test_who_objected_reads_that_the_list_was_returned():
    done = World(1)
    held = done.until(done.start("exit-changshun"), "township_review")
    notice = held.notices.get()
    with done.at():
        late = objections.receive_objection(by=done.checker, notice=notice, text=LETTER, channel="letter")
        reviews.township_review(by=done.zhen, batch=held, outcome="returned", remark="重新评议")
    assert "退回" in public.objection(late.tracking_no).news[-1][1] and late.is_late


def test_nobody_with_a_part_in_the_case_is_given_an_objection_or_learns_who_raised_it():
    world, _batch, notice = posted()
    row = raised(world, notice)
    assert world.cadre not in selectors.investigators(row) and world.checker in selectors.investigators(row)
    with world.at():
        with pytest.raises(ProcedureError, match="登记、提出或评议过"):
            objections.assign_objection(by=world.zhen, objection=row, to=world.cadre)
        row = objections.assign_objection(by=world.zhen, objection=row, to=world.checker)
    assert selectors.may_unmask(world.checker, row) and not selectors.may_unmask(world.cadre, row)
    Objection.objects.filter(pk=row.pk).update(assigned_to=world.cadre)  # as an older version let it be
    row.refresh_from_db()
    page = selectors.objection_page(world.cadre, row)
    assert (page.name, page.phone, page.may_unmask) == ("", "", False)


def test_the_village_complained_of_neither_reads_nor_checks_nor_learns():
    world, _batch, notice = posted()
    row = raised(world, notice, wish=objections.Wish(against_village=True))
    assert world.checker not in selectors.investigators(row) and world.zhen in selectors.investigators(row)
    with world.at(), pytest.raises(ProcedureError, match="反映的是村干部的问题"):
        objections.assign_objection(by=world.zhen, objection=row, to=world.checker)
    assert not selectors.may_read(world.checker, row) and selectors.may_read(world.zhen, row)


def test_secrecy_is_kept_from_who_looks_into_it():
    world, _batch, notice = posted()
    row = raised(world, notice, wish=objections.Wish(is_confidential=True))
    with world.at():
        row = objections.assign_objection(by=world.zhen, objection=row, to=world.checker)
    assert selectors.may_read(world.checker, row) and not selectors.may_know(world.checker, row)
    assert selectors.may_unmask(world.zhen, row)
    sheet = letters.objection_register(row, reads=True, knows=False).sheets[0]
    assert "周大山" not in str(sheet) and LETTER in str(sheet)


def test_after_the_last_day_only_the_staff_takes_one_and_it_is_answered():
    world, _batch, notice = posted()
    world.day = notice.ends_on + timedelta(3)
    with world.at():
        with pytest.raises(ProcedureError, match="公示期已过"):
            objections.receive_objection(by=None, notice=notice, text=LETTER)
        with pytest.raises(ProcedureError, match="收到日期"):
            objections.receive_objection(
                by=world.checker, notice=notice, text=LETTER, channel="phone", received_on=world.day + timedelta(1)
            )
        row = objections.receive_objection(by=world.checker, notice=notice, text=LETTER, channel="letter")
    row = settle(world, row, "rejected")
    assert row.is_late and row.state == "answered"
    assert "经核查，已经处理" in str(letters.objection_answer(row).sheets[0])
    register = letters.objection_register(row, reads=True, knows=True).sheets[0]
    signers = [signer for block in register.blocks if isinstance(block, Box) for signer in block.signers]
    assert [signer.partition("：")[0] for signer in signers] == ["核查人", "决定人", "答复人"]


def test_a_household_that_was_left_out_is_put_on_the_list_or_waits_for_the_next():
    world, batch, notice = posted(households=1, kind="identification", code="identify-2-2-1-1")
    other = world.household()
    row = raised(world, notice, line=0, missed="三组 王明海")
    assert row.about == "missed" and row.missed == "三组 王明海"
    with pytest.raises(ProcedureError, match="户编号"):
        settle(world, row, "upheld", effect="add")
    with world.at():
        row.refresh_from_db()
        objections.assign_objection(by=world.zhen, objection=row, to=world.checker)
        objections.investigate_objection(by=world.checker, objection=row, text="确实困难，没有列入")
        objections.decide_objection(
            by=world.zhen, objection=row, decision="upheld", reason="符合条件", effect="add", household=other
        )
    waiting = Application.objects.get(household=other)
    assert (waiting.state, waiting.kind) == ("open", "identification")
    assert not batch.entries.filter(household=other).exists()


def test_photos_are_kept_without_where_they_were_taken(client, monkeypatch):
    world, _batch, notice = posted()
    monkeypatch.setattr("households.procedures.engine.clock.today", lambda: world.day)
    file = SimpleUploadedFile("a.jpg", picture().read(), "image/jpeg")
    path = f"/gongshi/n/{notice.token}/objection/"
    facts = {"line": "missed", "missed": "", "text": LETTER, "is_confidential": "on"}
    answer = client.post(path, {**facts, "photos": [file]})
    assert answer.status_code == 422 and "请填写漏评的是哪一户" in answer.content.decode()
    file.seek(0)
    assert client.post(path, {**facts, "missed": "三组 周家", "photos": [file]}).status_code == 302
    row = Objection.objects.get()
    photo = row.photos.get()
    assert row.is_confidential and photo.content_type == "image/jpeg"
    where = f"/objections/{row.pk}/photos/{photo.pk}/"
    client.force_login(world.cadre)
    assert client.get(where).status_code == 403
    client.force_login(world.zhen)
    assert client.get(where).status_code == 200
    assert where in client.get(f"/objections/{row.pk}/").content.decode()


def test_an_application_ends_with_an_outcome_and_its_letter(client):
    world = World(2, "identification")
    batch = world.until(world.start("identify-2-2-1-1"), "announcement")
    entry = batch.entries.order_by("pk").first()
    with world.at():
        batches.take_out(by=world.xian, entry=entry, reason="家中有商品房")
    world.until(batch, "")
    states = dict(Application.objects.values_list("household_id", "state"))
    assert states == {entry.household_id: "refused", world.households[1].pk: "admitted"}
    refused = Application.objects.get(state="refused")
    client.force_login(factories.posted(Role.VILLAGE_CADRE))
    text = client.get(f"/procedures/applications/{refused.pk}/refusal/").content.decode()
    assert "不予纳入告知书" in text and "家中有商品房" in text
    assert "经核实、信息比对、民主评议、乡镇审核、县级审定，决定不予纳入" in text
    admitted = Application.objects.get(state="admitted")
    assert client.get(f"/procedures/applications/{admitted.pk}/refusal/").status_code == 404


def test_a_declined_application_is_told_of_no_step_that_was_not_done():
    world = World(1, "identification")
    with world.at():
        asked = applications.apply(
            by=world.cadre, household=world.households[0], kind="identification", year=YEAR, applied_on=world.day,
            reason="家中缺劳力",
        )  # fmt: skip
        asked = applications.close_application(by=world.cadre, application=asked, state="declined", reason="不是本村户")
    assert asked.decided_on == world.day
    said = [getattr(block, "text", "") for block in letters.refusal_letter(asked, "王明海").sheets[0].blocks]
    assert any("经审查，决定不予受理" in text for text in said)
