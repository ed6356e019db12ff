"""The way of a project from a village's proposal to its announcement, by other hands at each step."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assistance.funds.ledger.services import allocate
from assistance.funds.notices.services import close_notice, post_project
from assistance.funds.projects.services import WrongState, propose_project, take_step
from tests import factories
from tests.assistance import moneyed
from villages.rights import Role

pytestmark = pytest.mark.django_db
FACTS = {
    "year": 2026, "name": "饮水管网", "category": "water", "content": "铺设管网", "budget": Decimal("20000"),
    "supervisor": "区水利局", "households_meant": 5, "people_meant": 12,
}  # fmt: skip


@pytest.fixture
def people():
    roles = {"cun": Role.VILLAGE_CADRE, "zhen": Role.TOWNSHIP_OFFICER, "xian": Role.COUNTY_OFFICER}
    return {name: factories.posted(role) for name, role in roles.items()}


def test_a_project_goes_its_whole_way(people, monkeypatch):
    cun, zhen, xian = people["cun"], people["zhen"], people["xian"]
    row = propose_project(by=cun, place=factories.place(), on=date(2026, 9, 1), **FACTS)
    take_step(by=zhen, project=row, code="review", on=date(2026, 9, 3), note="同意")
    take_step(by=xian, project=row, code="approve", on=date(2026, 9, 5), document="审1号")
    enlist = {"by": xian, "project": row, "code": "enlist", "on": date(2026, 9, 20), "document": "库1号"}
    with pytest.raises(ValidationError, match="事前公示"):
        take_step(**enlist)
    with pytest.raises(ValidationError, match="至少 10 天"):
        post_project(by=cun, project=row, stage="before", board="村务栏", posted_on=date(2026, 9, 6), days=9)
    hung = post_project(by=cun, project=row, stage="before", board="村务栏", posted_on=date(2026, 9, 6))
    assert Client().get(reverse("public-project", args=[hung.token])).status_code == 200
    assert hung.content["项目名称"] in Client().get(f"/gongshi/{factories.VILLAGE}/").content.decode()
    with pytest.raises(ValidationError, match="第二天起"):
        close_notice(by=cun, notice=hung, on=date(2026, 9, 16))
    close_notice(by=cun, notice=hung, on=date(2026, 9, 17))
    take_step(**enlist)
    plan = {"by": xian, "project": row, "code": "plan", "on": date(2026, 9, 25), "document": "计1号"}
    with pytest.raises(ValidationError, match="还没有安排资金"):
        take_step(**plan)
    give = {"amount": Decimal("20000"), "document": "下1号", "on": date(2026, 9, 24)}
    allocate(by=xian, source=moneyed.source(), project=row, **give)
    take_step(**plan)
    take_step(by=zhen, project=row, code="start", on=date(2026, 10, 1), contractor="某公司")
    take_step(by=zhen, project=row, code="finish", on=date(2026, 11, 1), note="完工")
    done = take_step(by=xian, project=row, code="accept", on=date(2026, 11, 5), document="验1号", note="合格")
    after = post_project(by=cun, project=done, stage="after", board="村务栏", posted_on=date(2026, 11, 6))
    assert "财农" in after.content["资金来源"]
    assert done.contractor == "某公司"
    assert done.steps.count() == 8


def test_nobody_decides_on_his_own_proposal_and_steps_keep_their_order(people):
    zhen, xian = people["zhen"], people["xian"]
    row = propose_project(by=zhen, place=factories.place(), on=date(2026, 9, 1), **FACTS)
    step = {"project": row, "on": date(2026, 9, 2)}
    with pytest.raises(ValidationError, match="由其他人审核"):
        take_step(by=zhen, code="review", note="同意", **step)
    with pytest.raises(WrongState, match="村级申报"):
        take_step(by=xian, code="approve", document="审1号", **step)
    with pytest.raises(PermissionDenied):
        take_step(by=people["cun"], code="review", note="同意", **step)
    with pytest.raises(ValidationError, match="早于上一步"):
        take_step(
            by=factories.posted(Role.TOWNSHIP_OFFICER), code="review", note="同意", project=row, on=date(2026, 8, 1)
        )


def test_a_forbidden_use_is_answered_or_goes_nowhere(people):
    facts = FACTS | {"name": "乡政府办公楼维修", "category": "other"}
    with pytest.raises(ValidationError, match="修建楼堂馆所"):
        propose_project(by=people["cun"], place=factories.place(), **facts)
    row = propose_project(by=people["cun"], place=factories.place(), allowed_because="是村卫生室", **facts)
    today = timezone.localdate()
    back = take_step(by=people["zhen"], project=row, code="return", on=today, note="禁止", forbidden="building")
    assert (back.state, back.forbidden) == ("returned", "building")


def test_the_page_offers_what_may_be_done_and_keeps_what_was_refused(people):
    row = moneyed.project()
    page = Client()
    page.force_login(people["zhen"])
    shown = page.get(reverse("project", args=[row.pk])).content.decode()
    assert "审核通过" in shown and "审定" not in shown
    answer = page.post(reverse("project-act", args=[row.pk, "review"]), {"on": "2026-03-05", "note": ""})
    assert answer.status_code == 422
    answer = page.post(
        reverse("project-act", args=[row.pk, "review"]), {"on": "2026-03-05", "note": "同意"}, follow=True
    )
    assert "乡镇已审核" in answer.content.decode()


def test_the_county_sees_where_the_money_lies_and_the_household_what_it_got(people):
    household = factories.household(members=2)
    given_to = moneyed.allocation()
    moneyed.payment(household, allocation=given_to, item="春季奖补", amount=Decimal("345.67"))
    page = Client()
    page.force_login(people["xian"])
    assert "30,000" in page.get(f"{reverse('fund-spread')}?year=2026&place={factories.TOWNSHIP}").content.decode()
    assert "345.67" in page.get(reverse("household-money", args=[household.pk])).content.decode()
    moneyed.project(state="stopped")
    listed = page.get(f"{reverse('projects')}?place={given_to.project.place_id}&year=2026&station=kept")
    spread = page.get(f"{reverse('fund-spread')}?year=2026&place={factories.TOWNSHIP}").content.decode()
    assert f'place={given_to.project.place_id}&amp;year=2026&amp;station=kept">1</a>' in spread
    assert listed.context["list"].count == 1
    reader = Client()
    reader.force_login(factories.posted(Role.DEPARTMENT_OFFICER))
    shown = reader.get(reverse("projects")).content.decode()
    assert given_to.project.name in shown and "资金来源" in shown
