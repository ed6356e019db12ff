"""A list from its draft to its approval through the pages, by the people whose turn it is; whatever is refused changes
nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from households.models import Batch, Household, StepRecord
from households.models.template import Capacity, StepKind
from tests import factories
from tests.households.procedures.procedure_world import (
    PRESENT,
    REPRESENTATIVES,
    YEAR,
    World,
    picture,
)
from villages.rights import Role

pytestmark = pytest.mark.django_db


def signed_in(account: Any) -> Client:
    client = Client()
    client.force_login(account)
    return client


class Pages:
    """A world whose steps are done by filling in forms."""

    def __init__(self, **facts: Any) -> None:
        self.world = World(**facts)
        self.batch: Any = None
        self.clients: dict[int, Client] = {}

    def client(self, by: Any) -> Client:
        return self.clients.setdefault(by.pk, signed_in(by))

    def get(self, by: Any, path: str) -> Any:
        with self.world.at():
            return self.client(by).get(path)

    def post(self, by: Any, path: str, **data: Any) -> Any:
        with self.world.at():
            answer = self.client(by).post(path, data)
        if self.batch is not None:
            self.batch.refresh_from_db()
        return answer

    def do(self, action: str, *, by: Any = None, **data: Any) -> Any:
        """Send a form of the list's page as whoever's turn it is; it must be taken."""
        answer = self.send(action, by=by, **data)
        assert answer.status_code == 302, (action, faults(answer))
        return answer

    def send(self, action: str, *, by: Any = None, **data: Any) -> Any:
        return self.post(by or self.world.actor(self.batch), f"/procedures/{self.batch.pk}/do/{action}/", **data)

    @property
    def url(self) -> str:
        return f"/procedures/{self.batch.pk}/"

    @property
    def day(self) -> str:
        return self.world.day.isoformat()

    def offered(self) -> list[str]:
        """The forms that whoever's turn it is finds on the page."""
        page = self.get(self.world.actor(self.batch), self.url)
        return [card.action.code for card in page.context["cards"]]

    def entries(self) -> list[int]:
        return list(self.batch.entries.filter(state="listed").order_by("pk").values_list("pk", flat=True))

    def start(self, code: str = "") -> None:
        self.batch = self.world.start(code)

    def supply(self) -> None:
        step = self.batch.step
        for kind in step.attachments:
            self.do("paper", kind=kind, file=picture())
        for capacity in step.signers:
            if capacity != Capacity.HEAD:
                self.do("sign", capacity=capacity, name="张三", signed_on=self.day)

    def votes(self, **more: Any) -> dict[str, Any]:
        lines: dict[str, Any] = {}
        for pk in self.entries():
            lines |= {f"in_favour-{pk}": PRESENT - 1, f"against-{pk}": 1, f"abstained-{pk}": 0}
        meeting = {"held_on": self.day, "venue": "村委会", "chair": "李建国", "representatives": REPRESENTATIVES}
        return {**meeting, "present": PRESENT, **lines, **more}

    def consents(self, refused: int = 0) -> dict[str, Any]:
        lines: dict[str, Any] = {"on": self.day}
        for pk in self.entries():
            lines |= {f"agrees-{pk}": "no" if pk == refused else "yes", f"name-{pk}": "王明海"}
        return {**lines, **({f"reason-{refused}": "收入不稳"} if refused else {})}

    def step(self) -> None:
        """Do the current step by its forms."""
        kind = self.batch.step.kind
        if kind == StepKind.NOTICE:
            self.do("post", board="村委会公示栏", hotline="12317", days="")
            assert "close" not in self.offered()
            self.supply()
            self.world.day = self.batch.notices.get(state="open").ends_on + timedelta(1)
            assert "close" in self.offered()
            self.do("close", paper_board_photo=picture())
            return
        if kind == StepKind.ANNOUNCEMENT:
            self.do("announce", board="村委会公示栏")
            return
        self.supply()
        if kind == StepKind.APPLICATION:
            self.do("apply", chosen=self.entries(), applied_on=self.day, reason="家中缺劳力")
        if kind == StepKind.SURVEY:
            self.do("survey", **self.visit())
        if kind in (StepKind.NOMINATION, StepKind.COMPARISON):
            self.do("results", **{f"result-{pk}": "pass" for pk in self.entries()})
        if kind == StepKind.APPRAISAL:
            self.do("meeting", **self.votes())
        if kind == StepKind.CONSENT:
            self.do("consents", **self.consents())
        if kind in (StepKind.TOWNSHIP_REVIEW, StepKind.COUNTY_REVIEW):
            self.do("review", outcome="passed", on=self.day)
        elif kind == StepKind.FILING:
            self.do("approve", on=self.day)
        else:
            self.do("complete", on=self.day)

    def visit(self, **more: Any) -> dict[str, Any]:
        people = {"surveyors": "甲乙、丙丁", "signed_on": self.day, "surveyed_on": self.day}
        return {"chosen": self.entries(), "finding": "meets", "household_signed": "on", **people, **more}

    def until(self, code: str) -> None:
        while self.batch.step is not None and self.batch.step.code != code:
            self.step()


