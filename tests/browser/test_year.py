"""A year turns: the county office types the new line when the workbench asks for it, and closes the year before."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from households.eligibility.assess import recompute
from households.models import Household, YearClosing
from tests import factories
from tests.browser.test_standing import sign_in
from tests.browser.test_walk import PASSWORD, accessible, fits
from tests.households.closing.closing_world import family
from villages.models import PovertyLine
from villages.rights import Role

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
YEAR = timezone.localdate().year


@pytest.fixture
def home(db: None) -> Household:
    """A household judged last year by the line of that year; this year has a record and no line yet."""
    account = factories.user("xian", password=PASSWORD, name="周文静", place=factories.place(factories.COUNTY))
    factories.posting(account, Role.COUNTY_OFFICER)
    factories.poverty_line("8500", year=YEAR - 1, kind=PovertyLine.Kind.MONITOR)
    row = family(year=YEAR - 1, exit_status="1")
    factories.annual_record(row, YEAR)
    for year in (YEAR - 1, YEAR):
        recompute(factories.COUNTY, year)
    return row


def shot(page: Page, screenshots: Path, name: str) -> None:
    page.wait_for_load_state("networkidle")
    fits(page)
    accessible(page)
    page.screenshot(path=screenshots / f"year-{name}-1366.png", full_page=True)


def test_the_line_of_january_and_the_closing_of_the_year_before(
    laptop: Page, home: Household, screenshots: Path
) -> None:
    page = sign_in(laptop, "xian")
    shot(page, screenshots, "workbench")
    page.locator("main").get_by_role("link", name="登记标准").first.click()
    expect(page.get_by_label("年度")).to_have_value(str(YEAR))
    page.get_by_label("标准（元/人·年）").fill("8800")
    page.get_by_label("依据").fill("渝乡振〔2026〕1号")
    shot(page, screenshots, "line")
    page.locator("main form [type=submit]").first.click()
    expect(page.locator("#messages")).to_contain_text("重新计算")
    line = PovertyLine.objects.get(year=YEAR, kind=PovertyLine.Kind.MONITOR)
    assert str(line.amount) == "8800.00"

    page.goto("/closings/")
    shot(page, screenshots, "closings")
    page.locator(f"main a[href$='/{YEAR - 1}/']").first.click()
    shot(page, screenshots, "close")
    page.get_by_label("仍然封存的理由").fill("县领导小组会议同意封存")
    page.get_by_role("button", name="封存", exact=True).click()
    expect(page.locator("#messages")).to_contain_text("封存")
    closing = YearClosing.objects.get()
    assert closing.year == YEAR - 1
    page.goto(f"/closings/{closing.pk}/verify/")
    shot(page, screenshots, "verify")
    page.goto(f"/households/{home.pk}/?year={YEAR - 1}")
    expect(page.locator("main")).to_contain_text("已封存")
    shot(page, screenshots, "closed")
