"""A village's list through the API: every step with its guards, what is refused and how, what the history keeps."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from pghistory.models import Context

from households.models import Household, Notice, ProcedureTemplate
from households.procedures.engine import clock
from povreg.jobs.models import Job
from tests import factories
from tests.api import rows
from tests.api.conftest import calling
from tests.households.procedures.procedure_world import (
    PRESENT,
    REPRESENTATIVES,
    World,
    picture,
)
from villages.rights import Role

FORBIDDEN = (403, "permission_denied")


class Office:
    """The world's people, speaking to one list over the API."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.clients = {"village": calling(world.cadre), "township": calling(world.zhen), "county": calling(world.xian)}
        self.batch: dict[str, Any] = {}

    def draft(self, **more: Any) -> tuple[int, dict[str, Any]]:
        facts = {"kind": "exit", "village": factories.VILLAGE, "year": factories.YEAR, "source": "eligible", **more}
        return self._keep(*self._send("village", "batches/", facts))

    def _send(self, level: str, path: str, facts: dict[str, Any], form: str = "json") -> tuple[int, dict[str, Any]]:
        with self.world.at():
            response = self.clients[level].post(f"/api/v1/{path}", facts, format=form)
        return response.status_code, response.json()

    def _keep(self, status: int, answer: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        self.batch = answer if status < 300 else self.batch
        return status, answer

    def do(self, code: str, level: str = "village", form: str = "json", **facts: Any) -> tuple[int, dict[str, Any]]:
        return self._keep(*self._send(level, f"batches/{self.batch['id']}/{code}/", facts, form))

    def must(self, code: str, level: str = "village", **facts: Any) -> dict[str, Any]:
        status, answer = self.do(code, level, **facts)
        assert status == 200, (code, answer)
        return answer

    def step(self) -> dict[str, Any]:
        return next(step for step in self.batch["steps"] if step["state"] == "current")

    def level(self) -> str:
        return {"township": "township", "county": "county"}.get(self.step()["level"], "village")

    def entries(self, state: str = "listed") -> list[dict[str, Any]]:
        answer = self.clients["village"].get(f"/api/v1/batches/{self.batch['id']}/entries/", {"state": state})
        return answer.json()["results"]

    def supply(self) -> None:
        """The papers and signatures that the step says it wants."""
        step, level = self.step(), self.level()
        for kind in step["attachments"]:
            assert self.do("paper", level, form="multipart", kind=kind, file=picture())[0] == 200
        for capacity in step["signers"]:
            if capacity != "head":
                self.must("sign", level, capacity=capacity, name="张三", signed_on=f"{self.world.day}")

    def photograph(self, level: str) -> None:
        """The board once more, at the end."""
        if "board_photo" in self.step()["attachments"]:
            assert self.do("paper", level, form="multipart", kind="board_photo", file=picture())[0] == 200

    def forward(self) -> None:
        """Do the current step as its description asks."""
        kind, day, ids = self.step()["kind"], f"{self.world.day}", [row["id"] for row in self.entries()]
        level = self.level()
        if kind in ("notice", "announcement"):
            return self.notice(kind, level)
        if kind == "consent":
            self.must("consents", on=day, answers=[{"entry": pk, "agreed": True} for pk in ids])
        self.supply()
        if kind == "appraisal":
            self.meet(ids)
        if kind in ("survey", "verification") and self.step()["people"]:
            people = [{"name": name, "signed_on": day} for name in ("甲", "乙", "丙")]
            self.must("survey", entries=ids, surveyed_on=day, finding="meets", household_signed=True, surveyors=people)
        if kind in ("township_review", "county_review"):
            sample = [{"entry": ids[0], "passed": True}]
            self.must("review", level, outcome="passed", sample=sample)
        elif kind == "filing":
            self.must("approve", level)
        else:
            self.must("complete", level)
        return None

    def meet(self, ids: list[int]) -> None:
        votes = [{"entry": pk, "in_favour": PRESENT - 1, "abstained": 1} for pk in ids]
        self.must(
            "meeting", held_on=f"{self.world.day}", venue="村委会会议室", chair="李建国",
            representatives=REPRESENTATIVES, present=PRESENT, votes=votes,
        )  # fmt: skip

    def notice(self, kind: str, level: str) -> None:
        before = self.batch["step_code"]
        self.must("post" if kind == "notice" else "announce", level, board="村委会公示栏")
        if self.batch["step_code"] == before:
            self.supply()
            ends_on = Notice.objects.filter(batch=self.batch["id"], state="open").get().ends_on
            self.world.day = ends_on + timedelta(days=1)
            self.photograph(level)
            self.must("close", level)

    def until(self, kind: str) -> None:
        while self.batch["state"] == "running" and self.step()["kind"] != kind:
            self.forward()


@pytest.fixture
def office(db) -> Office:
    return Office(World())


@pytest.fixture
def started(office) -> Office:
    assert office.draft()[0] == 201
    office.must("start")
    return office


def refusal(status: int, answer: dict[str, Any]) -> tuple[int, str]:
    assert set(answer) == {"code", "message", "fields"}
    return status, answer["code"]


def test_a_villages_exit_list_goes_through_the_api(office):
    status, answer = office.draft()
    assert (status, answer["state"], answer["households"]) == (201, "draft", 3)
    assert answer["allowed"] == ["add", "start", "stop"]
    office.must("start")
    office.until("")
    assert office.batch["state"] == "done"
    assert set(Household.objects.values_list("exit_status", flat=True)) == {"1"}
    assert office.batch["allowed"] == []
    verbs = set(Context.objects.values_list("metadata__verb", flat=True))
    assert {"draft_batch", "start_batch", "record_meeting", "post_notice", "close_notice", "approve_batch"} <= verbs


def test_a_client_is_told_what_is_next_and_what_is_missing(started):
    started.until("appraisal")
    assert "meeting" in started.batch["allowed"]
    assert started.batch["missing"]
    status, answer = started.do("complete")
    assert refusal(status, answer) == (422, "refused")
    assert "会议" in answer["message"]
    county = calling(started.world.xian).get(f"/api/v1/batches/{started.batch['id']}/").json()
    assert (county["allowed"], bool(county["why_not"])) == ([], True)


def test_a_step_out_of_turn_is_a_matter_of_state(started):
    status, answer = started.do("review", "township", outcome="passed")
    assert refusal(status, answer) == (409, "state")
    assert refusal(*started.do("start")) == (409, "state")
    assert refusal(*started.do("close")) == (409, "state")


def test_a_meeting_without_quorum_or_with_wrong_counts_is_refused_by_rule(started):
    started.until("appraisal")
    ids = [row["id"] for row in started.entries()]
    facts = {"held_on": f"{started.world.day}", "venue": "村委会", "chair": "李建国", "representatives": 38}
    few = [{"entry": pk, "in_favour": 10} for pk in ids]
    status, answer = started.do("meeting", **facts, present=10, votes=few)
    assert (refusal(status, answer), "法定人数" in answer["message"]) == ((422, "refused"), True)
    status, answer = started.do("meeting", **facts, present=30, votes=few)
    assert refusal(status, answer) == (422, "refused")
    assert set(answer["fields"]) == {f"entries.{pk}" for pk in ids}
    status, answer = started.do("meeting", **facts, present=30, votes=[*few, few[0]])
    assert list(answer["fields"]) == ["entry"]
    status, answer = started.do("meeting", **facts, present="30", votes=few)
    assert (refusal(status, answer), list(answer["fields"])) == ((400, "invalid"), ["present"])


def test_who_acted_at_one_level_does_not_review(started):
    factories.posting(started.world.cadre, Role.TOWNSHIP_OFFICER)
    started.until("township_review")
    status, answer = started.do("review", "village", outcome="passed")
    assert refusal(status, answer) == (422, "refused")
    assert "其他人员" in answer["message"]


def test_a_review_returns_a_list_with_a_reason(started):
    started.until("township_review")
    status, answer = started.do("review", "township", outcome="returned")
    assert refusal(status, answer) == (422, "refused")
    answer = started.must("review", "township", outcome="returned", remark="两户收入依据不足，请重新核实")
    assert (answer["round"], answer["steps"][0]["state"]) == (2, "current")
    records = [record for step in answer["steps"] for record in step["records"]]
    assert [record["remark"] for record in records if record["outcome"] == "returned"]


def test_one_household_is_taken_out_and_the_others_go_on(started):
    first, *others = started.entries()
    path = f"entries/{first['id']}/out"
    assert refusal(*started.do(path)) == (400, "invalid")
    started.must(path, reason="户主提出暂不退出", stay_reason="02")
    assert [row["id"] for row in started.entries()] == [row["id"] for row in others]
    [out] = started.entries("out")
    assert (out["reason"], out["state"]) == ("户主提出暂不退出", "out")
    assert refusal(*started.do(path, reason="再取消一次")) == (409, "state")


def test_households_are_added_only_where_they_may_stand(office):
    office.draft(source="chosen", households=[office.world.households[0].pk])
    found = office.clients["village"].get(f"/api/v1/batches/{office.batch['id']}/candidates/").json()["results"]
    assert [row["id"] for row in found] == [row.pk for row in office.world.households[1:]]
    assert office.must("add", households=[found[0]["id"]])["households"] == 2
    foreign = factories.household(factories.NEXT_VILLAGE, members=1)
    assert refusal(*office.do("add", households=[foreign.pk])) == (422, "refused")
    assert office.draft(source="eligible")[0] == 409


def test_a_stranger_finds_no_list_and_a_reader_changes_none(started):
    path = f"/api/v1/batches/{started.batch['id']}/"
    stranger = calling(factories.posted(Role.TOWNSHIP_OFFICER, factories.OTHER_TOWNSHIP))
    leader = calling(factories.posted(Role.COUNTY_LEADER))
    assert leader.get(path).status_code == 200
    for code in ("stop", "complete", "results"):
        for client, wanted in ((stranger, (404, "not_found")), (leader, FORBIDDEN)):
            response = client.post(f"{path}{code}/", {"reason": "无"}, format="json")
            assert refusal(response.status_code, response.json()) == wanted
    assert stranger.get(f"{path}entries/").status_code == 404
    entry = started.entries()[0]["id"]
    other = rows.batch(factories.household(factories.NEXT_VILLAGE, members=1))
    path = f"/api/v1/batches/{other.pk}/entries/{entry}/out/"
    assert calling(started.world.zhen).post(path, {"reason": "别的名单"}, format="json").status_code == 404


def test_a_paper_is_checked_shown_and_taken_off(started):
    assert refusal(*started.do("paper", kind="minutes")) == (415, "unsupported_media_type")
    bad = picture()
    bad.name = "photo.jpg"
    bad.file.seek(0)
    bad.file.truncate(4)
    assert refusal(*started.do("paper", form="multipart", kind="minutes", file=bad))[0] == 422
    assert refusal(*started.do("paper", form="multipart", kind="poem", file=picture())) == (400, "invalid")
    answer = started.do("paper", form="multipart", kind="minutes", file=picture())[1]
    [paper] = started.step()["papers"]
    path = f"papers/{paper['id']}"
    shown = started.clients["county"].get(f"/api/v1/batches/{answer['id']}/{path}/")
    assert b"".join(shown.streaming_content).startswith(b"\xff\xd8\xff")
    started.must(f"{path}/remove", reason="传错了")
    assert started.step()["papers"] == []


def test_an_objection_is_taken_handled_and_holds_up_the_notice(started):
    started.until("notice")
    started.must("post", board="村委会公示栏")
    started.supply()
    notice = Notice.objects.get(batch=started.batch["id"])
    world, village, township = started.world, started.clients["village"], started.clients["township"]
    checker = calling(world.checker)

    def send(client: Any, path: str, **facts: Any) -> tuple[int, dict[str, Any]]:
        with world.at():
            response = client.post(f"/api/v1/objections/{path}", facts, format="json")
        return response.status_code, response.json()

    facts = {"notice": notice.pk, "channel": "phone", "name": "周大山", "phone": "13800005678", "line": 1}
    assert refusal(*send(village, "", **facts, text="太短")) == (422, "refused")
    status, answer = send(village, "", **facts, text="这户人家在县城买了商品房，应当再核实。")
    assert (status, len(answer["tracking_no"]), answer["name"]) == (201, 19, "")
    path = f"{answer['id']}/"
    assert refusal(*send(village, f"{path}assign/", to=world.checker.pk)) == FORBIDDEN
    assert refusal(*send(township, f"{path}decide/", decision="rejected", reason="查无此事")) == (409, "state")
    stranger = factories.posted(Role.VILLAGE_CADRE, factories.NEXT_VILLAGE)
    assert refusal(*send(township, f"{path}assign/", to=stranger.pk)) == (404, "not_found")
    status, answer = send(township, f"{path}assign/", to=world.checker.pk)
    assert (status, answer["state"], answer["assigned_to"]) == (200, "assigned", world.checker.pk)
    assert send(checker, f"{path}investigate/", text="到房管部门查询，没有登记。")[0] == 200
    world.day = notice.ends_on + timedelta(days=1)
    started.photograph("village")
    status, answer = started.do("close")
    assert (refusal(status, answer), "异议" in answer["message"]) == ((422, "refused"), True)
    status, answer = send(township, f"{path}decide/", decision="rejected", reason="查无房产登记")
    assert (status, answer["allowed"][0]) == (200, "answer")
    assert send(township, f"{path}answer/", answer="经查没有房产登记，异议不成立。")[0] == 200
    assert send(township, f"{path}unmask/", reason="回访提出人")[1] == {"name": "周大山", "phone": "13800005678"}
    started.must("close")


def test_an_application_is_noted_visited_and_closed(db):
    world = World(1, kind="monitor_in")
    client = calling(world.cadre)
    facts = {"household": world.households[0].pk, "kind": "monitor_in", "year": 2020, "reason": "因病支出大"}

    def send(path: str, **given: Any) -> tuple[int, dict[str, Any]]:
        with world.at():
            response = client.post(f"/api/v1/applications/{path}", given, format="json")
        return response.status_code, response.json()

    day = f"{world.day}"
    assert refusal(*send("", **facts, applied_on=day)) == (422, "refused")
    status, answer = send("", **facts, applied_on=day, authorised_on=day)
    assert (status, answer["state"]) == (201, "open")
    assert refusal(*send("", **facts, applied_on=day, authorised_on=day)) == (409, "state")
    path = f"{answer['id']}/"
    one = [{"name": "甲", "signed_on": day}]
    visit = {"surveyed_on": day, "finding": "meets", "household_signed": True}
    assert refusal(*send(f"{path}survey/", **visit, surveyors=one)) == (422, "refused")
    status, answer = send(f"{path}survey/", **visit, surveyors=[*one, {"name": "乙", "signed_on": day}])
    assert [len(each["surveyors"]) for each in answer["surveys"]] == [2]
    assert send(f"{path}close/", state="withdrawn", reason="本人撤回")[1]["state"] == "withdrawn"
    assert refusal(*send(f"{path}close/", state="declined", reason="再办一次")) == (409, "state")
    stranger = calling(factories.posted(Role.VILLAGE_CADRE, factories.NEXT_VILLAGE))
    assert stranger.get(f"/api/v1/applications/{path}").status_code == 404


def test_a_county_sets_windows_and_quotas(as_role):
    county, township = as_role(Role.COUNTY_OFFICER), as_role(Role.TOWNSHIP_OFFICER)
    window = {"function": "drafting", "place": factories.COUNTY, "opens_on": "2020-10-01", "closes_on": "2020-12-31"}
    response = county.post("/api/v1/windows/", {**window, "reason": "年度动态调整通知"}, format="json")
    assert (response.status_code, response.json()["kind"]) == (201, "")
    wrong = {**window, "closes_on": "2020-09-30", "reason": "年度动态调整通知"}
    assert county.post("/api/v1/windows/", wrong, format="json").status_code == 422
    path = f"/api/v1/windows/{response.json()['id']}/withdraw/"
    assert township.post(path, {"reason": "通知作废"}, format="json").status_code == 403
    assert county.post(path, {"reason": "通知作废"}, format="json").json()["withdrawn_at"]
    factories.place(factories.TOWNSHIP)
    given = {"place": factories.COUNTY, "year": 2020, "given": 1000}
    row = county.post("/api/v1/quotas/", given, format="json").json()
    parts = [{"place": factories.TOWNSHIP, "given": 1100}]
    path = f"/api/v1/quotas/{row['id']}/"
    assert county.post(f"{path}divide/", {"parts": parts}, format="json").status_code == 422
    parts[0]["given"] = 1000
    assert county.post(f"{path}divide/", {"parts": parts}, format="json").status_code == 200
    assert county.post(f"{path}confirm/").json()["confirmed_on"] == f"{clock.today()}"
    assert [row["amount"] for row in township.get("/api/v1/quotas/").json()["results"]] == [1000]


def test_a_county_posts_reviews_and_approves_many_lists_at_once(started):
    started.until("notice")
    place = {"kind": "exit", "year": factories.YEAR, "place": factories.COUNTY}
    county, township = started.clients["county"], started.clients["township"]

    def send(client: Any, path: str, **facts: Any) -> tuple[int, dict[str, Any]]:
        with started.world.at():
            response = client.post(f"/api/v1/batches/{path}/", facts, format="json")
        return response.status_code, response.json()

    status, answer = send(county, "post-all", **place, board="村务公开栏")
    assert (status, Job.objects.get(pk=answer["job"]).expected) == (202, 1)
    assert refusal(*send(township, "post-all", **place, board="村务公开栏")) == (404, "not_found")
    pk = started.batch["id"]
    status, answer = send(township, "review-many", batches=[pk, 10**9], kind="township_review")
    assert (status, [each["batch"] for each in answer]) == (200, [pk])
    assert "步骤" in answer[0]["refused"]
    assert refusal(*send(township, "approve-many", batches=[pk], place=factories.COUNTY)) == FORBIDDEN
    status, answer = send(county, "approve-many", batches=[pk], place=factories.COUNTY)
    assert (status, Job.objects.get(pk=answer["job"]).params["batches"]) == (202, [pk])
    assert refusal(*send(county, "approve-many", batches=[10**9], place=factories.COUNTY)) == (422, "refused")


def test_who_stays_is_listed_with_a_reason_and_noted(started):
    out = started.entries()[0]
    started.must(f"entries/{out['id']}/out", reason="户主提出暂不退出")
    path = f"/api/v1/batches/{started.batch['id']}/stayers/"
    [stayer] = started.clients["village"].get(path).json()
    assert (stayer["household"], stayer["reason"]) == (out["household"], "")
    reasons = [{"household": out["household"], "reason": "02", "note": "收入不稳定"}]
    started.must("stay", reasons=reasons)
    assert started.clients["village"].get(path).json()[0]["reason"] == "02"
    assert refusal(*started.do("stay", reasons=[{**reasons[0], "reason": "zz"}])) == (422, "refused")


def test_a_county_makes_its_own_version_of_a_template(as_role):
    county = as_role(Role.COUNTY_OFFICER)
    template = ProcedureTemplate.objects.filter(kind="exit", place=None, is_default=True).get()
    notice = template.steps.filter(kind="notice").first()
    path = f"/api/v1/templates/{template.pk}/"
    steps = [{"code": notice.code, "days": notice.min_days + 3}]
    facts = {"place": factories.COUNTY, "source": "县发〔2020〕3号", "steps": steps}
    response = county.post(f"{path}revise/", facts, format="json")
    assert (response.status_code, response.json()["place"], response.json()["version"]) == (201, factories.COUNTY, 1)
    own = response.json()["id"]
    short = {**facts, "steps": [{"code": notice.code, "days": notice.min_days - 1}]}
    assert county.post(f"{path}revise/", short, format="json").status_code == 422
    assert county.post(f"{path}retire/").status_code == 422
    assert county.post(f"/api/v1/templates/{own}/retire/").json()["is_active"] is False
    assert as_role(Role.TOWNSHIP_OFFICER).post(f"{path}revise/", facts, format="json").status_code == 403
    stranger = as_role(Role.COUNTY_OFFICER, factories.OTHER_COUNTY)
    assert stranger.post(f"/api/v1/templates/{own}/retire/").status_code == 404
    assert stranger.post(f"{path}revise/", facts, format="json").status_code == 404