def faults(answer: Any) -> list[str]:
    form = answer.context["refused"] if answer.context and "refused" in answer.context else None
    return [text for errors in form.errors.values() for text in errors] if form else []


def test_an_exit_from_draft_to_approval():
    pages = Pages()
    cadre = pages.world.cadre
    answer = pages.post(cadre, "/procedures/new/", kind="exit", village=factories.VILLAGE, year=YEAR, source="eligible")
    pages.batch = Batch.objects.get()
    assert answer.url == pages.url
    assert (pages.batch.state, pages.batch.entries.count()) == ("draft", 3)
    pages.do("start", by=cadre)
    while pages.batch.step is not None:
        page = pages.get(pages.world.actor(pages.batch), pages.url)
        filing = pages.batch.step.kind == StepKind.FILING
        assert page.status_code == 200 and ("这 3 户 6 人的状态" in page.content.decode()) == filing
        pages.step()
    assert pages.batch.state == "done"
    assert set(Household.objects.values_list("exit_status", "exit_year")) == {("1", YEAR)}
    wanted = list(pages.batch.template.steps.filter(enabled=True).values_list("code", flat=True))
    assert list(StepRecord.objects.values_list("step__code", flat=True)) == wanted
    assert "已于" in pages.get(cadre, pages.url).content.decode()


def test_an_identification_with_applications_survey_and_comparison():
    pages = Pages(kind="identification", households=2)
    pages.post(
        pages.world.cadre, "/procedures/new/",
        kind="identification", village=factories.VILLAGE, year=YEAR, source="chosen",
    )  # fmt: skip
    pages.batch = Batch.objects.get()
    assert not pages.batch.entries.exists()
    page = pages.get(pages.world.cadre, f"{pages.url}add/")
    ids = [row.pk for row, _ in page.context["rows"]]
    assert sorted(ids) == sorted(row.pk for row in pages.world.households)
    pages.post(pages.world.cadre, f"{pages.url}add/", households=ids)
    pages.do("start", by=pages.world.cadre)
    pages.until("")
    assert pages.batch.state == "done"
    assert Household.objects.registered().filter(exit_status="0").count() == 2


def test_a_village_s_exit_declares_and_confirms_its_indicators():
    factories.village_profile()
    pages = Pages(households=0, kind="village_exit")
    pages.batch = pages.world.draft(source="chosen")
    pages.do("start", by=pages.world.cadre)
    form = next(card.form for card in pages.get(pages.world.cadre, pages.url).context["cards"] if card.table)
    declared = {name: "1" for name in form.fields if name.startswith("value-")}
    pages.do("values", **declared)
    pages.supply()
    pages.do("complete", on=pages.day)
    assert set(pages.batch.indicator_values.values_list("declared", flat=True)) == {1}
    refused = pages.send("values", by=pages.world.cadre, **declared)
    assert refused.status_code in (403, 422)
    name = next(iter(declared))
    pages.do("values", **{name: "1", name.replace("value", "note"): "已现场核查"})
    confirmed = pages.batch.indicator_values.exclude(confirmed=None)
    assert confirmed.get().confirmed_note == "已现场核查"
    assert "已现场核查" not in faults(refused) and "审核认定" in pages.get(pages.world.xian, pages.url).content.decode()


