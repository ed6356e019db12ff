"""The county's main job walked from end to end in a browser: sign in, import, explain, drill down, enter, export.

The sample township and its answer keys lie beside the checkout; with PICTURES=1 pictures of every step go to
tests/screenshots.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.conf import settings
from django.core.management import call_command
from playwright.sync_api import Browser, Page, expect

from households.models import Household

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
PASSWORD = "Demo-2026-password"
COUNTY, TOWNSHIP, YEAR = "500154", "500154201", 2020
AXE = settings.BASE_DIR / "node_modules" / "axe-core" / "axe.min.js"
SECTIONS = ("basic", "members", "living", "income", "guarantees", "files", "history")
LAPTOP, PHONE = {"width": 1366, "height": 768}, {"width": 360, "height": 740}
NOT_IN_AXE = ("living", "guarantees", "files")
"""Sections that tests/browser/test_axe.py does not look at."""


@dataclass
class Walk:
    """One test's county in one browser, and where its pictures go."""

    browser: Browser
    address: str
    pictures: Path
    rosters: Path

    @contextmanager
    def as_(self, username: str, size: dict[str, int] | None = None) -> Iterator[Page]:
        """A page in which this demo account has signed in, and its workbench."""
        context = self.browser.new_context(
            base_url=self.address, viewport=size or LAPTOP, locale="zh-CN", timezone_id="Asia/Shanghai"
        )
        page = context.new_page()
        page.goto("/login/")
        page.fill("[name=username]", username)
        page.fill("[name=password]", PASSWORD)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="今天要做的事")).to_be_visible()
        fits(page)
        self.shot(page, f"workbench-{username}-1366")
        yield page
        context.close()

    def shot(self, page: Page, name: str) -> None:
        page.screenshot(path=self.pictures / f"walk-{name}.png", full_page=True)

    def key(self, name: str) -> dict[str, Any]:
        return json.loads((self.rosters / f"guanmian-2020-{name}.key.json").read_text())


@pytest.fixture
def walk(
    browser: Browser, live_server: object, shared_data: Path, screenshots: Path, settings: Any, done_at_once: None
) -> Walk:
    """A county of real villages with 120 invented households."""
    settings.DEMO_PASSWORD = PASSWORD
    call_command("load_places", under=COUNTY)
    call_command("load_demo", county=COUNTY, households=120, seed=1, opening=True, no_lists=True)
    return Walk(browser, str(live_server), screenshots, shared_data / "rosters")


def number_in(text: str) -> int:
    return int(re.sub(r"\D", "", text))


def figures(page: Page) -> dict[str, int]:
    """The cards above the outcome of a sheet, by label."""
    return {
        label: number_in(page.locator(".cards .stat").filter(has_text=label).locator(".stat-value").inner_text())
        for label in ("读取", "新增", "更新", "未变", "退回")
    }


def downloaded(page: Page, link: str) -> openpyxl.Workbook:
    with page.expect_download() as download:
        page.get_by_role("link", name=link).click()
    return openpyxl.load_workbook(io.BytesIO(Path(download.value.path()).read_bytes()))


def accessible(page: Page) -> None:
    """No serious or critical fault by axe-core."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    grave = [fault for fault in found if fault["impact"] in ("serious", "critical")]
    assert not grave, (page.url, [(fault["id"], [node["html"] for node in fault["nodes"]][:3]) for fault in grave])


def fits(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), page.url


def import_workbook(walk: Walk, page: Page, name: str) -> dict[str, int]:
    """Upload, look at columns and preview, confirm; the outcome's figures."""
    page.goto("/sheets/")
    page.set_input_files("[name=file]", walk.rosters / f"guanmian-2020-{name}.xlsx")
    page.get_by_role("button", name="上传并检查").click()
    expect(page.get_by_text("检查结果，还没有写入")).to_be_visible()
    expect(page.get_by_role("heading", name="列的对应").first).to_be_visible()
    preview = figures(page)
    fits(page)
    if name == "annual":
        accessible(page)
    walk.shot(page, f"import-{name}-preview-1366")
    page.get_by_role("button", name="确认导入").first.click()
    walk.shot(page, f"import-{name}-confirm-1366")
    page.get_by_role("dialog").get_by_role("button", name="确认导入").click()
    expect(page.get_by_text("导入结果")).to_be_visible()
    walk.shot(page, f"import-{name}-done-1366")
    outcome = figures(page)
    assert outcome == preview
    assert outcome["读取"] == sum(outcome[part] for part in ("新增", "更新", "未变", "退回"))
    return outcome


