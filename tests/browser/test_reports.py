"""A county officer reads a report: crosswise, narrowed, down to the people behind a figure, and takes it away."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from tests import factories
from tests.browser.test_people import sign_in
from tests.households.figures import figure_world
from villages.rights import Role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD, YEAR = "Quanxiu-2020", factories.YEAR
A4 = 660
"""Pixels of a page less its margins (charts.js)."""


@pytest.fixture
def county() -> None:
    figure_world.fill(30)
    account = factories.user("xianban", password=PASSWORD, place=factories.place(factories.COUNTY))
    factories.posting(account, Role.COUNTY_OFFICER)


def enter(page: Page) -> None:
    sign_in(page, "xianban", PASSWORD)
    expect(page.get_by_role("heading", name="今天要做的事")).to_be_visible()


def figure(text: str) -> int:
    return int(re.sub(r"\D", "", text))


def people_told(page: Page) -> int:
    """How many people the list says it holds, and does."""
    told = figure(re.search(r"([\d,]+) 人", page.locator(".titleline .sub").inner_text())[1])
    assert page.locator("#people-list tbody tr").count() == told
    return told


def test_from_a_report_to_the_people_behind_a_figure(laptop: Page, county: None, screenshots: Path) -> None:
    enter(laptop)
    laptop.get_by_role("link", name="统计", exact=True).click()
    laptop.get_by_role("link", name="报表", exact=True).first.click()
    laptop.get_by_role("link", name="健康状况", exact=True).click()
    expect(laptop.get_by_role("heading", name=re.compile("健康状况（开州区"))).to_be_visible()
    canvas = laptop.locator("[data-chart=chart-rows] canvas")
    expect(canvas).to_be_visible()
    on_screen = canvas.bounding_box()
    laptop.evaluate("window.dispatchEvent(new Event('beforeprint'))")  # as wide as a page of A4, and back
    assert canvas.bounding_box()["width"] == A4
    laptop.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert canvas.bounding_box() == on_screen

    laptop.get_by_label("行", exact=True).select_option("sex")
    laptop.get_by_label("村类型").select_option("yes")
    laptop.get_by_role("button", name="查看").click()
    expect(laptop.get_by_text("村类型：贫困村")).to_be_visible()
    row = laptop.locator(".report-table tbody tr").filter(has_text="女")
    cell = row.locator("td a").first
    counted = figure(cell.inner_text())
    laptop.screenshot(path=screenshots / "report-1366.png", full_page=True)
    cell.click()

    expect(laptop.get_by_role("heading", name="人员")).to_be_visible()
    expect(laptop.get_by_text("性别：女")).to_be_visible()
    assert people_told(laptop) == counted
    laptop.screenshot(path=screenshots / "people-1366.png", full_page=True)
    laptop.get_by_role("link", name="看这户").first.click()
    expect(laptop).to_have_url(re.compile(r"/households/\d+/members/"))


def test_a_level_down_and_the_table_taken_away(laptop: Page, county: None, tmp_path: Path) -> None:
    enter(laptop)
    laptop.goto(f"/reports/cause/?year={YEAR}")
    laptop.get_by_role("link", name="关面乡", exact=True).click()
    laptop.get_by_role("link", name="泉秀村", exact=True).click()
    total = figure(laptop.locator(".row-total td").last.inner_text())
    with laptop.expect_download() as download:
        laptop.get_by_role("link", name="导出表格").click()
    path = tmp_path / "report.xlsx"
    download.value.save_as(path)
    rows = list(load_workbook(path).worksheets[0].iter_rows(values_only=True))
    assert (rows[2][0], rows[-1][0], rows[-1][-1]) == ("泉秀村", "合计", total)


def test_a_report_is_read_on_a_phone(phone: Page, county: None, screenshots: Path) -> None:
    enter(phone)
    phone.goto(f"/reports/age/?year={YEAR}")
    expect(phone.get_by_label("村类型")).to_be_hidden()
    phone.get_by_text("地区和筛选").click()
    phone.get_by_label("村类型").select_option("no")
    phone.get_by_role("button", name="查看").click()
    expect(phone.get_by_text("村类型：非贫困村")).to_be_visible()
    assert not phone.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    phone.screenshot(path=screenshots / "report-360.png", full_page=True)
    phone.locator(".report-table .row-total td a").first.click()
    assert people_told(phone) > 0
    phone.screenshot(path=screenshots / "people-360.png", full_page=True)
