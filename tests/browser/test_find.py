"""An officer finds households as he works: by name, by conditions kept under a name; and takes all of them away."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from playwright.sync_api import Locator, Page, expect

from households.models import Member, SavedFilter
from tests import factories
from tests.browser.test_walk import PASSWORD, PHONE, accessible, fits
from villages.rights import Role

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
YEAR = factories.YEAR
FAILING = 64
LONGEST_NAME = Member._meta.get_field("name").max_length or 0


@pytest.fixture
def county(db: None, done_at_once: None) -> list[str]:
    """A hundred households of two villages; the numbers of those whose house is unsafe, in the list's order."""
    account = factories.user("xian", password=PASSWORD, name="周文静", place=factories.place(factories.COUNTY))
    factories.posting(account, Role.COUNTY_OFFICER)
    numbers = []
    for number in range(100):
        code = factories.VILLAGE if number % 2 else factories.NEXT_VILLAGE
        row = factories.household(code, members=2, group_name=f"{number % 7 + 1}组", household_attr="01")
        factories.annual_record(row)
        failed = ["housing"] if number < FAILING else []
        factories.assessment(
            row, failed=failed, gaps=["income"] if number % 9 == 0 else [], evidence={"house_grade": "C"}
        )
        if failed:
            numbers.append((code, row.household_no))
    person = Member.objects.filter(relation="01").order_by("pk")[3]
    Member.objects.filter(pk=person.pk).update(name="谭春秀", name_initials="tcx", name_pinyin="tanchunxiu")
    return [number for _code, number in sorted(numbers)]


def signed_in(page: Page) -> Page:
    page.goto("/login/")
    page.fill("[name=username]", "xian")
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="今天要做的事")).to_be_visible()
    return page


def shot(page: Page, screenshots: Path, name: str) -> None:
    page.wait_for_load_state("networkidle")
    fits(page)
    accessible(page)
    width = page.viewport_size["width"]  # type: ignore[index]
    page.screenshot(path=screenshots / f"find-{name}-{width}.png", full_page=True)


def search(page: Page, typed: str) -> None:
    page.fill("#find", typed)
    page.keyboard.press("Enter")
    page.wait_for_load_state("networkidle")


def choice(page: Page, facet: str, label: str) -> Locator:
    """A choice beside the list, with the number of households it leaves."""
    return page.get_by_role("group", name=facet).get_by_role("link").filter(has_text=label)


def choose(page: Page, facet: str, label: str) -> None:
    choice(page, facet, label).first.click()
    page.wait_for_load_state("networkidle")


def workbook(page: Page) -> openpyxl.Workbook:
    with page.expect_download() as download:
        page.get_by_role("link", name="下载").click()
    return openpyxl.load_workbook(io.BytesIO(Path(download.value.path()).read_bytes()))


def test_an_officer_keeps_a_filter_and_exports_all_it_finds(laptop: Page, county: list[str], screenshots: Path) -> None:
    page = signed_in(laptop)
    page.goto(f"/households/?year={YEAR}")
    shot(page, screenshots, "list")
    choose(page, "结论", "未达标")
    expect(choice(page, "没有保障的是", "住房").locator(".n")).to_have_text(str(FAILING))
    choose(page, "没有保障的是", "住房")
    expect(page.locator(".titleline .sub")).to_contain_text(f"{FAILING} 户")
    page.get_by_text("把这次筛选存下来").click()
    page.get_by_placeholder("例如：住房未达标").fill("危房户")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.locator("#messages")).to_contain_text("已保存筛选“危房户”")
    page.goto("/households/saved/")
    page.get_by_role("button", name="共享给开州区").click()
    expect(page.get_by_text("已共享", exact=True)).to_be_visible()
    shot(page, screenshots, "saved")
    page.goto(f"/households/?year={YEAR}")
    page.get_by_role("link", name="危房户").click()
    expect(page.locator(".tabs [aria-current]")).to_have_text("危房户")
    expect(page.locator("#household-list tbody tr")).to_have_count(50)
    page.locator("summary", has_text="列").last.click()
    page.locator(".pop[open] form").get_by_label("致贫原因").check()
    page.get_by_role("button", name="确定").click()
    page.get_by_role("link", name="危房户").click()
    page.get_by_label(f"全部 {FAILING} 户").check()
    shot(page, screenshots, "chosen")
    page.get_by_role("button", name="导出名单…").click()
    expect(page.get_by_text(f"{FAILING} 户", exact=False).first).to_be_visible()
    shot(page, screenshots, "confirm")
    page.get_by_role("button", name=f"开始导出 {FAILING} 户").click()
    page.wait_for_url("**/jobs/**")
    shot(page, screenshots, "job")
    sheet, about = workbook(page).worksheets
    header, *rows = sheet.iter_rows(values_only=True)
    assert [row[header.index("户编号")] for row in rows] == county
    assert len(rows) == FAILING > 50
    said: dict[Any, Any] = dict(about.iter_rows(values_only=True))
    assert said["筛选"] == "结论：未达标；未达标项：住房"
    assert said["数据行数"] == str(FAILING)
    assert SavedFilter.objects.get().query == {"verdict": "fail", "failed": "housing"}


