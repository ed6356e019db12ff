"""Every page is fit to be read by anybody: no serious fault by axe, and none wider than a phone.

All addresses without arguments that answer with a page, and the main pages of one row, each as a role that may open it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from operator import attrgetter

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page

from households.eligibility.assess import recompute
from tests import factories
from tests.house.routes import ROUTES, Route, World
from villages.rights import Role

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
AXE = settings.BASE_DIR / "node_modules" / "axe-core" / "axe.min.js"
NEVER_FOLLOWS = "window.ResizeObserver = class { observe() {} unobserve() {} disconnect() {} }"
"""Charts follow the width a moment later: held back, so that a page wider than a phone meanwhile is always seen."""
RUN = "axe.run({exclude: [%s]}, {resultTypes: ['violations']})"
FRAME = "['header']"
DRAWN = "() => [...document.querySelectorAll('[data-chart]')].every((box) => box.querySelector('canvas, svg'))"
NO_PAGE = {
    "metrics",
    "healthz",
    "gongshi/heyan/keys.pem",
    "households/walk/",
    "readyz",
    "robots.txt",
    "places/search",
    "procedures/export/",
    "village-files/sheet/",
    "households/counts/",
}
PREFERRED = (Role.COUNTY_OFFICER, Role.VILLAGE_CADRE, Role.TOWNSHIP_OFFICER, Role.ACCOUNTS_ADMIN, Role.SECURITY_ADMIN)
DETAILS: list[tuple[str, str, Role]] = [  # url name, row of the world, who looks
    ("household", "household", Role.VILLAGE_CADRE),
    ("household-members", "household", Role.VILLAGE_CADRE),
    ("household-income", "household", Role.VILLAGE_CADRE),
    ("household-history", "household", Role.COUNTY_OFFICER),
    ("household-verdict", "household", Role.COUNTY_OFFICER),
    ("procedure", "objection.notice.batch", Role.TOWNSHIP_OFFICER),
    ("objection", "objection", Role.COUNTY_OFFICER),
    ("job", "job", Role.COUNTY_OFFICER),
    ("account", "account", Role.SECURITY_ADMIN),
    ("sheet-import", "sheet_import", Role.COUNTY_OFFICER),
]
PLACES = [  # url name, place, who looks
    ("dashboard-place", factories.COUNTY, Role.COUNTY_LEADER),
    ("dashboard-place", factories.VILLAGE, Role.VILLAGE_CADRE),
    ("dashboard-notices", factories.COUNTY, Role.COUNTY_LEADER),
    ("report", "health", Role.COUNTY_LEADER),
    ("report", "structure", Role.COUNTY_OFFICER),
    ("report", "cadres", Role.COUNTY_OFFICER),
    ("place", factories.TOWNSHIP, Role.COUNTY_OFFICER),
    ("procedure-quota", factories.COUNTY, Role.COUNTY_OFFICER),
]


@pytest.fixture
def world() -> World:
    """A village with one of everything, and households of every verdict."""
    found = World()
    factories.village_profile(factories.VILLAGE, is_poor=True)
    for number, facts in enumerate(({}, {"food": False}, {"house_grade": ""})):
        household = factories.household((factories.VILLAGE, factories.NEXT_VILLAGE)[number % 2], members=2)
        factories.annual_record(household, **facts)
    recompute(factories.COUNTY, factories.YEAR)
    return found


@contextmanager
def signed_in(browser: Browser, address: str, role: Role | None) -> Iterator[Page]:
    context = browser.new_context(base_url=address, viewport={"width": 1366, "height": 768}, locale="zh-CN")
    if role is not None:
        client = Client()
        client.force_login(factories.posted(role))
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": address}])
    context.add_init_script(NEVER_FOLLOWS)
    yield context.new_page()
    context.close()


def faults(page: Page, url: str, without: str) -> list[str]:
    """What axe finds grave on the page, and whether it is wider than a phone.

    ``without`` names what was looked at already."""
    answer = page.goto(url)
    assert answer is not None
    assert answer.status == 200, url
    page.wait_for_function(DRAWN)
    page.evaluate(AXE.read_text())
    found = [
        f"{url} {fault['id']}: {fault['nodes'][0]['html'][:150]}"
        for fault in page.evaluate(RUN % without)["violations"]
        if fault["impact"] in ("serious", "critical")
    ]
    page.set_viewport_size({"width": 360, "height": 740})
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        found.append(f"{url} is wider than a phone")
    page.set_viewport_size({"width": 1366, "height": 768})
    return found


def plain_pages() -> dict[Role | None, list[str]]:
    """Addresses without arguments that answer with a page, by the role that looks at them."""
    found: dict[Role | None, list[str]] = {}
    for route, wanted in ROUTES.items():
        first: Route = wanted if isinstance(wanted, Route) else wanted[0]
        if "<" in route or route.startswith("api/") or route in NO_PAGE or first.method != "get":
            continue
        anonymous = first.anonymous == 200
        role = None if anonymous else next(role for role in (*PREFERRED, *Role) if role in first.may)
        found.setdefault(role, []).append(f"/{route}{first.query}")
    return found


def test_every_page_is_fit_to_be_read(browser: Browser, live_server: object, world: World) -> None:
    if not AXE.exists():
        pytest.skip("no axe-core: npm ci")
    wanted = plain_pages()
    for name, row, role in DETAILS:
        wanted.setdefault(role, []).append(reverse(name, args=[attrgetter(row)(world).pk]))
    for name, code, role in PLACES:
        wanted.setdefault(role, []).append(reverse(name, args=[code]))
    found: list[str] = []
    for role, urls in wanted.items():
        with signed_in(browser, str(live_server), role) as page:
            for number, url in enumerate(urls):
                found += faults(page, url, FRAME if number else "")
    assert not found, "\n".join(found)
    assert sum(map(len, wanted.values())) > 40