def import_roster(walk: Walk, page: Page) -> None:
    key = walk.key("roster-2022")
    outcome = import_workbook(walk, page, "roster-2022")
    assert (outcome["读取"], outcome["退回"], outcome["新增"]) == (key["rows_read"], key["rejected"], key["created"])
    rejected = downloaded(page, "下载退回的行").worksheets[0]
    assert rejected.max_row - 1 == key["rejected"]
    page.goto("/jobs/")
    page.get_by_role("link", name="导入").first.click()
    expect(page.get_by_role("progressbar", name="进度")).to_be_visible()
    walk.shot(page, "job-1366")


def explanation(walk: Walk, page: Page) -> None:
    """A household that the answer key fails says so, with the same figure, on its page of reasons."""
    detail = walk.key("annual")["households_detail"]
    number, facts = next(
        (number, facts) for number, facts in detail.items() if facts["verdict"] == "fail" and facts["per_head"]
    )
    page.goto(f"/households/?year={YEAR}&household_no={number}")
    page.locator("#household-list th a").click()
    walk.shot(page, "household-1366")
    page.get_by_role("link", name="为什么？怎样才能达标").first.click()
    expect(page.locator(".strip .verdict").first).to_contain_text("未达标")
    expect(page.locator("#income")).to_contain_text(f"{float(facts['per_head']):,.2f}")
    for code, label in (("pass", "达标"), ("fail", "未达标"), ("missing", "未记录")):
        for criterion in (name for name, result in facts.items() if result == code and name != "verdict"):
            expect(page.locator(f"#{criterion} td").first).to_have_text(label)
    fits(page)
    walk.shot(page, "verdict-1366")


def drill_down(walk: Walk, page: Page) -> None:
    """From the county to one household: every figure counts the rows behind it."""
    page.goto(f"/dashboard/?year={YEAR}")
    expect(page.locator("canvas, svg").first).to_be_visible()
    fits(page)
    walk.shot(page, "dashboard-county-1366")
    row = page.locator("tbody tr:has(.dash-entered)").filter(has_text="关面乡")
    of_township = number_in(row.locator("td").first.inner_text())
    row.locator("th a").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("关面乡")
    villages = page.locator("tbody tr:has(.dash-entered)")
    assert sum(number_in(cell) for cell in villages.locator("td:nth-child(2)").all_inner_texts()) == of_township
    assert number_in(page.locator("tfoot tr:has(.dash-entered) td").first.inner_text()) == of_township
    walk.shot(page, "dashboard-township-1366")
    village = villages.filter(has_text="泉秀")
    failing = number_in(village.locator("td").nth(3).inner_text())
    village.locator("th a").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("泉秀")
    walk.shot(page, "dashboard-village-1366")
    page.go_back()
    villages.filter(has_text="泉秀").locator("td").nth(3).locator("a").click()
    expect(page.locator(".titleline .sub")).to_contain_text(f"{failing} 户")
    assert page.locator("#household-list tbody tr").count() == min(failing, 50)
    walk.shot(page, "list-1366")
    page.locator("#household-list th a").first.click()
    expect(page.locator(".strip .verdict").first).to_contain_text("未达标")


