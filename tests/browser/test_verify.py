"""A workbook leaves the product, comes back unaltered, and comes back with one cell changed by another program."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from tests import factories
from tests.browser.test_find import YEAR, shot, signed_in
from tests.browser.test_walk import PASSWORD
from villages.rights import Role

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
HOUSEHOLDS, CHANGED = 6, 4
VERDICT = ".card-head"


@pytest.fixture
def officer(db: None, done_at_once: None) -> None:
    account = factories.user("xian", password=PASSWORD, name="周文静", place=factories.place(factories.COUNTY))
    factories.posting(account, Role.COUNTY_OFFICER)
    for _ in range(HOUSEHOLDS):
        row = factories.household(members=2, household_attr="01")
        factories.annual_record(row)
        factories.assessment(row)


def taken_away(page: Page, path: Path) -> Path:
    """The list of this page's households, by the ways of the product."""
    page.goto(f"/households/?year={YEAR}")
    page.get_by_label("勾选本页全部").check()
    page.get_by_role("button", name="导出名单…").click()
    page.get_by_role("button", name=f"开始导出 {HOUSEHOLDS} 户").click()
    page.wait_for_url("**/jobs/**")
    with page.expect_download() as download:
        page.get_by_role("link", name="下载").click()
    download.value.save_as(path)
    return path


def saved_anew(path: Path, to: Path, *, changed: bool) -> tuple[Path, str]:
    """The workbook as another program writes it; with ``changed`` one household has one person more. Returns the
    number of the household, too."""
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    header = [cell.value for cell in sheet[1]]
    if changed:
        cell = sheet.cell(CHANGED, header.index("人") + 1)
        cell.value = int(cell.value) + 1
    book.save(to)
    return to, str(sheet.cell(CHANGED, header.index("户编号") + 1).value)


def verified(page: Page, path: Path) -> None:
    page.goto("/gongshi/heyan/")
    page.set_input_files("[name=file]", path)
    page.get_by_role("button", name="核验", exact=True).click()
    expect(page.get_by_role("heading", name="核验结果")).to_be_visible()


def test_an_export_proves_itself_and_names_the_row_that_was_changed(
    laptop: Page, officer: None, tmp_path: Path, screenshots: Path
) -> None:
    page = signed_in(laptop)
    path = taken_away(page, tmp_path / "mingdan.xlsx")
    same, _ = saved_anew(path, tmp_path / "lingcun.xlsx", changed=False)
    for each in (path, same):
        verified(page, each)
        expect(page.locator(VERDICT).first).to_contain_text("签名有效，未被改动")
    other, number = saved_anew(path, tmp_path / "gaidong.xlsx", changed=True)
    verified(page, other)
    expect(page.locator(VERDICT).first).to_contain_text("被改动过")
    rows = page.locator("table tbody tr")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text(f"第 {CHANGED} 行")
    expect(rows).to_contain_text(number)
    expect(rows).to_contain_text("内容被改")
    shot(page, screenshots, "verify-altered")

    page.context.clear_cookies()
    verified(page, other)
    expect(page.locator(VERDICT).first).to_contain_text("被改动过")
    expect(page.get_by_role("heading", name="不一致的行")).to_have_count(0)
    expect(page.get_by_text(number)).to_have_count(0)
