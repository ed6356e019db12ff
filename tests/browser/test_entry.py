"""A village cadre registers a household of four by keyboard, on a laptop, and goes on to the next one."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from households.models import AnnualRecord, Household
from povreg.kit.idnumber import check_digit
from tests import factories
from villages.models import User
from villages.rights import Role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "Quanxiu-2020"
YEAR = factories.YEAR
MAN, WOMAN = 1, 2


def number(born: str, sex: int, order: int = 20) -> str:
    """An identity number of nobody: area code 500198."""
    first17 = f"500198{born}{order * 2 + (1 if sex == MAN else 0):03}"
    return first17 + check_digit(first17)


@pytest.fixture
def cadre() -> User:
    account = factories.user("cun", password=PASSWORD, place=factories.place())
    factories.posting(account, Role.VILLAGE_CADRE)
    return account


def sign_in(page: Page) -> None:
    page.goto("/login/")
    page.fill("[name=username]", "cun")
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/login/" not in url)


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def type_on(page: Page, *texts: str) -> None:
    """Type into the focused control and go on with Tab; an empty text leaves the control as it is."""
    for text in texts:
        if text:
            page.keyboard.type(text)
        page.keyboard.press("Tab")


def focus(page: Page, label: str) -> None:
    page.get_by_label(label, exact=True).first.focus()


def answer(page: Page, label: str, value: str) -> None:
    """Answer 是 (1) or 否 (0) with one key."""
    page.get_by_role("group", name=label).get_by_role("radio", checked=True).focus()
    page.keyboard.press(value)


def shot(page: Page, folder: Path, name: str) -> None:
    page.screenshot(path=folder / f"entry-{name}.png", full_page=True)


def saved(page: Page) -> None:
    expect(page.locator("#messages")).to_contain_text("已保存")


def register_head(page: Page) -> None:
    page.goto(f"/households/new/?year={YEAR}")
    expect(page.get_by_label("户主姓名")).to_be_focused()
    type_on(page, "王明海", number("19750809", MAN))
    expect(page.locator("[data-id-age]")).to_contain_text("男")
    focus(page, "民族")
    type_on(page, "01", "3组", "13800001234", "01", "01", "20140105")
    press(page, "Control+s")
    page.wait_for_url("**/members/**")


def person(page: Page, name: str, relation: str, id_no: str, school: str, health: str, labour: str) -> None:
    """One line of the table: name, relation, number; sex, birth date and age fill themselves."""
    type_on(page, name, relation, id_no, school, health, labour, "")
    type_on(page, "01", "02" if school == "01" else "")


def choose(page: Page, row: str, label: str, code: str) -> None:
    page.locator(f"#line-{row}").get_by_label(label, exact=True).select_option(code)


def enter_members(page: Page, screenshots: Path) -> None:
    """The head is open with an empty line after it; Enter opens the next line."""
    head = page.locator("[data-line]").first
    for label, code in (
        ("在校生状况", "01"),
        ("健康状况", "01"),
        ("劳动技能", "01"),
        ("文化程度", "03"),
        ("医保", "resident"),
    ):
        head.get_by_label(label, exact=True).select_option(code)
    page.locator("#id_new-0-name").focus()
    person(page, "陈秀兰", "02", number("19760302", WOMAN), "01", "01", "01")
    page.keyboard.press("Enter")
    expect(page.locator("#id_new-1-name")).to_be_focused()
    person(page, "王梓涵", "04", number("20080512", WOMAN)[:15], "", "01", "04")
    warned = page.locator("#line-new-1 [data-id-say]")
    expect(warned).to_have_text("还差 3 位：应为 18 位")
    shot(page, screenshots, "members-short-number")
    page.locator("#id_new-1-id_no").fill(number("20080512", WOMAN))
    page.locator("#id_new-1-id_no").blur()
    expect(page.locator("#line-new-1 [data-id-age]")).to_contain_text("女")
    choose(page, "new-1", "在校生状况", "07")
    page.locator("#id_new-1-labour").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#id_new-2-name")).to_be_focused()
    person(page, "王国福", "11", number("19420611", MAN), "01", "01", "04")
    for row in ("new-0", "new-1", "new-2"):
        choose(page, row, "医保", "resident")


def settle(page: Page) -> int:
    """Tick every warning that the page asks about; how many there were."""
    boxes = page.locator(".field-warning input[name=confirmed]:not(:checked)")
    count = boxes.count()
    for _ in range(count):
        boxes.first.check()
    return count


def test_four_people_by_keyboard_in_under_five_minutes(laptop: Page, cadre: User, screenshots: Path) -> None:
    following = factories.household(household_no="500154201200990001", members=1)
    sign_in(laptop)
    started = time.monotonic()
    register_head(laptop)
    enter_members(laptop, screenshots)

    # An error: two people with one number cannot be saved, and nothing typed is lost.
    laptop.locator("#id_new-2-id_no").fill(number("19760302", WOMAN))
    press(laptop, "Control+s")
    expect(laptop.locator(".error-summary")).to_be_visible()
    expect(laptop.locator("#id_new-2-name")).to_have_value("王国福")
    shot(laptop, screenshots, "members-refused")
    laptop.locator("#id_new-2-id_no").fill(number("19420611", MAN))
    press(laptop, "Control+s")
    expect(laptop.locator(".error-summary")).to_have_count(0)
    assert settle(laptop) >= 1  # twelve years old, and in the first year of high school
    shot(laptop, screenshots, "members-warned")
    press(laptop, "Control+s")
    saved(laptop)
    shot(laptop, screenshots, "members-saved")
    household = Household.objects.get(members__name="王明海", village_id=factories.VILLAGE, pk__gt=following.pk)
    assert household.members.count() == 4

    laptop.goto(f"/households/{household.pk}/living/")
    focus(laptop, "耕地面积")
    type_on(laptop, "3.5", "1", "6", "0", "0", "0", "0", "96")
    press(laptop, "Control+s")
    saved(laptop)

    # A warning: business income without any cost is possible, but wants a tick.
    laptop.goto(f"/households/{household.pk}/income/")
    focus(laptop, "工资性收入")
    for amount in ("16800", "5150", "0", "0", "0", "0", "1380", "0", "0"):
        laptop.keyboard.type(amount)
        laptop.keyboard.press("Enter")
    expect(laptop.locator("#income-total .row-total")).to_contain_text("5,832.50")
    press(laptop, "Control+s")
    expect(laptop.locator(".field-warning").first).to_be_visible()
    expect(laptop.locator("#id_wage_income")).to_have_value("16800")
    shot(laptop, screenshots, "income-warned")
    assert settle(laptop) >= 1
    press(laptop, "Control+s")
    saved(laptop)
    shot(laptop, screenshots, "income-saved")

    laptop.goto(f"/households/{household.pk}/guarantees/")
    for label in ("是否不愁吃", "是否不愁穿", "饮水是否安全", "是否通生活用电", "是否通广播电视"):
        answer(laptop, label, "1")
    laptop.get_by_label("住房等级").select_option("B")
    laptop.get_by_role("button", name="保存并到下一户").click()
    laptop.wait_for_url(f"**/households/{following.pk}/guarantees/**")
    shot(laptop, screenshots, "next-household")
    assert time.monotonic() - started < 300

    record = AnnualRecord.objects.get(household=household)
    assert record.food
    assert record.house_grade == "B"
    assert record.wage_income == 16800


def test_sections_fit_a_phone(phone: Page, cadre: User, screenshots: Path) -> None:
    household = factories.household(members=4)
    factories.annual_record(household, YEAR)
    sign_in(phone)
    for section in ("basic", "members", "living", "income", "guarantees", "files", "history"):
        phone.goto(f"/households/{household.pk}/{section}/?year={YEAR}")
        assert phone.evaluate("document.documentElement.scrollWidth") <= 360, section
        shot(phone, screenshots, f"phone-{section}")
    phone.goto(f"/households/{household.pk}/income/?year={YEAR}")
    phone.get_by_label("财产性收入").fill("300")
    phone.get_by_role("button", name="保存，下一项：两不愁三保障").click()
    phone.wait_for_url("**/guarantees/**")


def test_an_expired_session_loses_nothing(laptop: Page, cadre: User) -> None:
    household = factories.household(members=1)
    sign_in(laptop)
    laptop.goto(f"/households/{household.pk}/income/?year={YEAR}")
    laptop.get_by_label("财产性收入").fill("1200")
    laptop.context.clear_cookies(name="sessionid")
    press(laptop, "Control+s")
    expect(laptop.locator("#relogin")).to_be_visible()
    laptop.locator("#relogin-password").fill(PASSWORD)
    laptop.keyboard.press("Enter")
    saved(laptop)
    assert AnnualRecord.objects.get(household=household).property_income == 1200


def test_two_cadres_at_one_record(laptop: Page, cadre: User, screenshots: Path) -> None:
    household = factories.household(members=1)
    record = factories.annual_record(household, YEAR, wage_income=20000)
    sign_in(laptop)
    laptop.goto(f"/households/{household.pk}/income/?year={YEAR}")
    AnnualRecord.objects.filter(pk=record.pk).update(wage_income=21000, version=2)
    laptop.get_by_label("工资性收入").fill("22000")
    press(laptop, "Control+s")
    expect(laptop.locator(".conflict")).to_contain_text("21,000")
    shot(laptop, screenshots, "conflict")
    laptop.locator(".conflict input[value=theirs]").check()
    press(laptop, "Control+s")
    saved(laptop)
    record.refresh_from_db()
    assert record.wage_income == 21000
