"""Plans: the path by labour and will, needs first, measures for every risk, plan against result."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone

from assistance.needs.services import record_needs
from assistance.plans import selectors, services
from assistance.plans.path import Facts, facts_of, propose
from assistance.plans.services import Aims
from tests import factories as make
from tests.factories_assistance import GRAIN, WATER, catalogue_item, measure, plan, plan_line, survey
from villages.rights import Role

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate
AIMS = Aims("job", "有 1 个劳动力，本人愿意务工。", target="两人务工八个月以上")


@pytest.mark.parametrize(
    ("facts", "path", "others"),
    [
        (Facts(0, 0, 0, [], ["industry"]), "backstop", ()),  # whatever it wants
        (Facts(0, 0, 0, [], ["shares"]), "backstop", ("shares",)),
        (Facts(0, 1, 0, [], ["job"]), "shares", ()),
        (Facts(2, 0, 0, [], ["industry"]), "industry", ()),
        (Facts(2, 0, 0, [], ["job", "industry"]), "job", ()),
        (Facts(2, 0, 0, [], ["shares"]), "shares", ()),
        (Facts(2, 0, 0, [], []), "job", ()),
        (Facts(1, 0, 1, ["03"], ["job"]), "study", ()),
        (Facts(1, 0, 1, ["01"], ["job"]), "job", ("study",)),
        (Facts(1, 0, 0, ["10"], ["relocation"]), "relocation", ()),
        (Facts(1, 0, 0, ["01"], ["relocation"]), "job", ()),  # where it lives is not the cause
        (Facts(0, 0, 0, ["04"], ["relocation"]), "backstop", ("relocation",)),
    ],
)
def test_the_path_goes_by_labour_and_then_by_will(facts: Facts, path: str, others: tuple[str, ...]) -> None:
    found = propose(facts)
    assert (found.path, found.others) == (path, others)
    assert found.reason.endswith("。")


def test_the_facts_of_the_path_are_those_of_the_people_who_live_there() -> None:
    household = make.household(members=3, main_cause="03")
    first, second, third = household.members.order_by("person_no")
    for person, labour, school in ((first, "01", "01"), (second, "05", "01"), (third, "04", "08")):
        person.labour, person.school_status = labour, school
        person.save()
    assert facts_of(household, survey(household)) == Facts(1, 1, 1, ["03"], ["job"])


def test_needs_come_first_and_a_year_has_one_plan() -> None:
    helper, household = make.posted(Role.HELPER), make.household()
    facts: dict[str, Any] = {"by": helper, "household": household, "year": TODAY().year, "aims": AIMS}
    with pytest.raises(ValidationError, match="需求"):
        services.draw_plan(**facts)
    with pytest.raises(ValidationError):
        record_needs(by=helper, household=household, surveyed_on=TODAY(), needs=[])
    with pytest.raises(ValidationError):
        record_needs(by=helper, household=household, surveyed_on=TODAY() + timedelta(days=1), needs=["job"])
    asked = record_needs(by=helper, household=household, surveyed_on=TODAY(), needs=["job"], will=["job"])
    row = services.draw_plan(**facts)
    assert row.survey == asked
    with pytest.raises(ValidationError, match="已有"):
        services.draw_plan(**facts)
    for more in ({"year": TODAY().year + 2}, {"aims": Aims("job", "短")}, {"aims": Aims("walk", "有人愿意走。")}):
        with pytest.raises(ValidationError):
            services.draw_plan(**{**facts, "household": household, **more})
    for nobody in (Role.AUDITOR, Role.DEPARTMENT_OFFICER):
        with pytest.raises(PermissionDenied):
            services.draw_plan(**{**facts, "by": make.posted(nobody)})


def test_a_plan_is_agreed_once_every_risk_is_answered_and_the_able_can_earn() -> None:
    helper, household = make.posted(Role.HELPER), make.household(members=2)
    household.members.update(labour="01")
    row = plan(household, risks=["05"])
    facts: dict[str, Any] = {"by": helper, "plan": row, "due_on": date(row.year, 12, 31)}
    assert services.lacking(row) == ["计划里还没有措施，请至少加一项。"]
    line = services.add_line(**facts, item=catalogue_item(GRAIN))
    assert "饮水" in services.lacking(row)[0]
    services.drop_line(by=helper, line=line)
    services.add_line(**facts, item=catalogue_item(WATER))
    assert "开发式" in services.lacking(row)[0]
    with pytest.raises(ValidationError, match="开发式"):
        services.agree_plan(by=helper, plan=row, agreed_on=TODAY())
    household.members.update(labour="04")  # nobody can work: nothing to develop
    assert services.lacking(row) == []
    household.members.update(labour="01")
    services.add_line(**facts, item=catalogue_item(GRAIN))
    for more in (
        {"item": catalogue_item(GRAIN)},
        {"item": catalogue_item("110102"), "due_on": date(row.year + 1, 1, 1)},
    ):
        with pytest.raises(ValidationError):
            services.add_line(**{**facts, **more})
    with pytest.raises(ValidationError, match="商定日期"):
        services.agree_plan(by=helper, plan=row, agreed_on=TODAY() + timedelta(days=1))
    services.agree_plan(by=helper, plan=row, agreed_on=TODAY())
    with pytest.raises(ValidationError, match="商定"):
        services.add_line(**facts, item=catalogue_item("110102"))
    with pytest.raises(ValidationError):
        services.reopen_plan(by=helper, plan=row, reason="改")
    assert services.reopen_plan(by=helper, plan=row, reason="增加一项措施").state == "draft"


def test_the_plan_stands_beside_what_was_delivered() -> None:
    household = make.household()
    row = plan(household, year=2020, drawn_on=date(2020, 1, 9))
    plan_line(row, GRAIN, amount=600)
    plan_line(row, WATER)
    measure(household, GRAIN, amount=300)
    measure(household, GRAIN, amount=400)
    measure(household, GRAIN, delivered_on=date(2019, 5, 1))  # another year
    measure(household, WATER, withdrawn_on=date(2020, 7, 1), withdrawn_reason="登记错了")
    found = {each.row.item.code: (each.state, each.delivered, each.amount) for each in selectors.lines_of(row)}
    assert found == {GRAIN: ("已落实", 2, 700), WATER: ("逾期未落实", 0, 0)}
    listed = selectors.plans(make.posted(Role.COUNTY_OFFICER)).get()
    assert (listed.lines_count, listed.done_count) == (2, 1)  # type: ignore[attr-defined]


def test_who_must_have_a_plan_is_listed_with_the_days_left() -> None:
    officer = make.posted(Role.COUNTY_OFFICER)
    watched, agreed, out = make.household(), make.household(), make.household(exit_status="1")
    taken_in = TODAY() - timedelta(days=4)
    for each in (watched, agreed):
        make.restand(each, monitor_type="2", risks=["01"], risk_identified_on=taken_in, risk_cleared=False)
    plan(agreed, state="agreed", agreed_on=TODAY())
    plan(watched)  # still being drawn
    found = list(selectors.without_plan(officer))
    assert watched in found
    assert agreed not in found
    assert out not in found
    row = next(each for each in found if each == watched)
    assert selectors.days_words(row) == ("还有 6 天" if taken_in.year == TODAY().year else selectors.days_words(row))


def test_a_helper_draws_a_plan_on_the_pages(client: Client) -> None:
    helper, household = make.posted(Role.HELPER), make.household(members=2)
    household.members.update(labour="01")
    make.pairing(household, helper)
    client.force_login(helper)
    year, today = TODAY().year, TODAY().isoformat()
    assert "登记需求" in client.get(f"/households/{household.pk}/plan/?year={year}").content.decode()
    client.post(f"/plans/needs/{household.pk}/", {"surveyed_on": today, "needs": ["job"], "will": ["industry"]})
    text = client.get(f"/plans/new/{household.pk}/").content.decode()
    assert "本人愿意发展产业" in text
    sent = {"year": year, "path": "industry", "path_reason": "有两个劳动力，愿意种菜。", "target": "种菜五亩"}
    answer = client.post(f"/plans/new/{household.pk}/", sent)
    address = answer["Location"]
    line = {"item": catalogue_item().pk, "due_on": f"{year}-12-31", "amount": "600"}
    assert client.post(f"{address}measures/", line).status_code == 302
    client.post(f"{address}agree/", {"agreed_on": today})
    text = client.get(f"/households/{household.pk}/plan/?year={year}").content.decode()
    assert "已商定" in text
    assert "粮油种植奖补" in text
