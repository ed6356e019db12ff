"""The county office puts a wrong standing right: one orders, another approves; on a phone all of it fits."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from households.models import CorrectionOrder, Episode, Household, Spell
from tests import factories, standings
from tests.browser.test_walk import PASSWORD, PHONE, accessible, fits
from villages.rights import Role

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def house(db: None) -> Household:
    """A household that was poor, left, was watched once and is watched again; two people of the county office."""
    for name, person in (("xian", "周文静"), ("xian2", "陈立")):
        account = factories.user(name, password=PASSWORD, name=person, place=factories.place(factories.COUNTY))
        factories.posting(account, Role.COUNTY_OFFICER)
    row = factories.household(
        members=3, exit_status="1", exit_year=2018, identified_on=date(2014, 3, 1), household_attr="01",
        monitor_type="1", risks=["02", "05"], risk_identified_on=date(2019, 12, 1), risk_cleared=True,
        risk_cleared_on=date(2021, 6, 1), risk_clear_way="1",
    )  # fmt: skip
    again = Spell.objects.create(household=row, village_id=row.village_id, klass_id="sudden", since=date(2026, 5, 1),
                                 origin="opening")  # fmt: skip
    Episode.objects.create(spell=again, risks=["04", "02"], wanted="临时救助、危房加固")
    line = standings.department_row(row, since=date(2022, 1, 1))
    Spell.objects.create(household=row, village_id=row.village_id, klass_id="dibao", since=date(2022, 1, 1),
                         origin="department", department_row=line, document=line.list.document)  # fmt: skip
    for year, amount in zip(range(2014, 2027), range(1900, 9700, 600), strict=True):
        factories.assessment(row, year, per_head=amount, line_amount=2300 + 250 * (year - 2014))
    factories.annual_record(row, 2026)
    standings.proposal(factories.ordinary(members=2))
    standings.proposal(row, "error")
    return row


def sign_in(page: Page, name: str) -> Page:
    page.context.clear_cookies()
    page.goto("/login/")
    page.fill("[name=username]", name)
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="今天要做的事")).to_be_visible()
    return page


def shot(page: Page, screenshots: Path, name: str) -> None:
    page.wait_for_load_state("networkidle")
    fits(page)
    accessible(page)
    width = page.viewport_size["width"]  # type: ignore[index]
    page.screenshot(path=screenshots / f"standing-{name}-{width}.png", full_page=True)


def test_two_people_put_a_standing_right(laptop: Page, house: Household, screenshots: Path) -> None:
    page = sign_in(laptop, "xian")
    shot(page, screenshots, "workbench")
    page.goto(f"/households/{house.pk}/standing/?year=2026")
    shot(page, screenshots, "household")
    page.get_by_role("link", name="提出更正").click()
    wrong = house.spells.get(klass_id="unstable")
    page.get_by_label("被更正的期间").select_option(str(wrong.pk))
    page.get_by_label("更正后的类别").select_option("edge")
    page.get_by_label("文件号").fill("更正〔2026〕3号")
    shot(page, screenshots, "order")
    page.get_by_role("button", name="提出更正").click()
    expect(page.get_by_text("请填写更正原因").first).to_be_visible()
    page.get_by_label("起始日期").fill("2019-12-01")
    page.get_by_label("终止日期").fill("2021-06-01")
    page.get_by_label("更正原因").fill("类别录入有误")
    page.get_by_role("button", name="提出更正").click()
    expect(page.get_by_text("须由另一人批准")).to_be_visible()
    order = CorrectionOrder.objects.get()

    sign_in(page, "xian2").goto(f"/corrections/{order.pk}/")
    page.get_by_role("button", name="批准更正").click()
    shot(page, screenshots, "approve")
    page.get_by_role("dialog").get_by_role("button", name="批准更正").click()
    expect(page.get_by_text("身份已更正").first).to_be_visible()
    assert Spell.objects.get(correction=order).klass_id == "edge"
    for name, path in PAGES.items():
        page.goto(path)
        shot(page, screenshots, name)
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    for name, path in {"household": f"/households/{house.pk}/standing/?year=2026", **PAGES}.items():
        page.goto(path)
        shot(page, screenshots, name)


PAGES = {
    "corrections": "/corrections/",
    "opening": f"/opening/{factories.COUNTY}/",
    "proposals": "/proposals/",
    "departments": "/department-lists/",
    "rows": "/department-lists/rows/",
    "list": "/households/?year=2026&everybody=1",
    "new": "/households/new/",
}
