"""Applications before any list: noted, surveyed by two, declined or withdrawn; seen by whoever sees the household."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from households.models import Application, Household, Survey
from tests import factories
from tests.api import rows
from villages.rights import Role

pytestmark = pytest.mark.django_db
LIST = "/procedures/applications/"
NEW = f"{LIST}new/"
DAY = "2020-10-12"
TYPED = {"kind": "monitor_in", "year": 2020, "applied_on": DAY, "reason": "大病支出", "authorised_on": DAY}
VISIT = {
    "do": "survey", "surveyed_on": DAY, "finding": "meets", "household_signed": "on", "read_back": "on",
    "name1": "张三", "signed_on1": DAY, "name2": "李四", "signed_on2": DAY, "representative2": "on",
}  # fmt: skip


def signed_in(role: Role, code: str = "") -> Client:
    client = Client()
    client.force_login(factories.posted(role, code))
    return client


@pytest.fixture
def household(db) -> Household:
    return factories.household(members=2)


@pytest.fixture
def cadre(household) -> Client:
    return signed_in(Role.VILLAGE_CADRE)


@pytest.fixture
def application(household) -> Application:
    return rows.application(household)


def text(answer: Any) -> str:
    return str(answer.content.decode())


def at(row: Application) -> str:
    return f"{LIST}{row.pk}/"


def test_an_application_is_noted_by_the_number_of_the_household(cadre, household):
    answer = cadre.post(NEW, {"household_no": household.household_no, **TYPED})
    row = Application.objects.get()
    assert answer.status_code == 302 and answer.url == at(row)
    assert (row.household, row.by_proxy, row.batch, row.state) == (household, False, None, "open")
    assert "大病支出" in text(cadre.get(at(row)))
    assert [each.row.pk for each in cadre.get(f"{LIST}?year=2020").context["list"].rows] == [row.pk]


def test_an_application_from_the_households_page_on_its_behalf(cadre, household):
    page = text(cadre.get(f"/households/{household.pk}/?year=2020"))
    assert f"{NEW}?household={household.pk}" in page
    there = f"{NEW}?household={household.pk}"
    assert household.household_no in text(cadre.get(there))
    proxy = {"proxy_name": "王强", "proxy_relation": "儿子", "thumbprint": "on"}
    assert cadre.post(there, {"household_no": "别的户", **TYPED, **proxy}).status_code == 302
    row = Application.objects.get()
    assert (row.household, row.proxy_name, row.proxy_relation, row.thumbprint) == (household, "王强", "儿子", True)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"authorised_on": ""}, "承诺授权"),
        ({"reason": ""}, "请填写申请理由"),
        ({"proxy_name": "王强", "proxy_relation": ""}, "与申请人的关系"),
        ({"proxy_name": "王强", "proxy_relation": "儿子"}, "按手印"),
        ({"household_no": "000000"}, "没有找到这个户编号"),
        ({"applied_on": "2090-01-01"}, "还没有到"),
        ({"kind": "exit"}, "没有这个选项"),
    ],
)
def test_a_refused_application_stays_typed(cadre, household, changes, said):
    typed = {"household_no": household.household_no, **TYPED, "proxy_name": "", **changes}
    answer = cadre.post(NEW, typed)
    assert answer.status_code == 422 and said in text(answer)
    assert str(typed["household_no"]) in text(answer) and typed["reason"] in text(answer)
    assert typed["proxy_name"] in text(answer)
    assert not Application.objects.exists()


def test_a_second_application_of_the_kind_is_refused(cadre, application):
    answer = cadre.post(NEW, {"household_no": application.household.household_no, **TYPED})
    assert answer.status_code == 422 and "已有待处理的同类申请" in text(answer)


def test_a_visit_is_noted_with_two_signatures(cadre, application):
    assert cadre.post(at(application), VISIT).status_code == 302
    survey = Survey.objects.get()
    people = survey.surveyors.order_by("pk").values_list("name", "is_representative")
    assert list(people) == [("张三", False), ("李四", True)]
    assert (survey.kind, survey.year, survey.household_signed) == ("monitor_in", 2020, True)
    assert "李四（村民代表）" in text(cadre.get(at(application)))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name2": "", "signed_on2": "", "representative2": ""}, "至少两人"),
        ({"name2": "张三"}, "不能重复"),
        ({"signed_on2": ""}, "请填写签字日期"),
        ({"signed_on2": "2020-10-01"}, "早于调查日期"),
        ({"household_signed": ""}, "须由农户签字"),
        ({"finding": "fails"}, "请写明调查情况"),
    ],
)
def test_a_visit_that_lacks_something_is_refused_and_stays_typed(cadre, application, changes, said):
    typed = {name: value for name, value in (VISIT | changes).items() if value}
    answer = cadre.post(at(application), typed)
    assert answer.status_code == 422 and said in text(answer) and 'value="张三"' in text(answer)
    assert not Survey.objects.exists()


@pytest.mark.parametrize(("state", "word"), [("declined", "不予受理"), ("withdrawn", "已撤回")])
def test_an_application_ends_with_a_reason(cadre, application, state, word):
    bare = cadre.post(at(application), {"do": "close", "state": state, "reason": ""})
    assert bare.status_code == 422 and "请填写原因" in text(bare)
    done = {"do": "close", "state": state, "reason": "户籍不在本村"}
    assert cadre.post(at(application), done).status_code == 302
    page = text(cadre.get(at(application)))
    assert f"{word}：户籍不在本村" in page and 'id="do-close"' not in page
    again = cadre.post(at(application), done)
    assert again.status_code == 422 and "不能再办理" in text(again)


def test_the_list_is_narrowed_by_village_kind_and_state(application):
    county = signed_in(Role.COUNTY_OFFICER)
    other = rows.application(factories.household(factories.NEXT_VILLAGE, members=1), kind="return")

    def found(query: str) -> set[int]:
        return {each.row.pk for each in county.get(f"{LIST}?year=2020{query}").context["list"].rows}

    assert found("") == {application.pk, other.pk}
    assert found(f"&place={factories.NEXT_VILLAGE}") == {other.pk}
    assert found("&kind=monitor_in") == {application.pk}
    assert found("&state=declined") == set()
    assert 'href="/procedures/applications/new/"' not in text(county.get(f"{LIST}?year=2020"))


def test_outside_the_scope_nothing_is_there_and_without_the_right_it_is_refused(application, household):
    stranger = signed_in(Role.VILLAGE_CADRE, factories.NEXT_VILLAGE)
    assert stranger.get(at(application)).status_code == 404
    assert stranger.post(at(application), VISIT).status_code == 404
    assert stranger.get(f"{NEW}?household={household.pk}").status_code == 404
    answer = stranger.post(NEW, {"household_no": household.household_no, **TYPED})
    assert answer.status_code == 422 and "没有找到这个户编号" in text(answer)
    assert stranger.get(f"{LIST}?year=2020").context["list"].rows == []
    leader = signed_in(Role.COUNTY_LEADER)
    assert leader.get(at(application)).status_code == 200
    assert leader.post(at(application), VISIT).status_code == 403
    assert leader.get(NEW).status_code == 403


def test_the_list_asks_the_same_number_of_questions_for_one_and_for_many(cadre, application):
    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            cadre.get(f"{LIST}?year=2020")
        return len(found)

    cadre.get(f"{LIST}?year=2020")
    few = asked()
    for _ in range(8):
        rows.application(factories.household(members=1))
    assert asked() == few
