"""A village cadre registers a household of four by keyboard, on a laptop, and goes on to the next one."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, Route, expect

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


class Keys:
    """What is pressed, one by one; a letter is a key, a combination as many as are held."""

    def __init__(self, page: Page) -> None:
        self.page, self.count = page, 0

    def type(self, *texts: str) -> None:
        """Type into what has the focus, with Tab between the texts; an empty one leaves its control as it is."""
        for number, text in enumerate(texts):
            if number:
                self.press("Tab")
            self.codes(text)

    def codes(self, *codes: str) -> None:
        """Choose by national code: a complete one goes on by itself."""
        for code in codes:
            self.page.keyboard.type(code)
            self.count += len(code)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.count += len(key.split("+"))


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def shot(page: Page, folder: Path, name: str) -> None:
    page.screenshot(path=folder / f"entry-{name}.png", full_page=True)


def saved(page: Page) -> None:
    expect(page.locator("#messages")).to_contain_text("已保存")


HABIT = 650
"""Milliseconds after which Tab is no longer taken for the habit behind a code that went on by itself (keyboard.js)."""
MOST_KEYS = 250
"""For the household below: what is required, and what is usually known besides."""


def at(page: Page, name: str) -> None:
    expect(page.locator(f"[name$='{name}']:focus")).to_have_count(1)


def register_head(page: Page, keys: Keys) -> None:
    page.goto(f"/households/new/?year={YEAR}")
    at(page, "name")
    keys.type("王明海", number("19750809", MAN))
    at(page, "ethnicity")  # sex and day of birth are filled: on to what is not
    keys.codes("01")
    keys.type("3组", "13800001234", "")
    keys.codes("01", "08")
    keys.press("Control+s")
    page.wait_for_url("**/members/**")


def person(
    page: Page, keys: Keys, name: str, relation: str, id_no: str, codes: tuple[str, ...], education: str
) -> None:
    """A line: what follows from the number is proposed and passed over; Enter opens the next line."""
    keys.type(name, "")
    keys.codes(relation)
    keys.type(id_no)
    keys.codes(*codes)
    at(page, "ethnicity")
    keys.press("Tab")
    keys.codes(education)


def enter_members(page: Page, keys: Keys, screenshots: Path) -> None:
    """The head is open at what is missing, with an empty line after it."""
    at(page, "-school_status")
    keys.codes("01", "01", "01", "1")
    at(page, "ethnicity")
    keys.press("Tab")
    keys.codes("03")
    keys.press("Enter")
    person(page, keys, "陈秀兰", "02", number("19760302", WOMAN), ("01", "01", "1"), "02")
    keys.press("Enter")
    at(page, "new-1-name")
    person(page, keys, "王梓涵", "04", number("20040512", WOMAN), ("07", "01", "04", "1"), "")
    keys.press("Enter")
    at(page, "new-2-name")
    person(page, keys, "王国福", "11", number("19420611", MAN), ("01", "04", "1"), "01")
    shot(page, screenshots, "members-typed")


def settle(page: Page) -> int:
    """Tick every warning that the page asks about; how many there were."""
    boxes = page.locator(".field-warning input[name=confirmed]:not(:checked)")
    count = boxes.count()
    for _ in range(count):
        boxes.first.check()
    return count


def test_four_people_in_at_most_250_keys(laptop: Page, cadre: User, screenshots: Path) -> None:
    following = factories.household(household_no="500154201200990001", members=1)
    sign_in(laptop)
    keys = Keys(laptop)
    register_head(laptop, keys)
    enter_members(laptop, keys, screenshots)
    keys.press("Control+Enter")
    laptop.wait_for_url("**/living/**")
    household = Household.objects.get(members__name="王明海", village_id=factories.VILLAGE, pk__gt=following.pk)
    assert household.members.count() == 4

    at(laptop, "arable_mu")
    keys.type("3.5亩", "1", "6", "0", "0", "0", "0", "96")
    keys.press("Control+Enter")
    laptop.wait_for_url("**/income/**")
    at(laptop, "wage_income")
    for amount in ("16800", "5150", "0", "0", "0", "0", "1380", "0", "0", "1200"):
        keys.type(amount)
        keys.press("Enter")
    expect(laptop.locator("#income-total .row-total")).to_contain_text("5,532.50")
    keys.press("Control+s")
    expect(laptop.locator("input[name=confirmed]:focus")).to_have_count(1)  # wages, and nobody who works elsewhere
    keys.press("Space", "Control+s")
    expect(laptop.locator("#messages")).to_contain_text("收入与支出已保存")
    shot(laptop, screenshots, "income-saved")

    laptop.goto(f"/households/{household.pk}/guarantees/?year={YEAR}")
    keys.codes("1", "1", "B")
    at(laptop, "house_security")
    laptop.wait_for_timeout(HABIT)
    keys.press("Tab")
    keys.codes("1", "1", "1")
    laptop.get_by_role("button", name="保存并到下一户").click()
    laptop.wait_for_url(f"**/households/{following.pk}/guarantees/**")
    assert keys.count <= MOST_KEYS, keys.count

    record = AnnualRecord.objects.get(household=household)
    assert (record.food, record.clothing, record.water_safe, record.power_living, record.broadcast) == (True,) * 5
    assert (record.house_grade, record.wage_income, record.arable_mu) == ("B", 16800, Decimal("3.5"))


def test_faults_and_doubts_leave_what_was_typed(laptop: Page, cadre: User) -> None:
    household = factories.household(members=1)
    factories.annual_record(household, YEAR, business_expense=None)
    sign_in(laptop)
    laptop.goto(f"/households/{household.pk}/members/?year={YEAR}&add=1")
    laptop.locator("#id_new-0-name").fill("王国福")
    laptop.locator("#id_new-0-relation").select_option("11")
    laptop.locator("#id_new-0-id_no").fill(household.members.get().id_no)
    press(laptop, "Control+s")
    expect(laptop.locator(".error-summary")).to_contain_text("相同")
    expect(laptop.locator("#id_new-0-name")).to_have_value("王国福")
    laptop.goto(f"/households/{household.pk}/income/?year={YEAR}")  # business income without any cost wants a tick
    laptop.locator("#id_business_income").fill("6000")
    press(laptop, "Control+s")
    expect(laptop.locator(".field-warning").last).to_contain_text("6,000.00")  # the one before was about 5,000
    expect(laptop.locator("#id_business_income")).to_have_value("6000")
    assert settle(laptop) >= 1
    press(laptop, "Control+s")
    saved(laptop)


def test_what_is_typed_and_pressed_during_a_save_is_kept(laptop: Page, cadre: User) -> None:
    """A slow network: a doubt is ticked, an amount typed and Ctrl+S pressed again before the first answer is there."""
    household = factories.household(members=1)
    factories.annual_record(household, YEAR, business_expense=None)
    sign_in(laptop)
    laptop.goto(f"/households/{household.pk}/income/?year={YEAR}")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    laptop.route(lambda url: url.endswith(f"/income/?year={YEAR}"), hold, times=1)
    laptop.locator("#id_tr_pension").fill("1400")
    press(laptop, "Control+s")
    assert settle(laptop) == 2
    laptop.locator("#id_property_income").fill("300")
    press(laptop, "Control+s")
    held[0].continue_()
    saved(laptop)
    expect(laptop.locator("#id_property_income")).to_be_focused()
    for _ in range(100):  # the second press is sent after the first answer, which may be a save already
        record = AnnualRecord.objects.get(household=household)
        if record.property_income is not None:
            break
        laptop.wait_for_timeout(100)
    assert (record.tr_pension, record.property_income) == (1400, 300)


SHEET = """姓名\t与户主关系\t证件号码\t文化程度\t健康状况
陈秀兰\t配偶\t{wife}\t初中\t健康
王国福\t之父\t{father}\t小学\t不详"""
WAY_BACK = """() => !document.activeElement.dispatchEvent(
    new KeyboardEvent("keydown", {key: "ArrowLeft", altKey: true, bubbles: true, cancelable: true}))"""
PASTE = """(input, text) => { const data = new DataTransfer(); data.setData("text/plain", text);
    input.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true})); }"""


def test_people_are_pasted_and_a_list_is_walked(laptop: Page, cadre: User) -> None:
    """Of three households of the village the filter leaves the first and the last."""
    rows = [factories.household(members=1) for _number in range(3)]
    for row in rows:
        factories.assessment(row, failed=[] if row == rows[1] else ["housing"])
    sign_in(laptop)
    laptop.goto(f"/households/{rows[1].pk}/members/?year={YEAR}&add=1")
    text = SHEET.format(wife=number("19760302", WOMAN), father=number("19420611", MAN))
    laptop.locator("#id_new-0-name").evaluate(PASTE, text)
    expect(laptop.locator(".paste-note")).to_contain_text("已填入 2 人")
    expect(laptop.locator(".paste-note")).to_contain_text("王国福的“不详”")
    expect(laptop.locator("#id_new-1-id_no")).to_have_value(number("19420611", MAN))
    expect(laptop.locator("#id_new-0-education")).to_have_value("03")
    press(laptop, "Control+s")
    saved(laptop)
    assert rows[1].members.count() == 3

    laptop.goto(f"/households/?year={YEAR}&failed=housing")
    laptop.locator("#household-list tbody th a").first.click()
    expect(laptop.locator("[data-position]")).to_have_text("名单第 1 户，共 2 户")
    laptop.goto(f"/households/{rows[0].pk}/basic/?year={YEAR}")
    expect(laptop.locator("[data-position]")).to_have_text("名单第 1 户，共 2 户")
    assert laptop.locator("#id_main_cause option[value='08']").get_attribute("label") == "08 缺劳力"
    assert not laptop.evaluate(WAY_BACK), "Alt+Left is the browser's way back"
    expect(laptop.locator(".savebar .keys")).to_contain_text("Alt+PageDown")
    laptop.locator("#id_main_cause").focus()  # typed into in Chinese, though it is a select
    laptop.keyboard.press("q")
    laptop.locator(".select-find").fill("劳力")
    press(laptop, "Enter")
    expect(laptop.locator("#id_main_cause")).to_have_value("08")
    laptop.locator("#id_address").fill("村东头")
    laptop.get_by_role("button", name="保存并到下一户").click()
    expect(laptop.locator(".field-warning")).to_have_count(2)  # the causes want somebody who explains them
    settle(laptop)
    laptop.get_by_role("button", name="保存并到下一户").click()
    laptop.wait_for_url(f"**/households/{rows[2].pk}/basic/**")
    press(laptop, "Alt+PageUp")
    laptop.wait_for_url(f"**/households/{rows[0].pk}/basic/**")


def test_photos_are_shrunk_sent_one_by_one_and_tried_again(phone: Page, cadre: User, tmp_path: Path) -> None:
    household = factories.household(members=1)
    for name, spread in (("one", 90), ("two", 60)):
        Image.effect_noise((2600, 1600), spread).convert("RGB").save(tmp_path / f"{name}.jpg", quality=95)
    sign_in(phone)
    phone.goto(f"/households/{household.pk}/files/?year={YEAR}")
    phone.get_by_label("类别").select_option("01")
    phone.locator("#id_file").set_input_files([tmp_path / "one.jpg", tmp_path / "two.jpg"])
    phone.context.set_offline(True)
    phone.get_by_role("button", name="上传").click()
    expect(phone.locator("[data-photo-list] .field-error")).to_have_count(2)
    phone.context.set_offline(False)
    phone.get_by_role("button", name="再试一次").first.click()
    expect(phone.locator("[data-photo-list] .field-error")).to_have_count(1)
    phone.get_by_role("button", name="再试一次").first.click()
    expect(phone.locator(".files li")).to_have_count(2)
    assert all(row.size < (tmp_path / "two.jpg").stat().st_size / 2 for row in household.attachments.all())


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
    expect(laptop.locator("#messages")).to_contain_text("没有改动，不用保存")
    record.refresh_from_db()
    assert record.wage_income == 21000
