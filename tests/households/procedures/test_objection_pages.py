"""Objections through the pages of the staff, from taking one to its answer; who does what, and who reads what."""

from datetime import timedelta

import pytest

from households.models import Objection, UnmaskLog
from households.procedures.engine import clock
from households.procedures.lists import notices
from households.procedures.lists.lines import line_at
from households.procedures.objections import services as objections
from tests import factories
from tests.households.procedures.procedure_world import World
from villages.rights import Role

pytestmark = pytest.mark.django_db
LETTER = "他家在县城有商品房，不符合条件"
PERSON = {"name": "周大山", "phone": "13800005678"}


class Posted:
    def __init__(self) -> None:
        self.world = World(households=2)
        self.batch = self.world.until(self.world.start("exit-national"), "notice_1")
        with self.world.at():
            self.notice = notices.post_notice(
                by=self.world.cadre, batch=self.batch, board="村委会公示栏", hotline="12317"
            )

    def objection(self, key: int = 1, **more) -> Objection:
        with self.world.at():
            line = line_at(self.notice, key) if key else None
            return objections.receive_objection(
                by=None, notice=self.notice, line=line, text=LETTER, **{**PERSON, **more}
            )


@pytest.fixture
def posted(monkeypatch):
    found = Posted()
    monkeypatch.setattr(clock, "today", lambda: found.world.day)
    return found


def text_of(answer) -> str:
    return answer.content.decode()


def do(client, row, step, **facts):
    return client.post(f"/objections/{row.pk}/{step}/", facts)


def investigated(client, posted, key=1):
    row = posted.objection(key)
    client.force_login(posted.world.zhen)
    do(client, row, "assign", to=posted.world.checker.pk)
    client.force_login(posted.world.checker)
    do(client, row, "investigate", on=str(posted.world.day), text="到县城查看，房屋确在其名下")
    row.refresh_from_db()
    assert row.state == "investigated"
    client.force_login(posted.world.zhen)
    return row


def test_an_upheld_objection_takes_the_household_off_and_the_others_go_on(client, posted):
    row = investigated(client, posted)
    answer = do(client, row, "decide", decision="upheld", effect="out", reason="有商品房")
    assert answer.status_code == 302
    states = list(posted.batch.entries.order_by("lines__position").values_list("state", flat=True))
    assert states == ["out", "listed"]
    assert do(client, row, "answer", answer="经核实，异议成立，该户已取消。").status_code == 302
    row.refresh_from_db()
    assert (row.state, row.decision, row.effect) == ("answered", "upheld", "out")
    assert "该户已取消" in text_of(client.get(f"/objections/{row.pk}/"))


def test_a_rejected_objection_leaves_the_list_as_it_is(client, posted):
    row = investigated(client, posted, key=0)
    assert do(client, row, "decide", decision="rejected", effect="", reason="查无此事").status_code == 302
    assert not posted.batch.entries.exclude(state="listed").exists()


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"decision": "upheld", "effect": "", "reason": "有商品房甲"}, "请选择取消该户或退回该户"),
        ({"decision": "rejected", "effect": "out", "reason": "查无此事甲"}, "异议不成立的，名单不变"),
        ({"decision": "upheld", "effect": "out", "reason": ""}, "请写明决定的理由"),
        ({"reason": "只写了理由甲"}, "请选择异议成立或不成立"),
    ],
)
def test_a_refused_decision_keeps_what_was_typed(client, posted, typed, message):
    row = investigated(client, posted)
    answer = do(client, row, "decide", **typed)
    assert answer.status_code == 422 and message in text_of(answer) and typed["reason"] in text_of(answer)
    row.refresh_from_db()
    assert row.state == "investigated"


def test_steps_come_in_their_order(client, posted):
    row = posted.objection()
    client.force_login(posted.world.zhen)
    for step, facts in (
        ("decide", {"decision": "rejected", "reason": "查无此事"}),
        ("answer", {"answer": "已核实"}),
        ("investigate", {"on": "2020-10-12", "text": "看过了"}),
    ):
        answer = do(client, row, step, **facts)
        assert answer.status_code == 422 and "不能这样办理" in text_of(answer)
    assert Objection.objects.get().state == "received"


def test_an_investigation_is_not_dated_after_today(client, posted):
    row = posted.objection()
    client.force_login(posted.world.zhen)
    do(client, row, "assign", to=posted.world.zhen.pk)
    tomorrow = str(posted.world.day + timedelta(days=1))
    answer = do(client, row, "investigate", on=tomorrow, text="明天去看")
    assert answer.status_code == 422 and "今天以前" in text_of(answer) and "明天去看" in text_of(answer)


def test_whoever_proposed_the_list_does_not_decide(client, posted):
    row = investigated(client, posted)
    factories.posting(posted.world.cadre, Role.TOWNSHIP_OFFICER)
    cadre = type(posted.world.cadre).objects.get(pk=posted.world.cadre.pk)
    client.force_login(cadre)
    assert "请由其他人员" in text_of(client.get(f"/objections/{row.pk}/")) or "由其他人员决定" in text_of(
        client.get(f"/objections/{row.pk}/")
    )
    answer = do(client, row, "decide", decision="rejected", effect="", reason="查无此事")
    assert answer.status_code == 422 and "不能再办理" in text_of(answer)


# Taking one by phone or in person.


