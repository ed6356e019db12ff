"""A leader looks at the county: from a red bar to the household and back, and while a recompute runs."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from households.eligibility.assess import recompute
from households.models import AnnualRecord, Assessment
from povreg.jobs.models import Job
from tests import factories
from tests.browser.test_people import sign_in
from villages.rights import Role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD, YEAR = "Quanxiu-2020", 2020
VILLAGES = (factories.VILLAGE, factories.NEXT_VILLAGE, "500154202200")
FACTS = ({}, {"food": False}, {"house_grade": "D"}, {"wage_income": Decimal("100")}, {"wage_income": Decimal("2820")})
BAR = """(box, [series, index]) => {
  const chart = window.echarts.getInstanceByDom(box), data = chart.getOption().series[series].data[index];
  const [x, y] = chart.convertToPixel({ seriesIndex: series }, [data.value / 2, index]);
  return { x, y, value: data.value, name: chart.getOption().yAxis[0].data[index] };
}"""


@pytest.fixture
def county() -> None:
    factories.user("lingdao", password=PASSWORD, place=factories.place(factories.COUNTY))
    factories.posting(factories.User.objects.get(username="lingdao"), Role.COUNTY_LEADER)
    factories.village_profile(VILLAGES[0], is_poor=True)
    for number in range(30):
        household = factories.household(VILLAGES[number % 3], members=2, main_cause=f"0{number % 3 + 1}")
        for year in (YEAR - 1, YEAR):
            factories.annual_record(household, year, **FACTS[number % 5])
            for person in household.members.all():
                factories.member_year(person, year, school_status="04")
    for year in (YEAR - 1, YEAR):
        recompute(factories.COUNTY, year)


def enter(page: Page) -> None:
    sign_in(page, "lingdao", PASSWORD)
    expect(page.get_by_role("heading", name="今天要做的事")).to_be_visible()


def number(text: str) -> int:
    return int(re.sub(r"\D", "", text))


def share_of(text: str) -> int:
    """How many households a cell of the heat table counts: 4/20 is four of twenty."""
    return number(text.partition("/")[0])


def card(page: Page, label: str) -> int:
    return number(page.locator("#dash-cards .stat").filter(has_text=label).first.locator(".stat-value").inner_text())


def bar(page: Page, series: int, index: int) -> dict:
    box = page.locator("[data-chart=chart-unmet]")
    expect(box.locator("canvas")).to_be_visible()
    return box.evaluate(BAR, [series, index])


def click_bar(page: Page, series: int, index: int) -> None:
    at = bar(page, series, index)
    page.locator("[data-chart=chart-unmet]").click(position={"x": at["x"], "y": at["y"]})


def rows_told(page: Page) -> int:
    """How many households the list says it holds, and does."""
    told = number(re.search(r"([\d,]+) 户", page.locator(".titleline .sub").inner_text())[1])
    assert page.locator("#household-list tbody tr").count() == told
    return told


def test_a_leader_drills_from_a_red_bar_to_the_household_and_back(
    laptop: Page, county: None, screenshots: Path
) -> None:
    enter(laptop)
    laptop.get_by_role("link", name="统计", exact=True).click()
    red = bar(laptop, 0, 0)
    assert red["value"] > 0
    laptop.wait_for_load_state("networkidle")
    laptop.screenshot(path=screenshots / "dashboard-county-1366.png", full_page=True)

    click_bar(laptop, 0, 0)
    expect(laptop).to_have_url(re.compile("failed="))
    assert rows_told(laptop) == red["value"]
    laptop.locator("#household-list th a").first.click()
    expect(laptop.locator(".strip .verdict").first).to_contain_text("未达标")
    expect(laptop.locator(".strip").first).to_contain_text(red["name"])
    laptop.go_back()
    assert rows_told(laptop) == red["value"]
    laptop.go_back()
    assert bar(laptop, 0, 0) == red

    column = laptop.locator("table:has(.heat) thead th").all_inner_texts().index(red["name"])
    cells = laptop.locator(f".heat tr td:nth-child({column + 1})")
    assert sum(map(share_of, cells.all_inner_texts())) == red["value"]
    township = share_of(cells.first.inner_text())
    laptop.locator(".heat th a").first.click()
    expect(laptop.get_by_role("heading", level=1)).to_contain_text("关面乡")
    laptop.screenshot(path=screenshots / "dashboard-township-1366.png", full_page=True)
    column = laptop.locator("table:has(.heat) thead th").all_inner_texts().index(red["name"])
    cells = laptop.locator(f".heat tr td:nth-child({column + 1})")
    assert sum(map(share_of, cells.all_inner_texts())) == township
    village = share_of(cells.first.inner_text())
    cells.first.locator("a").click()
    assert rows_told(laptop) == village
    laptop.go_back()
    laptop.locator(".heat th a").first.click()
    expect(laptop.get_by_role("heading", name="收入离标准线最近的农户")).to_be_visible()
    laptop.screenshot(path=screenshots / "dashboard-village-1366.png", full_page=True)
    laptop.locator("#dash-places tbody th a").first.click()
    expect(laptop.locator(".strip .verdict").first).to_be_visible()


def test_figures_follow_a_recompute_without_moving_the_page(laptop: Page, county: None) -> None:
    job = factories.job(params={"year": YEAR}, status=Job.Status.RUNNING, expected=30, done=6)
    enter(laptop)
    laptop.goto(f"/dashboard/?year={YEAR}")
    expect(laptop.get_by_text("进行中 20%")).to_be_visible()
    before, red = card(laptop, "未达标"), bar(laptop, 0, 0)
    laptop.evaluate("document.querySelectorAll('canvas').forEach((each) => { each.dataset.kept = '1'; })")
    kept = laptop.locator("canvas[data-kept]").count()
    link = laptop.locator("#dash-cards a").nth(2)
    laptop.evaluate("window.scrollTo(0, 120)")
    link.evaluate("(each) => each.focus({ preventScroll: true })")
    address = link.get_attribute("href")

    AnnualRecord.objects.filter(village_id=VILLAGES[2], year=YEAR).update(food=False, clothing=False)
    recompute(VILLAGES[2][:9], YEAR)
    failing = Assessment.objects.filter(year=YEAR, verdict="fail").count()
    assert failing > before
    Job.objects.filter(pk=job.pk).update(done=18)

    expect(laptop.get_by_text("进行中 60%")).to_be_visible()
    expect(laptop.locator("#dash-cards .stat-value").nth(2)).to_contain_text(str(failing))
    assert bar(laptop, 0, 0) != red
    assert laptop.evaluate("document.activeElement.getAttribute('href')") == address
    assert laptop.evaluate("window.scrollY") == 120
    assert laptop.locator("canvas[data-kept]").count() == kept > 0
    table = laptop.locator("[data-chart-table=chart-unmet] tbody tr").first
    assert number(table.locator("td").first.text_content() or "") == bar(laptop, 0, 0)["value"]

    Job.objects.filter(pk=job.pk).update(status=Job.Status.DONE, done=30, ended_at=timezone.now())
    expect(laptop.get_by_text("重新评定已完成")).to_be_visible()
    asked: list[str] = []
    laptop.on("request", lambda request: asked.append(request.url))
    laptop.wait_for_timeout(2500)
    assert asked == []


def test_the_dashboard_fits_a_phone(phone: Page, county: None, screenshots: Path) -> None:
    enter(phone)
    for name, code in (("county", factories.COUNTY), ("village", factories.VILLAGE)):
        phone.goto(f"/dashboard/{code}/?year={YEAR}")
        expect(phone.locator("canvas").first).to_be_visible()
        phone.wait_for_load_state("networkidle")
        assert phone.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        phone.screenshot(path=screenshots / f"dashboard-{name}-360.png", full_page=True)
