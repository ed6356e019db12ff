"""From a check to a closed finding: an auditor opens and assigns, the township answers, the auditor looks and closes;
the pages of the audit at three widths."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from audits.checks.running import check_households
from audits.models import Doubt, Finding
from tests import factories
from tests.audits import made, sampled
from tests.browser.test_standing import sign_in
from tests.browser.test_walk import PASSWORD, accessible, fits
from villages.rights import Role

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
YEAR = 2026
WIDTHS = (1366, 911, 360)


@pytest.fixture
def doubt(db: None) -> Doubt:
    """A household without people, an auditor and a township officer; something on every page of the audit."""
    for name, person, role in (("shenji", "周正", Role.AUDITOR), ("zhen", "张敏", Role.TOWNSHIP_OFFICER)):
        account = factories.user(name, password=PASSWORD, name=person)
        factories.posting(account, role)
    home = factories.household()
    check_households([home.pk], YEAR)
    made.inspection()
    made.hit(factories.household(members=1))
    sampled.sample(factories.household(members=2, exit_status="1"))
    sampled.sign()
    return Doubt.objects.get(household=home, rule="household-empty")


def shots(page: Page, screenshots: Path, name: str) -> None:
    page.wait_for_load_state("networkidle")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        fits(page)
        page.screenshot(path=screenshots / f"audits-{name}-{width}.png", full_page=True)
    page.set_viewport_size({"width": 1366, "height": 768})
    accessible(page)


def test_from_a_check_to_a_closed_finding(laptop: Page, doubt: Doubt, screenshots: Path) -> None:
    page = sign_in(laptop, "shenji")
    page.goto(f"/checks/{doubt.pk}/")
    shots(page, screenshots, "doubt")
    page.get_by_role("button", name="开出整改").click()
    page.get_by_label("整改要求").fill("入户核实，登记家庭成员。")
    page.get_by_role("button", name="交办整改").click()
    expect(page.locator("#messages")).to_contain_text("已交办")
    finding = Finding.objects.get()

    page = sign_in(laptop, "zhen")
    page.goto(f"/findings/{finding.pk}/")
    page.get_by_label("整改情况").fill("到户核实，成员已经登记。")
    page.get_by_role("button", name="报送整改情况").click()
    expect(page.locator("#messages")).to_contain_text("已报送")

    page = sign_in(laptop, "shenji")
    page.goto(f"/findings/{finding.pk}/")
    page.get_by_label("核实情况").first.fill("看了户档案，三口人已经登记。")
    page.get_by_role("button", name="核实销号").click()
    expect(page.locator("#messages")).to_contain_text("已销号")
    shots(page, screenshots, "finding")
    finding.refresh_from_db()
    assert finding.state == Finding.State.CLOSED
    for name, address in {
        "checks": "/checks/", "rules": "/checks/rules/", "quality": "/checks/quality/", "findings": "/findings/",
        "rounds": "/rounds/", "inspections": "/inspections/", "comparisons": "/comparisons/",
        "hits": "/comparisons/hits/", "samples": "/samples/", "cases": "/samples/cases/", "detection": "/detection/",
        "trail": "/trail/", "exports": "/exports/", "datasets": "/exports/new/", "privileges": "/privileges/",
    }.items():  # fmt: skip
        page.goto(address)
        shots(page, screenshots, name)
