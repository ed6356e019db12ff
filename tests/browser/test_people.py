"""A new village cadre comes to work: opened by one administrator, posted by another, signed in by himself."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests import factories
from villages.models import User
from villages.rights import Role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD, NEW = "Quanxiu-2020", "Xiaoyuan_2021"


@pytest.fixture
def administrators() -> None:
    for username, role in (("guanli", Role.ACCOUNTS_ADMIN), ("anquan", Role.SECURITY_ADMIN)):
        account = factories.user(username, password=PASSWORD, place=factories.place(factories.COUNTY))
        factories.posting(account, role)
    factories.place(factories.VILLAGE)


def sign_in(page: Page, username: str, password: str) -> None:
    page.goto("/login/")
    page.fill("[name=username]", username)
    page.fill("[name=password]", password)
    page.keyboard.press("Enter")


def sign_out(page: Page) -> None:
    page.click(".me > summary")
    page.click("[data-logout] button")
    expect(page).to_have_url("/login/")


def test_a_cadre_is_opened_posted_and_begins(laptop: Page, administrators: None, screenshots: Path) -> None:
    sign_in(laptop, "guanli", PASSWORD)
    laptop.get_by_role("link", name="账号", exact=True).click()
    laptop.get_by_role("link", name="开户", exact=True).click()
    laptop.fill("[name=username]", "wanglin")
    laptop.fill("[name=name]", "王林")
    laptop.fill("[name=place_text]", "qxc")
    laptop.get_by_role("option", name="泉秀村").click()
    laptop.get_by_role("button", name="开户").click()
    expect(laptop.get_by_role("heading", name="账号已开通")).to_be_visible()
    initial = laptop.locator("tbody code").nth(1).inner_text()
    laptop.screenshot(path=screenshots / "people-initial-password-1366.png", full_page=True)
    sign_out(laptop)

    sign_in(laptop, "anquan", PASSWORD)
    laptop.get_by_role("link", name="查看账号").click()
    laptop.get_by_role("link", name="王林").click()
    laptop.select_option("[name=role]", "village_cadre")
    laptop.get_by_role("button", name="授予任职").click()
    expect(laptop.get_by_text("已授予王林“村干部（泉秀村）”的任职。")).to_be_visible()
    laptop.screenshot(path=screenshots / "people-account-1366.png", full_page=True)
    sign_out(laptop)

    sign_in(laptop, "wanglin", initial)
    expect(laptop.get_by_role("heading", name="首次登录，请先修改密码")).to_be_visible()
    laptop.fill("[name=old_password]", initial)
    laptop.fill("[name=new_password1]", "quanxiu2021")
    laptop.fill("[name=new_password2]", "quanxiu2021")
    laptop.get_by_role("button", name="保存新密码").click()
    expect(laptop.locator(".error-summary")).to_contain_text("还差：大写字母、符号")
    laptop.screenshot(path=screenshots / "people-first-password-1366.png", full_page=True)
    laptop.fill("[name=old_password]", initial)
    laptop.fill("[name=new_password1]", NEW)
    laptop.fill("[name=new_password2]", NEW)
    laptop.get_by_role("button", name="保存新密码").click()
    expect(laptop.get_by_role("heading", name="今天要做的事")).to_be_visible()
    expect(laptop.get_by_text("登记第一户")).to_be_visible()
    assert not User.objects.get(username="wanglin").must_change_password


def test_who_signs_in_on_a_phone_sees_what_is_due(phone: Page, screenshots: Path) -> None:
    cadre = factories.user("cun", password=PASSWORD, place=factories.place())
    factories.posting(cadre, Role.VILLAGE_CADRE)
    household = factories.household(members=2)
    factories.annual_record(household)
    factories.assessment(household, missing=["water"], gaps=["guarantees"])
    sign_in(phone, "cun", "wrong")
    expect(phone.locator(".error-summary")).to_contain_text("还可以再试 4 次")
    phone.screenshot(path=screenshots / "people-login-360.png")
    sign_in(phone, "cun", PASSWORD)
    expect(phone.get_by_role("link", name="缺饮水 1 户")).to_be_visible()
    expect(phone.get_by_role("heading", name="逻辑检查")).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    phone.screenshot(path=screenshots / "workbench-cadre-360.png")
    phone.get_by_role("link", name="继续录入").click()
    expect(phone).to_have_url(f"/households/{household.pk}/guarantees/?year={factories.YEAR}")
