"""A helper's day: needs and plan on a laptop, the visit with its signature on the phone, the measure with money."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from assistance.models import Measure, Pairing, Plan, Visit
from households.models import Household
from tests import factories
from tests.assistance import moneyed
from tests.browser.test_standing import sign_in
from tests.browser.test_walk import PASSWORD, accessible, fits
from tests.factories_assistance import catalogue_item, survey, visit
from villages.rights import Role

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
YEAR = timezone.localdate().year


@pytest.fixture
def home(db: None) -> Household:
    """A monitored household without safe water that the helper has not seen for long, and one he saw today."""
    helper = factories.user("bangfu", password=PASSWORD, name="郑海")
    factories.posting(helper, Role.HELPER, factories.TOWNSHIP)
    row = factories.household(
        members=3, exit_status="1", monitor_type="1", risks=["05"], risk_cleared=False,
        risk_identified_on=timezone.localdate() - timedelta(days=100),
    )  # fmt: skip
    row.members.update(labour="01")
    seen = factories.household(members=2, exit_status="1")
    for each in (row, seen):
        factories.pairing(each, helper)
    visit(row, helper, visited_on=timezone.localdate() - timedelta(days=95), next_step="饮水修好没有")
    visit(seen, helper)
    return row


def shot(page: Page, screenshots: Path, name: str) -> None:
    page.wait_for_function("() => !document.querySelector('form[data-busy], .htmx-request')")
    page.wait_for_load_state("networkidle")
    fits(page)
    accessible(page)
    width = page.viewport_size["width"]  # type: ignore[index]
    page.screenshot(path=screenshots / f"assistance-{name}-{width}.png", full_page=True)


def test_a_visit_without_a_network_is_kept_and_sent_once(phone: Page, home: Household) -> None:
    page = sign_in(phone, "bangfu")
    page.goto(f"/visits/new/{home.pk}/")
    page.get_by_role("button", name="都没问题").click()
    page.get_by_label("不能签字的原因").fill("家里没人会写字")
    page.context.set_offline(True)
    page.get_by_role("button", name="保存走访").click()
    expect(page.get_by_text("没有网络，已存在这部手机里")).to_be_visible()
    expect(page.locator("#kept-forms")).to_contain_text("有 1 份填好的还没有发出")
    today = Visit.objects.filter(household=home, visited_on=timezone.localdate())
    assert not today.exists()
    page.context.set_offline(False)
    expect(page.locator("#messages")).to_contain_text("已发出")
    assert today.count() == 1
    page.goto("/visits/due/")
    expect(page.locator("#kept-forms")).to_have_count(0)
    assert today.count() == 1


def test_a_visit_on_the_phone_in_a_few_presses(phone: Page, home: Household, screenshots: Path) -> None:
    page = sign_in(phone, "bangfu")
    shot(page, screenshots, "workbench")
    page.goto("/visits/due/")
    shot(page, screenshots, "due")
    page.goto(f"/visits/new/{home.pk}/")
    expect(page.get_by_text("要看：饮水修好没有")).to_be_visible()
    page.get_by_role("button", name="都没问题").click()
    topic = page.locator("fieldset", has_text="饮水").last
    topic.get_by_label("有问题", exact=True).check()
    page.get_by_label("饮水：什么问题").fill("水管冻裂，村里来修")
    expect(page.locator("[data-read-out]")).to_contain_text("饮水：水管冻裂，村里来修")
    box = page.locator("[data-sign-pad]").bounding_box()
    assert box is not None
    page.locator("[data-sign-pad]").scroll_into_view_if_needed()
    box = page.locator("[data-sign-pad]").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 30, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + 160, box["y"] + 110, steps=6)
    page.mouse.up()
    shot(page, screenshots, "log")
    page.get_by_role("button", name="保存走访").click()
    expect(page.locator("#messages")).to_contain_text("线索")
    row = Visit.objects.get(household=home, visited_on=timezone.localdate())
    assert (row.signer, row.water, row.lead is not None) == ("head", "problem", True)
    page.goto(f"/visits/{row.pk}/")
    shot(page, screenshots, "visit")


def test_the_office_takes_a_proposed_pair_over(laptop: Page, home: Household, screenshots: Path) -> None:
    factories.posting(factories.user("xian", password=PASSWORD, name="钱英"), Role.COUNTY_OFFICER, factories.COUNTY)
    survey(home)
    choice = moneyed.choice(home)
    page = sign_in(laptop, "xian")
    page.goto(f"/pairings/proposals/{choice.proposal_id}/")
    shot(page, screenshots, "proposal")
    page.get_by_role("button", name="确认 1 户").click()
    expect(page.locator("#messages")).to_contain_text("已确认 1 对结对")
    assert Pairing.objects.get(household=home, helper=choice.helper).turn == 2
    page.goto("/assistance/")
    shot(page, screenshots, "overview")


def test_needs_then_a_plan_then_the_measure(laptop: Page, home: Household, screenshots: Path) -> None:
    paid = moneyed.payment(home, amount=Decimal("2600"))
    page = sign_in(laptop, "bangfu")
    page.goto(f"/plans/needs/{home.pk}/")
    page.get_by_label("就业岗位").check()
    page.get_by_label("转移就业").check()
    page.get_by_role("button", name="保存").click()
    page.get_by_role("link", name="拟定计划").click()
    shot(page, screenshots, "draw")
    page.get_by_role("button", name="保存").click()
    for code in ("120104", "210301"):
        page.get_by_role("link", name="增加措施").click()
        page.locator("select[name=item]").select_option(str(catalogue_item(code).pk))
        page.get_by_role("button", name="增加措施").click()
    shot(page, screenshots, "plan")
    page.get_by_role("button", name="和农户商定").click()
    page.get_by_role("button", name="已商定").click()
    expect(page.locator("#messages")).to_contain_text("计划已商定")
    assert Plan.objects.get().state == "agreed"
    page.goto(f"/measures/new/{home.pk}/")
    shot(page, screenshots, "choose")
    page.get_by_role("link", name="集中供水入户").first.click()
    page.get_by_label("资金拨付").select_option(str(paid.pk))
    shot(page, screenshots, "measure")
    page.get_by_role("button", name="登记措施").click()
    shot(page, screenshots, "measures")
    row = Measure.objects.get()
    assert (row.risks, row.payment, row.amount, row.source) == (["05"], paid, Decimal("2600"), "central")
    page.goto(f"/households/{home.pk}/plan/?year={YEAR}")
    expect(page.get_by_text("已落实").first).to_be_visible()
    shot(page, screenshots, "household-plan")
    page.goto(f"/households/{home.pk}/policies/?year={YEAR}")
    shot(page, screenshots, "policies")