def test_ticking_rows_and_judging_them_again(laptop: Page, county: list[str], screenshots: Path) -> None:
    page = signed_in(laptop)
    page.goto(f"/households/?year={YEAR}")
    page.get_by_label("勾选本页全部").check()
    expect(page.locator("[data-pick-count]")).to_have_text("50 户")
    page.get_by_label("勾选本页全部").uncheck()
    for place in (0, 2, 5):
        page.locator("tbody .pick input").nth(place).check()
    expect(page.locator("[data-pick-count]")).to_have_text("3 户")
    page.get_by_role("button", name="重新评定…").click()
    expect(page.get_by_role("button", name="重新评定 3 户")).to_be_visible()
    shot(page, screenshots, "recompute")


def test_a_name_as_long_as_the_register_keeps_one_breaks_no_list(laptop: Page, county: list[str]) -> None:
    """In one word, too, as a foreign spouse may have it."""
    page = signed_in(laptop)
    person = Member.objects.get(relation="01", household__household_no=county[0])
    for sign in ("长", "A"):
        name = sign * LONGEST_NAME
        Member.objects.filter(pk=person.pk).update(name=name)
        page.set_viewport_size({"width": 1366, "height": 768})
        page.goto(f"/households/?year={YEAR}&household_no={county[0]}")
        row = page.locator("#household-list tbody tr")
        expect(row).to_have_count(1)
        expect(row.locator("th")).to_contain_text(name)
        assert inside(row.locator("th"), 1366) < 300, "the other columns keep their room"
        inside(row.get_by_text("未达标").first, 1366)
        page.set_viewport_size({"width": 360, "height": 800})
        for each in (row.locator("th"), row.get_by_text("未达标").first):
            inside(each, 360)


def inside(part: Locator, width: int) -> float:
    """The width of what is seen whole on a page that scrolls to no side."""
    expect(part).to_be_visible()
    assert part.page.evaluate("document.documentElement.scrollWidth") <= width
    box = part.bounding_box()
    assert box and box["x"] >= 0 and box["x"] + box["width"] <= width
    return box["width"]


def test_the_search_box_takes_what_one_has(laptop: Page, county: list[str], screenshots: Path) -> None:
    page = signed_in(laptop)
    page.goto(f"/households/?year={YEAR}")
    person = Member.objects.get(name="谭春秀")
    for typed in ("春秀", "tcx", "Tan Chunxiu", person.id_no, person.household.household_no):
        search(page, typed)
        expect(page.locator("#household-list tbody th")).to_have_text(["谭春秀"])
        assert typed not in page.url
    search(page, person.id_no[:15])
    expect(page.locator(".empty")).to_contain_text("请输完整的 18 位")
    shot(page, screenshots, "unfinished")
    page.get_by_role("link", name="清空筛选").click()
    expect(page.locator(".titleline .sub")).to_contain_text("100 户")


def test_on_a_phone_the_bar_is_at_the_thumb(phone: Page, county: list[str], screenshots: Path) -> None:
    page = signed_in(phone)
    page.goto(f"/households/?year={YEAR}")
    assert page.locator("#find").bounding_box()["y"] < 240  # type: ignore[index]
    expect(page.get_by_role("group", name="结论")).to_be_hidden()
    shot(page, screenshots, "list")
    page.get_by_text("筛选", exact=True).first.click()
    choose(page, "结论", "未达标")
    page.get_by_text("筛选（1）", exact=True).click()
    page.locator("a.more").click()
    page.get_by_text("成员", exact=True).click()
    page.get_by_label("健康状况").select_option(label="健康")
    shot(page, screenshots, "conditions")
    page.get_by_role("button", name="按条件筛选").click()
    expect(page.locator(".chosen li")).to_have_count(3)  # and the way to take them off
    page.locator("tbody .pick label").first.click()
    bar = page.locator(".bulkbar").bounding_box()
    assert bar
    assert PHONE["height"] - 240 < bar["y"] + bar["height"] <= PHONE["height"] - 50
    page.screenshot(path=screenshots / "find-ticked-360.png")
