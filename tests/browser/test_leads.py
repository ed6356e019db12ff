"""A lead's day: a cadre notes it on a phone, goes and looks, tests the income; the township decides on a laptop."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from households.eligibility.assess import recompute
from households.models import Household, Lead
from tests import factories
from tests.browser.test_standing import sign_in
from tests.browser.test_walk import PASSWORD, accessible, fits
from villages.models import PovertyLine
from villages.rights import Role

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
YEAR = timezone.localdate().year


@pytest.fixture
def home(db: None) -> Household:
    """A former poor household without safe water, and a monitored one; a cadre and a township officer."""
    for name, person, role in (("cun", "李建国", Role.VILLAGE_CADRE), ("zhen", "张敏", Role.TOWNSHIP_OFFICER)):
        account = factories.user(name, password=PASSWORD, name=person)
        factories.posting(account, role)
    factories.poverty_line("8800", year=YEAR, kind=PovertyLine.Kind.MONITOR)
    row = factories.household(members=3, exit_status="1")
    factories.annual_record(row, YEAR, water_safe=False)
    watched = factories.household(
        members=1, exit_status="1", monitor_type="1", risks=["07"], risk_cleared=False,
        risk_identified_on=timezone.localdate() - timedelta(days=300),
    )  # fmt: skip
    factories.annual_record(watched, YEAR)
    factories.member_year(watched.members.get(), YEAR)
    recompute(row.village_id, YEAR)
    return row


def shot(page: Page, screenshots: Path, name: str) -> None:
    page.wait_for_function("() => !document.querySelector('form[data-busy], .htmx-request')")
    page.wait_for_load_state("networkidle")
    fits(page)
    accessible(page)
    width = page.viewport_size["width"]  # type: ignore[index]
    page.screenshot(path=screenshots / f"leads-{name}-{width}.png", full_page=True)


def test_from_a_word_on_the_phone_to_a_decision(phone: Page, laptop: Page, home: Household, screenshots: Path) -> None:
    page = sign_in(phone, "cun")
    page.goto(f"/leads/new/?household={home.pk}")
    page.get_by_label("发生了什么").fill("男主人六月住院，自己付了六万多。")
    page.get_by_label("来源").select_option("visit")
    shot(page, screenshots, "new")
    page.get_by_role("button", name="登记线索").click()
    expect(page.locator("#messages")).to_contain_text("查询号")
    lead = Lead.objects.get(cause="")
    page.get_by_text("其他办理").click()
    page.get_by_label("核实情况").fill("看了住院票据，属实。")
    page.get_by_role("button", name="登记核实情况").click()
    expect(page.locator("#messages")).to_contain_text("核实情况已登记")
    page.get_by_role("link", name="测算收入").click()
    expect(page.locator("main")).to_contain_text("只是参考")
    page.locator("[name=paid_medical]").fill("62000")
    page.locator("[name=wage_income]").fill("70000")
    expect(page.locator("#income-outcome")).to_contain_text("监测范围内")
    shot(page, screenshots, "income")
    page.get_by_role("button", name="保存测算").click()
    expect(page.locator("main")).to_contain_text("可以认定脱贫不稳定户")
    shot(page, screenshots, "lead")

    page = sign_in(laptop, "zhen")
    shot(page, screenshots, "workbench")
    for name, address in {
        "desk": "/monitoring/", "list": "/leads/", "monitored": "/monitored/", "clearing": "/monitoring/clearing/",
        "income": f"/leads/{lead.pk}/income/", "print": f"/leads/{lead.pk}/income/print/",
    }.items():  # fmt: skip
        page.goto(address)
        shot(page, screenshots, name)
    page.goto(f"/leads/{lead.pk}/")
    shot(page, screenshots, "decide")
    page.get_by_text("其他办理").click()
    page.get_by_label("不纳入的理由").fill("医保已二次报销，自付不足一千元。")
    page.get_by_role("button", name="不纳入").click()
    expect(page.locator("#messages")).to_contain_text("已办结")
