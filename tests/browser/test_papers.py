"""The handbook is printed, the household reads its own page by the code on its card and has something set right."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from assistance.models import CorrectionRequest
from households.models import Household
from tests import factories
from tests.assistance.test_papers import helped
from tests.browser.test_standing import sign_in
from tests.browser.test_walk import PASSWORD, accessible, fits
from villages.rights import Role

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def home(db: None) -> Household:
    """A monitored household with everything the handbook asks for, but for some."""
    factories.posting(factories.user("cun", password=PASSWORD, name="周村长"), Role.VILLAGE_CADRE, factories.VILLAGE)
    row = helped(members=4, phone="13812345678", address="泉秀村2组12号", exit_status="1")
    factories.restand(
        row, monitor_type="1", risks=["05"], risk_cleared=False,
        risk_identified_on=timezone.localdate() - timedelta(days=100),
    )  # fmt: skip
    return row


def shot(page: Page, screenshots: Path, name: str, *, paper: bool = False) -> None:
    page.wait_for_load_state("networkidle")
    if not paper:
        fits(page)
    accessible(page)
    width = page.viewport_size["width"]  # type: ignore[index]
    page.screenshot(path=screenshots / f"papers-{name}-{width}.png", full_page=True)


def test_printed_read_and_set_right(laptop: Page, phone: Page, home: Household, screenshots: Path) -> None:
    page = sign_in(laptop, "cun")
    page.goto(f"/households/{home.pk}/papers/")
    page.get_by_role("button", name="生成查询码").click()
    expect(page.locator("#messages")).to_contain_text("已生成查询码")
    shot(page, screenshots, "section")
    page.get_by_role("row", name=re.compile("防止返贫监测帮扶手册")).get_by_role("link", name="打印").click()
    expect(page.get_by_role("heading", name="防止返贫监测帮扶手册")).to_be_visible()
    expect(page.get_by_text("还缺：")).to_be_visible()
    shot(page, screenshots, "handbook", paper=True)
    page.goto(f"/households/{home.pk}/papers/card/")
    shot(page, screenshots, "card", paper=True)
    address = page.locator(".qr").get_attribute("data-url")
    assert address and "/gongshi/h/" in address

    phone.goto(address)
    shot(phone, screenshots, "door")
    phone.get_by_label("后 6 位").fill("345678")
    phone.get_by_role("button", name="查看").click()
    expect(phone.get_by_role("link", name="13900001111")).to_be_visible()
    shot(phone, screenshots, "own")
    phone.get_by_role("link", name="有不对的，提出更正").click()
    phone.get_by_label("哪方面不对").select_option("income")
    phone.get_by_label("哪里不对，应该是什么").fill("工资性收入应为 32000 元")
    shot(phone, screenshots, "correct")
    phone.get_by_role("button", name="提交更正申请").click()
    expect(phone.get_by_text("更正申请已经收到")).to_be_visible()

    record = home.annual_records.get()
    record.wage_income = Decimal(32000)
    record.save()
    page.goto("/")
    page.get_by_role("link", name="去答复").click()
    page.locator("main").get_by_role("link", name=re.compile(home.members.heads().get().name)).first.click()
    page.get_by_label("办理结果").select_option("corrected")
    page.locator("[name=answer]").fill("核对工资单后已改为 32000 元。")
    shot(page, screenshots, "request")
    page.get_by_role("button", name="答复申请人").click()
    expect(page.locator("#messages")).to_contain_text("已答复")
    assert CorrectionRequest.objects.get().outcome == "corrected"
    page.goto(f"/papers/?place={factories.VILLAGE}")
    shot(page, screenshots, "village")
    page.set_viewport_size({"width": 360, "height": 740})
    shot(page, screenshots, "village")
    page.goto(f"/households/{home.pk}/papers/")
    shot(page, screenshots, "section")

    phone.goto(address)
    expect(phone.get_by_text("核对工资单后已改为 32000 元。")).to_be_visible()