REFUSED: list[tuple[str, str, dict[str, Any], str]] = [
    ("appraisal", "complete", {"on": "2020-10-12"}, "还不能办结"),
    ("appraisal", "complete", {"on": ""}, "请填写办结日期"),
    ("appraisal", "post", {"board": "公示栏"}, "不能办理公示"),
    ("appraisal", "approve", {"on": "2020-10-12"}, "403"),
    ("appraisal", "sign", {"capacity": "county_office", "name": "甲", "signed_on": "2020-10-12"}, "没有这个选项"),
    ("appraisal", "paper", {"kind": "minutes"}, "请选择要上传的照片或扫描件"),
    ("appraisal", "stop", {"reason": " "}, "请填写原因"),
    ("consent", "meeting", {}, "请填写会议日期"),
    ("notice_1", "post", {"board": ""}, "请填写张贴地点"),
    ("notice_1", "post", {"board": "公示栏", "days": "3"}, "不少于 7 天"),
    ("township_review", "review", {"outcome": "returned", "on": ""}, "请填写办理日期"),
    ("township_review", "complete", {"on": ""}, "请填写办结日期"),
]


@pytest.mark.parametrize(
    ("at", "action", "data", "said"), REFUSED, ids=[f"{row[0]}-{row[1]}-{row[3]}" for row in REFUSED]
)
def test_a_refused_action_says_why_and_leaves_the_list_as_it_was(at, action, data, said):
    pages = Pages(households=1)
    pages.start("exit-national")
    pages.batch = pages.world.until(pages.batch, at)
    before = state(pages)
    answer = pages.send(action, **data)
    if said == "403":
        assert answer.status_code == 403
    else:
        assert answer.status_code == 422
        assert said in "".join(faults(answer))
        assert said in answer.content.decode()
    assert state(pages) == before


def state(pages: Pages) -> tuple[Any, ...]:
    row = pages.batch
    return (
        row.state, row.step_id, row.round, row.entries.filter(state="listed").count(), row.records.count(),
        row.notices.count(), row.papers.filter(removed_at=None).count(), row.signatures.count(), row.meetings.count(),
    )  # fmt: skip


def test_votes_that_do_not_add_up_are_marked_and_kept():
    pages = Pages(households=2)
    pages.start("exit-national")
    _first, second = pages.entries()
    answer = pages.send("meeting", **pages.votes(**{f"against-{second}": 5}))
    page = answer.content.decode()
    assert answer.status_code == 422 and "与实到 30 人不符" in page
    form = answer.context["refused"]
    assert set(form.row_faults) == {second}
    assert f'name="against-{second}" value="5"' in page and 'value="李建国"' in page
    assert not pages.batch.meetings.exists()


def test_without_quorum_the_page_says_how_many_are_needed():
    pages = Pages(households=1)
    pages.start("exit-national")
    answer = pages.send("meeting", **pages.votes(present=20))
    assert answer.status_code == 422
    assert "至少 26 人到会有效；实到 20 人，还差 6 人" in answer.content.decode()
    live = pages.get(pages.world.cadre, f"{pages.url}quorum/?representatives=38&present=26")
    assert live.content.decode() == "应到 38 人，至少 26 人到会有效；实到 26 人，达到法定人数"
    assert pages.get(pages.world.cadre, f"{pages.url}quorum/?representatives=很多").content == b""


def test_a_refused_consent_leaves_the_others():
    pages = Pages(households=2)
    pages.start("exit-national")
    pages.until("consent")
    first, second = pages.entries()
    pages.do("consents", **pages.consents(refused=first))
    assert pages.entries() == [second]
    assert "农户不认可：收入不稳" in pages.get(pages.world.cadre, pages.url).content.decode()


def test_a_review_with_exceptions_and_one_that_returns():
    pages = Pages(households=3)
    pages.start("exit-national")
    pages.until("township_review")
    first, second, third = pages.entries()
    refused = pages.send("review", outcome="passed", on=pages.day, **{f"off-{first}": "out"})
    assert refused.status_code == 422 and "请写明取消或退回这一户的原因" in refused.content.decode()
    pages.supply()
    reason = {f"off-{first}": "back", f"why-{first}": "收入核减", f"sample-{second}": "pass"}
    pages.post(
        pages.world.cadre, f"{pages.url}stay/", **{f"reason-{pages.batch.entries.get(pk=first).household_id}": "07"}
    )
    answer = pages.send("review", outcome="passed", on=pages.day, **reason)
    if answer.status_code == 422:  # the one sent back must have its reason to stay before the list goes on
        assert "不脱贫原因" in "".join(faults(answer))
        entry = f"{pages.url}entries/{first}/"
        pages.post(pages.world.zhen, entry, do="off", how="back", reason="收入核减")
        household = pages.batch.entries.get(pk=first).household_id
        pages.post(pages.world.cadre, f"{pages.url}stay/", **{f"reason-{household}": "07"})
        pages.do("review", outcome="passed", on=pages.day, **{f"sample-{second}": "pass"})
    assert pages.entries() == [second, third]
    assert pages.batch.step.code == "county_review"
    pages.do("review", outcome="returned", on=pages.day, remark="材料不全", return_to="consent")
    assert (pages.batch.step.code, pages.batch.round) == ("consent", 2)