def export_township(walk: Walk) -> None:
    """The township's officer gets the masked roster: nobody's full number is in it."""
    with walk.as_("zhen") as page:
        page.goto("/sheets/export/")
        walk.shot(page, "export-1366")
        page.get_by_role("button", name="导出").click()
        page.wait_for_url("**/jobs/**")
        walk.shot(page, "export-job-1366")
        sheet, about = downloaded(page, "下载").worksheets
    header, *rows = sheet.iter_rows(values_only=True)
    people = [dict(zip(header, row, strict=True)) for row in rows]
    here = Household.objects.registered().filter(village__code__startswith=TOWNSHIP)
    assert {person["户编号"] for person in people} == set(here.values_list("household_no", flat=True))
    masked = re.compile(r"\d{6}\*{8}\d{3}[\dX]|\d{6}\*+\d+")
    assert all(masked.fullmatch(person["证件号码"]) for person in people)
    assert "SHA-256" in str(list(about.iter_rows(values_only=True)))


def cadre_edits(walk: Walk) -> None:
    """The village cadre changes one household; the verdict follows. Every section is fit to be read by anybody."""
    with walk.as_("cun") as page:
        page.goto(f"/households/?year={YEAR}")
        page.locator("#household-list th a").first.click()
        address = page.url.split("?")[0]
        for section in SECTIONS:
            page.goto(f"{address}{section}/?year={YEAR}")
            fits(page)
            if section in NOT_IN_AXE:
                accessible(page)
            walk.shot(page, f"section-{section}-1366")
            on_a_phone(walk, page, section)
        page.goto(f"{address}income/?year={YEAR}")
        page.get_by_label("财产性收入", exact=True).fill("654321")
        page.keyboard.press("Control+s")
        for box in page.locator(".field-warning input[name=confirmed]:not(:checked)").all():
            box.check()
            page.keyboard.press("Control+s")
        expect(page.locator("#messages")).to_contain_text("已保存")
        page.goto(f"{address}verdict/?year={YEAR}")
        expect(page.locator("#income td").first).to_have_text("达标")
        on_a_phone(walk, page, "verdict")
        for name, path in {"workbench": "/", "list": "/households/", "household": address}.items():
            page.goto(path)
            on_a_phone(walk, page, name)


def on_a_phone(walk: Walk, page: Page, name: str) -> None:
    """The page that is open, as wide as a phone."""
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    fits(page)
    walk.shot(page, f"cun-{name}-360")
    page.set_viewport_size(LAPTOP)  # type: ignore[arg-type]


def nobody_sees_more(walk: Walk) -> None:
    """guanli sees no household, bangfu his five, and the leader reads everything and changes nothing."""
    with walk.as_("guanli") as page:
        answer = page.goto("/households/")
        assert answer
        assert answer.status == 403
        walk.shot(page, "guanli-refused-1366")
    with walk.as_("bangfu") as page:
        page.goto("/households/")
        expect(page.locator("#household-list tbody tr")).to_have_count(5)
        walk.shot(page, "bangfu-list-1366")
    household = Household.objects.filter(village__code__startswith=TOWNSHIP).first()
    assert household
    with walk.as_("lingdao") as page:
        for section in SECTIONS[:5]:
            page.goto(f"/households/{household.pk}/{section}/")
            assert page.locator("main form :is(input, select, textarea):enabled:not([type=hidden])").count() == 0
            expect(page.locator("[data-save]")).to_have_count(0)
        walk.shot(page, "lingdao-section-1366")
        token = page.locator("meta[name=csrf-token]").get_attribute("content") or ""
        for path in (f"/households/{household.pk}/income/", "/sheets/", "/households/new/", f"/recompute/{COUNTY}/"):
            sent = page.request.post(path, form={"wage_income": "1"}, headers={"X-CSRFToken": token})
            assert sent.status == 403, path


def test_a_county_runs_end_to_end(walk: Walk) -> None:
    if not AXE.exists():
        pytest.skip("no axe-core: npm ci")
    with walk.as_("xian") as page:
        page.goto("/sheets/")
        accessible(page)
        walk.shot(page, "sheets-1366")
        import_roster(walk, page)
        assert import_workbook(walk, page, "annual")["退回"] < 100
        explanation(walk, page)
        drill_down(walk, page)
    cadre_edits(walk)
    export_township(walk)
    nobody_sees_more(walk)