def test_one_by_phone_is_taken_for_a_line_and_gets_a_number(client, posted):
    client.force_login(posted.world.cadre)
    path = f"/objections/new/{posted.notice.pk}/"
    assert path in text_of(client.get("/objections/new/"))
    day = str(posted.world.day)
    facts = {"channel": "phone", "line": "2", "text": LETTER, "received_on": day, **PERSON}
    answer = client.post(path, facts, follow=True)
    row = Objection.objects.get()
    assert (row.channel, row.line.position, row.received_by, row.name) == ("phone", 2, posted.world.cadre, "周大山")
    assert f"请把查询号 {row.tracking_no} 告诉提出人" in text_of(answer)


def test_a_refused_one_keeps_what_was_typed(client, posted):
    client.force_login(posted.world.cadre)
    answer = client.post(
        f"/objections/new/{posted.notice.pk}/", {"channel": "phone", "line": "0", "text": "不对", "name": "周大山"}
    )
    assert answer.status_code == 422 and "至少 10 个字" in text_of(answer) and "周大山" in text_of(answer)


def test_one_after_the_last_day_is_taken_and_marked(client, posted):
    posted.world.day = posted.notice.ends_on + timedelta(days=1)
    client.force_login(posted.world.cadre)
    assert "按期满后提出登记" in text_of(client.get("/objections/new/"))
    facts = {"channel": "letter", "line": "0", "text": LETTER, "received_on": str(posted.world.day)}
    answer = client.post(f"/objections/new/{posted.notice.pk}/", facts, follow=True)
    assert "公示期后提出" in text_of(answer) and Objection.objects.get().is_late


# The list, and who reads what.


def test_the_list_goes_by_deadline_with_overdue_ones_marked(client, posted):
    first = posted.objection()
    posted.world.later(2)
    second = posted.objection(0)
    posted.world.day = first.due_on + timedelta(days=1)
    client.force_login(posted.world.zhen)
    page = text_of(client.get("/objections/"))
    assert page.index(first.tracking_no) < page.index(second.tracking_no)
    assert "tone-overdue" in page and "逾期" in page
    overdue = text_of(client.get("/objections/?state=overdue"))
    assert first.tracking_no in overdue and second.tracking_no not in overdue


def test_name_and_phone_are_masked_until_asked_for_with_a_reason(client, posted):
    row = posted.objection()
    client.force_login(posted.world.zhen)
    page = text_of(client.get(f"/objections/{row.pk}/"))
    assert "周*山" in page and "138****5678" in page and LETTER in page
    assert "周大山" not in page and "13800005678" not in page
    refused = client.post(f"/objections/{row.pk}/unmask/", {"reason": ""})
    assert refused.status_code == 422 and "至少 4 个字" in text_of(refused) and not UnmaskLog.objects.exists()
    shown = text_of(client.post(f"/objections/{row.pk}/unmask/", {"reason": "电话核实情况"}))
    assert "周大山" in shown and "13800005678" in shown
    assert UnmaskLog.objects.get().reason == "电话核实情况"


def test_the_village_reads_only_what_it_was_given(client, posted):
    """An objection is often about the village's own people."""
    row = posted.objection()
    client.force_login(posted.world.cadre)
    page = text_of(client.get(f"/objections/{row.pk}/"))
    assert LETTER not in page and "内容只给经办人和核查人看" in page
    assert client.post(f"/objections/{row.pk}/unmask/", {"reason": "想知道是谁"}).status_code == 403
    with posted.world.at():
        objections.assign_objection(by=posted.world.zhen, objection=row, to=posted.world.checker)
    client.force_login(posted.world.checker)
    assert LETTER in text_of(client.get(f"/objections/{row.pk}/"))


@pytest.mark.parametrize(
    ("role", "place", "seen", "step"),
    [
        (Role.VILLAGE_CADRE, "", 200, 403),
        (Role.COUNTY_LEADER, "", 200, 403),
        (Role.ACCOUNTS_ADMIN, "", 403, 403),
        (Role.VILLAGE_CADRE, factories.NEXT_VILLAGE, 404, 404),
        (Role.TOWNSHIP_OFFICER, factories.OTHER_TOWNSHIP, 404, 404),
        (Role.COUNTY_OFFICER, factories.OTHER_COUNTY, 404, 404),
    ],
)
def test_others_and_strangers(client, posted, role, place, seen, step):
    row = posted.objection()
    client.force_login(factories.posted(role, place))
    assert client.get(f"/objections/{row.pk}/").status_code == seen
    assert do(client, row, "assign", to=posted.world.zhen.pk).status_code == step
    assert client.post(f"/objections/new/{posted.notice.pk}/", {}).status_code in (seen, 403, 422)
    assert Objection.objects.get().state == "received"


def test_an_unknown_step_is_not_found(client, posted):
    row = posted.objection()
    client.force_login(posted.world.zhen)
    assert do(client, row, "delete").status_code == 404
    assert client.get(f"/objections/{row.pk}/assign/").status_code == 405


def test_the_workbench_names_what_is_due_with_the_next_step(client, posted):
    row = posted.objection()
    client.force_login(posted.world.zhen)
    page = text_of(client.get("/"))
    assert f'href="/objections/{row.pk}/"' in page and "泉秀村脱贫退出公示的异议" in page and "分办" in page
    posted.world.day = row.due_on + timedelta(days=1)
    assert "逾期" in text_of(client.get("/"))
    client.force_login(factories.posted(Role.TOWNSHIP_OFFICER, factories.OTHER_TOWNSHIP))
    assert f"/objections/{row.pk}/" not in text_of(client.get("/"))