def test_one_household_is_taken_out_with_a_reason():
    pages = Pages(households=2)
    pages.start("exit-national")
    pk = pages.entries()[0]
    url = f"{pages.url}entries/{pk}/"
    assert pages.get(pages.world.cadre, url).status_code == 200
    assert pages.post(pages.world.cadre, url, do="off", how="out", reason="").status_code == 422
    assert len(pages.entries()) == 2
    assert pages.post(pages.world.cadre, url, do="off", how="out", reason="家庭收入减少").status_code == 302
    assert len(pages.entries()) == 1
    assert "家庭收入减少" in pages.get(pages.world.cadre, url).content.decode()


def test_what_changed_since_the_appraisal_is_shown_and_accepted():
    pages = Pages(households=1)
    pages.start("exit-national")
    pages.until("county_review")
    Household.objects.update(main_cause="03")
    pages.supply()
    answer = pages.send("review", outcome="passed", on=pages.day)
    assert answer.status_code == 422 and "在民主评议后有变更" in "".join(faults(answer))
    url = f"{pages.url}entries/{pages.entries()[0]}/"
    card = next(card for card in answer.context["cards"] if card.action.code == "accept")
    assert [pk for pk, _ in card.form.fields["entries_chosen"].choices] == [str(pages.entries()[0])]
    page = pages.get(pages.world.xian, url)
    assert "主要致贫原因" in page.content.decode() and page.context["differences"]
    assert pages.post(pages.world.zhen, url, do="accept", reason="已核实").status_code in (403, 422)
    assert pages.post(pages.world.xian, url, do="accept", reason="已核实").status_code == 302
    pages.do("review", outcome="passed", on=pages.day)


def test_who_cannot_act_reads_for_whom_the_step_waits():
    pages = Pages(households=1)
    pages.start("exit-national")
    page = pages.get(pages.world.xian, pages.url)
    text = page.content.decode()
    assert page.context["cards"] == [] and "等待 村干部、乡镇干部" in text and "由行政村一级办理" in text
    leader = factories.posted(Role.COUNTY_LEADER)
    assert "等待 村干部" in pages.get(leader, pages.url).content.decode()


def test_strangers_and_those_without_the_right():
    pages = Pages(households=1)
    pages.start("exit-national")
    stranger = factories.posted(Role.VILLAGE_CADRE, factories.NEXT_VILLAGE)
    leader = factories.posted(Role.COUNTY_LEADER)
    entry = f"{pages.url}entries/{pages.entries()[0]}/"
    for path in (pages.url, entry, f"{pages.url}stay/", f"{pages.url}add/"):
        assert pages.get(stranger, path).status_code == 404, path
    assert pages.send("stop", by=stranger, reason="不办了").status_code == 404
    assert pages.send("stop", by=leader, reason="不办了").status_code == 403
    assert pages.post(leader, entry, do="off", how="out", reason="不办了").status_code == 403
    assert pages.batch.state == "running" and len(pages.entries()) == 1


def test_papers_are_shown_to_those_who_see_the_list_and_removed_with_a_reason():
    pages = Pages(households=1)
    pages.start("exit-national")
    pages.do("paper", kind="minutes", file=picture())
    paper = pages.batch.papers.get()
    path = f"{pages.url}papers/{paper.pk}/"
    assert pages.get(pages.world.xian, path)["Content-Type"] == "image/jpeg"
    stranger = factories.posted(Role.VILLAGE_CADRE, factories.NEXT_VILLAGE)
    assert pages.get(stranger, path).status_code == 404
    assert pages.send("paper-remove", paper=paper.pk, reason="").status_code == 422
    pages.do("paper-remove", paper=paper.pk, reason="拍错了")
    assert pages.get(pages.world.xian, path).status_code == 404


