"""The two bars fit wherever they are looked at, for every role; the box in them keeps what is typed out of addresses;
the way back leads to the list one came from; large type is a matter of the device."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests import factories
from tests.browser.test_axe import signed_in
from villages.rights import Role

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
LAPTOPS = (1366, 1093, 1024, 911)
"""A laptop at 100, 125 and 150 per cent, and an old screen."""
PATHS = ("/", "/households/", "/procedures/", "/dashboard/", "/standards/", "/accounts/", "/messages/", "/me/")
FAULTS = """() => {
  const said = [], wide = document.documentElement;
  if (wide.scrollWidth > wide.clientWidth) said.push(`page ${wide.scrollWidth} wide`);
  for (const [name, height] of [[".topbar", 52], [".subbar", 44]]) {
    const bar = document.querySelector(name);
    if (!bar) continue;
    if (bar.getBoundingClientRect().height > height + 1) said.push(`${name} is higher than a line`);
    for (const each of bar.querySelectorAll("a, summary, input:not([type=hidden]), .brand b")) {
      const box = each.getBoundingClientRect();
      if (!box.width || each.closest(".menu")) continue;
      if (box.right > wide.clientWidth + 1 || box.left < 0) said.push(`${name}: ${each.textContent.trim()} is outside`);
      if (each.scrollHeight > height + 1) said.push(`${name}: ${each.textContent.trim()} is broken`);
    }
  }
  const places = document.querySelector(".domains");
  if (places && places.scrollWidth > places.clientWidth + 1) said.push("domains are cut");
  return said;
}"""


def visit(page: Page, path: str) -> bool:
    answer = page.goto(path)
    return answer is not None and answer.status == 200


@pytest.mark.parametrize("role", list(Role))
def test_the_bars_fit_every_laptop_and_a_phone(browser: Browser, live_server: object, role: Role) -> None:
    factories.household()
    found = []
    with signed_in(browser, str(live_server), role) as page:
        for path in PATHS:
            if not visit(page, path):
                continue
            for width in LAPTOPS:
                page.set_viewport_size({"width": width, "height": 600})
                found += [f"{path} at {width}: {said}" for said in page.evaluate(FAULTS)]
            page.set_viewport_size({"width": 360, "height": 740})
            places = page.locator(".tabbar > *").all()
            assert 4 <= len(places) <= 5, path
            assert all(each.bounding_box()["x"] + each.bounding_box()["width"] <= 361 for each in places)
            page.set_viewport_size({"width": 1366, "height": 600})
    assert not found, "\n".join(found)


def test_what_is_typed_into_the_box_stands_in_no_address(browser: Browser, live_server: object) -> None:
    household = factories.household(members=1)
    name = household.members.get().name
    with signed_in(browser, str(live_server), Role.VILLAGE_CADRE) as page:
        page.goto("/")
        page.keyboard.press("/")
        page.keyboard.type(name)
        page.keyboard.press("Enter")
        expect(page.locator("#household-list")).to_contain_text(name)
        assert "found=" in page.url
        assert name not in page.evaluate("decodeURIComponent(location.href)")


def test_a_row_leads_back_to_the_list_with_its_filters(browser: Browser, live_server: object) -> None:
    factories.household(members=1)
    with signed_in(browser, str(live_server), Role.VILLAGE_CADRE) as page:
        page.goto(f"/households/?place={factories.VILLAGE}&verdict=none")
        asked = page.url
        page.locator("#household-list tbody th a").first.click()
        back = page.locator("[data-back]")
        expect(back).to_contain_text("返回“")
        back.click()
        assert page.url == asked
        page.goto("/dashboard/")
        expect(page.locator("[data-back]")).to_be_hidden()


def test_large_type_is_kept_on_this_device(browser: Browser, live_server: object) -> None:
    with signed_in(browser, str(live_server), Role.VILLAGE_CADRE) as page:
        page.goto("/me/")
        size = page.evaluate("parseFloat(getComputedStyle(document.querySelector('h1')).fontSize)")
        page.get_by_role("button", name="大字版").last.click()
        expect(page.locator("html[data-type=large]")).to_have_count(1)
        page.goto("/households/")
        large = page.evaluate("parseFloat(getComputedStyle(document.querySelector('h1')).fontSize)")
        assert large == pytest.approx(size * 1.22, rel=0.01)
        assert not page.evaluate(FAULTS)[:1] or "wide" not in page.evaluate(FAULTS)[0]
        page.goto("/me/")
        page.get_by_role("button", name="恢复普通字号").last.click()
        expect(page.locator("html[data-type=large]")).to_have_count(0)
