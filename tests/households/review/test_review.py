"""分类管理: assessments, decisions and what runs on, list, progress, sheet, API, history."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone

from households.history.selectors import household_history
from households.models import Review, SupportDecision
from households.review import selectors, services
from households.review.lists import PROGRESS, REVIEWS
from households.sheets.exports import Export, export_sheet
from households.sheets.layouts import LAYOUTS
from povreg.kit.stale import Conflict
from tests import factories
from tests.households.sheets.sheetbooks import cells_of, codes, counted, import_file, run
from villages.rights import Role

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
YEAR = TODAY.year
FACTS = {
    "economy": "stable", "ability": "able", "evidence": "两人务工", "assessors": "王立新、李建国", "assessed_on": TODAY,
    "proposal": "end",
}  # fmt: skip


@pytest.fixture
def former():
    return factories.household(members=1, exit_status="1", exit_year=2018)


@pytest.fixture
def cadre():
    return factories.posted(Role.VILLAGE_CADRE)


@pytest.fixture
def officer():
    return factories.posted(Role.COUNTY_OFFICER)


def assess(by: Any, household: Any, **facts: Any) -> Review:
    return services.record_review(by=by, household=household, year=facts.pop("year", YEAR), **FACTS | facts)


def decide(by: Any, household: Any, **facts: Any) -> SupportDecision:
    given = {"outcome": "end", "document": "开农函〔2026〕1号", "decided_on": TODAY, "since": TODAY, "policies": {}}
    return services.decide_support(by=by, household=household, **given | facts)


# The assessment.


def test_an_assessment_is_noted_changed_and_told_in_the_history(cadre, former):
    row = assess(cadre, former)
    again = assess(cadre, former, version=row.version, economy="weak", proposal="go_on")
    assert (Review.objects.get().economy, again.version) == ("weak", 2)
    told = [str(each.text) if hasattr(each, "text") else str(each) for each in household_history(cadre, former, 10)]
    assert any("综合评估" in text for text in told)


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        ({"year": 2025}, "2026 年开始"),
        ({"assessed_on": TODAY + timedelta(days=1)}, "不晚于今天"),
        ({"assessed_on": date(2025, 12, 31)}, "年内"),
        ({"evidence": " "}, "评估依据不能为空"),
    ],
)
def test_what_an_assessment_may_not_say(cadre, former, facts, message):
    with pytest.raises(ValidationError, match=message):
        assess(cadre, former, **facts)


def test_only_former_poor_households_are_assessed(cadre):
    with pytest.raises(ValidationError, match="不是脱贫户"):
        assess(cadre, factories.ordinary(members=1))


def test_who_was_slower_hears_of_it(cadre, former):
    assess(cadre, former)
    assess(cadre, former, version=1)
    with pytest.raises(Conflict):
        assess(cadre, former, version=1)


# The decision.


def test_a_decision_leaves_dated_policies_and_closes_the_assessment(officer, cadre, former):
    assess(cadre, former)
    made = decide(officer, former, policies={"05": TODAY + timedelta(days=200), "06": None})
    assert [(each.policy, each.until) for each in made.policies.all()] == [
        ("05", TODAY + timedelta(days=200)),
        ("06", None),
    ]
    with pytest.raises(ValidationError, match="已按这次评估作出决定"):
        assess(cadre, former, economy="weak")


def test_the_next_decision_ends_the_one_before_and_can_be_taken_back(officer, cadre, former):
    assess(cadre, former)
    first = decide(officer, former)
    second = decide(officer, former, outcome="go_on", since=TODAY + timedelta(days=30), policies={"05": None})
    first.refresh_from_db()
    assert first.until == second.since
    with pytest.raises(ValidationError, match="不能撤回"):
        services.withdraw_support(by=officer, decision=first, reason="登错")
    services.withdraw_support(by=officer, decision=second, reason="登错")
    first.refresh_from_db()
    assert first.until is None
    with pytest.raises(ValidationError, match="原因"):
        services.withdraw_support(by=officer, decision=first, reason=" ")


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        ({"document": " "}, "文件号"),
        ({"decided_on": TODAY - timedelta(days=3)}, "评估日期"),
        ({"since": TODAY - timedelta(days=1)}, "不能早于决定日期"),
        ({"outcome": "go_on"}, "至少勾选一项"),
        ({"policies": {"77": None}}, "没有这项政策"),
        ({"policies": {"05": TODAY}}, "晚于执行日期"),
    ],
)
def test_what_a_decision_may_not_say(officer, cadre, former, facts, message):
    assess(cadre, former)
    with pytest.raises(ValidationError, match=message):
        decide(officer, former, **facts)


def test_the_county_office_alone_decides_and_on_an_assessment(officer, cadre, former):
    with pytest.raises(ValidationError, match="还没有综合评估"):
        decide(officer, former)
    assess(cadre, former)
    for role in (Role.VILLAGE_CADRE, Role.TOWNSHIP_OFFICER, Role.COUNTY_LEADER):
        with pytest.raises(PermissionDenied):
            decide(factories.posted(role), former)


# Lists and pages.


def rows_of(listing: Any, user: Any, **given: str) -> list[Any]:
    rows = list(listing.filtered(user, given).qs)
    listing.fetch(rows, user)
    return rows


def test_the_list_tells_who_is_without(officer, former):
    factories.ordinary(members=1)
    factories.household(members=1)
    there = factories.review().household
    done = factories.support().household
    found = {
        state: [row.pk for row in rows_of(REVIEWS, officer, state=state)]
        for state in ("without", "assessed", "decided")
    }
    assert found == {"without": [former.pk], "assessed": [there.pk], "decided": [done.pk]}
    assert len(rows_of(REVIEWS, officer)) == 3
    assert [row.pk for row in rows_of(REVIEWS, officer, proposal="go_on")] == []


def test_progress_counts_by_township_and_village(officer, former):
    factories.review()
    factories.support()
    for level, code in (("4", factories.TOWNSHIP), ("5", factories.VILLAGE)):
        row = next(row for row in rows_of(PROGRESS, officer, level=level) if row.pk == code)
        assert (row.due, row.assessed, row.without, row.to_end, row.to_go_on, row.decided) == (3, 2, 1, 2, 0, 1)
    assert selectors.current_year() >= 2026


def test_a_cadre_notes_it_on_the_page_and_the_office_decides(cadre, officer, former):
    client = Client()
    client.force_login(cadre)
    typed = FACTS | {"assessed_on": TODAY.isoformat(), "version": 0}
    assert client.post(f"/reviews/household/{former.pk}/", typed).status_code == 302
    assert client.post(f"/reviews/household/{former.pk}/", typed | {"evidence": "", "version": 1}).status_code == 422
    shown = client.get(f"/households/{former.pk}/review/").content.decode()
    assert "两人务工" in shown
    assert "登记决定" not in shown
    assert client.get(f"/reviews/household/{former.pk}/decision/").status_code == 403
    client.force_login(officer)
    assert "登记决定" in client.get(f"/households/{former.pk}/review/").content.decode()
    decision = {
        "outcome": "go_on", "document": "开农函2号", "decided_on": TODAY.isoformat(), "since": TODAY.isoformat(),
        "policies": ["06"], "until_05": (TODAY + timedelta(days=90)).isoformat(),
    }  # fmt: skip
    assert client.post(f"/reviews/household/{former.pk}/decision/", decision).status_code == 302
    made = SupportDecision.objects.get()
    assert {each.policy for each in made.policies.all()} == {"05", "06"}
    page = client.get(f"/households/{former.pk}/review/").content.decode()
    assert "教育帮扶（至" in page
    assert client.post(f"/reviews/decision/{made.pk}/withdraw/", {"reason": "登错"}).status_code == 302
    assert SupportDecision.objects.get().withdrawn_on == TODAY


def test_the_api_says_and_takes_the_same(officer, former):
    client = Client()
    client.force_login(officer)
    body = FACTS | {"assessed_on": TODAY.isoformat()}
    answer = client.post(f"/api/v1/reviews/{former.pk}/assess/", body, content_type="application/json")
    assert (answer.status_code, answer.json()["economy"]) == (200, "stable")
    refused = client.post(
        f"/api/v1/reviews/{former.pk}/assess/", body | {"economy": "rich"}, content_type="application/json"
    )
    assert refused.status_code == 400
    decision = {"outcome": "end", "document": "开农函3号", "decided_on": TODAY.isoformat(), "since": TODAY.isoformat(),
                "policies": [{"policy": "05", "until": None}]}  # fmt: skip
    answer = client.post(f"/api/v1/reviews/{former.pk}/decide/", decision, content_type="application/json")
    assert (answer.status_code, answer.json()["policies"]) == (201, [{"policy": "05", "until": None}])
    [row] = client.get("/api/v1/reviews/?state=decided").json()["results"]
    assert (row["id"], row["proposal"]) == (former.pk, "有序退出帮扶")


# The sheet.


def sheet_row(household: Any, **cells: Any) -> dict[str, Any]:
    return {
        "年度": YEAR, "户编号": household.household_no, "经济状况": "稳定较好", "发展能力": "有发展能力",
        "评估依据": "两人务工", "评估人": "王立新", "评估日期": TODAY.isoformat(), "建议": "有序退出帮扶", **cells,
    }  # fmt: skip


def test_a_sheet_of_assessments_is_taken_and_comes_back_unchanged(tmp_path, former):
    book = tmp_path / "book.xlsx"
    assert counted(run(book, [sheet_row(former)], "review")) == (1, 1, 0, 0, 0)
    assert counted(run(book, [sheet_row(former, 经济状况="困难")], "review")) == (1, 0, 1, 0, 0)
    export_sheet(Export(LAYOUTS["review"], factories.place(factories.COUNTY), YEAR), tmp_path / "out.xlsx")
    assert cells_of(tmp_path / "out.xlsx")[0]["经济状况"] == "困难"
    assert counted(import_file(tmp_path / "out.xlsx", "review")) == (1, 0, 0, 1, 0)


def test_a_sheet_is_refused_what_the_verb_refuses(tmp_path, former):
    decided = factories.support().household
    rows = [
        sheet_row(former, 建议="再看看"), sheet_row(factories.ordinary(members=1)), sheet_row(decided),
        sheet_row(former, 评估日期="2024-01-01"), sheet_row(former, 评估依据=None), sheet_row(former, 户编号="X"),
    ]  # fmt: skip
    outcome = run(tmp_path / "book.xlsx", rows, "review")
    assert [code for _row, code in codes(outcome)] == [
        "unknown_code", "check", "check", "duplicate_person", "required", "unknown_household",
    ]  # fmt: skip