def test_a_draft_that_cannot_be_made_keeps_what_was_typed():
    pages = Pages(households=0)
    data = {"kind": "exit", "village": factories.VILLAGE, "year": YEAR, "source": "eligible", "note": "第一批"}
    answer = pages.post(pages.world.cadre, "/procedures/new/", **data)
    assert answer.status_code == 422 and "名单没有建立" in answer.content.decode()
    assert 'value="第一批"' in answer.content.decode() and not Batch.objects.exists()
    factories.place(factories.NEXT_VILLAGE)
    answer = pages.post(pages.world.cadre, "/procedures/new/", **{**data, "village": factories.NEXT_VILLAGE})
    assert answer.status_code == 422 and not Batch.objects.exists()


# -- the board ---------------------------------------------------------------------------------------------------------


def board(pages: Pages, by: Any, query: str = "") -> Any:
    return pages.get(by, f"/procedures/?year={YEAR}&{query}")


def test_the_board_counts_by_stage_and_opens_what_waits_for_the_reader():
    pages = Pages(households=2)
    pages.start("exit-national")
    pages.until("county_review")
    page = board(pages, pages.world.xian)
    cards = {card["label"]: card for card in page.context["cards"]}
    assert (cards["待我审定"]["value"], cards["待我审定"]["current"]) == (1, True)
    assert cards["待我审定"]["sub"] == "2 户 4 人" and cards["乡镇审核"]["value"] == 0
    row = page.context["rows"][0]
    assert (row.households, row.people, row.step_number, row.steps) == (2, 4, 6, 8)
    assert "第 6 步，共 8 步" in page.content.decode()
    assert board(pages, pages.world.xian, "kind=return").context["rows"] == []
    assert board(pages, pages.world.xian, f"place={factories.OTHER_TOWNSHIP}").context["rows"] == []
    assert board(pages, pages.world.xian, "bucket=done").context["rows"] == []
    assert len(board(pages, pages.world.cadre).context["rows"]) == 1


def test_everything_that_waits_for_its_notice_is_posted_by_a_job():
    pages = Pages(households=1)
    pages.start("exit-national")
    pages.until("notice_1")
    page = board(pages, pages.world.zhen, "bucket=village_notice")
    assert "全部张贴" in page.content.decode()
    assert page.context["post_form"].numbers == {"lists": 1, "households": 1, "people": 2, "villages": 1}
    form = {"place": factories.TOWNSHIP, "kind": "exit", "year": YEAR, "board": "村委会公示栏"}
    assert pages.post(pages.world.zhen, "/procedures/post/", **{**form, "board": ""}).url.startswith("/procedures/")
    assert pages.post(pages.world.zhen, "/procedures/post/", **form).url.startswith("/jobs/")
    leader = factories.posted(Role.COUNTY_LEADER)
    assert pages.post(leader, "/procedures/post/", **form).status_code == 403


def test_the_board_asks_as_often_for_many_lists_as_for_few():
    pages = Pages(households=1)
    pages.start("exit-national")
    pages.until("township_review")

    def statements() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert board(pages, pages.world.xian, "bucket=all").status_code == 200
        return len(asked)

    statements()
    few = statements()
    for number in range(4):
        code = f"{factories.TOWNSHIP}{301 + number}"
        factories.place(code)
        Batch.objects.create(
            kind="exit", year=YEAR, place_id=code, template=pages.batch.template, created_by=pages.world.cadre,
            state="running", step=pages.batch.step,
        )  # fmt: skip
    assert len(board(pages, pages.world.xian, "bucket=all").context["rows"]) == 5
    assert statements() <= few
    assert few <= 32


@pytest.mark.parametrize("reached", ["appraisal", "township_review"])
def test_the_page_of_a_list_asks_as_often_for_many_households_as_for_few(reached):
    with transaction.atomic():
        few = statements_of_a_list(1, reached)
        transaction.set_rollback(True)
    many = statements_of_a_list(4, reached)
    assert few == many <= MOST_STATEMENTS


MOST_STATEMENTS = 47  # of the page of a list, for whoever's turn it is


def statements_of_a_list(households: int, reached: str) -> int:
    pages = Pages(households=households)
    with pages.world.at():
        pages.batch = pages.world.until(pages.world.start(), reached)
        actor = pages.world.actor(pages.batch)
    pages.get(actor, pages.url)
    with CaptureQueriesContext(connection) as asked:
        assert pages.get(actor, pages.url).status_code == 200
    return len(asked)
