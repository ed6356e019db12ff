"""The public pages on a phone without scripts, and the printed list, as they look."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from households.models import Notice, Objection
from households.procedures.engine import clock
from households.procedures.lists import notices
from tests.browser.test_people import sign_in
from tests.households.procedures.procedure_world import World

pytestmark = pytest.mark.django_db(transaction=True)
PHONE = {"width": 360, "height": 740}
LETTER = "他家在县城有商品房，不符合条件，请核实"


@pytest.fixture
def world():
    found = World(households=3)
    found.day = clock.today()
    return found


def put_up(world: World) -> Notice:
    batch = world.until(world.start("exit-national"), "notice_1")
    world.day = clock.today()
    with world.at():
        return notices.post_notice(by=world.cadre, batch=batch, board="村委会公示栏", hotline="12317")


def test_a_villager_objects_on_a_phone_without_scripts(browser: Browser, live_server, world, screenshots):
    notice = put_up(world)
    context = browser.new_context(
        base_url=str(live_server), viewport=PHONE, locale="zh-CN", java_script_enabled=False, is_mobile=True
    )
    page = context.new_page()
    page.goto("/gongshi/")
    page.fill("[name=q]", "泉秀")
    page.get_by_role("button", name="查找").click()
    page.locator(".public-search .public-list a").first.click()
    page.locator(".public-list a").first.click()
    expect(page.get_by_text("王*海").first).to_be_visible()
    expect(page.get_by_text("王明海")).to_have_count(0)
    page.screenshot(path=screenshots / "public-notice-360.png", full_page=True)
    page.get_by_role("link", name="我有不同意见").click()
    page.select_option("[name=line]", "1")
    page.fill("[name=text]", LETTER)
    page.screenshot(path=screenshots / "public-objection-360.png", full_page=True)
    page.get_by_role("button", name="提交").click()
    number = page.locator(".public-code").inner_text()
    page.goto("/gongshi/objection/")
    page.fill("[name=tracking_no]", number)
    page.get_by_role("button", name="查询").click()
    expect(page.get_by_text("待分办")).to_be_visible()
    assert number not in page.url and Objection.objects.get(notice=notice).text == LETTER
    context.close()


def test_the_printed_list_fits_on_a4(laptop, world, screenshots):
    notice = put_up(world)
    world.cadre.set_password("Povreg-2020-Aa")
    world.cadre.save()
    sign_in(laptop, world.cadre.username, "Povreg-2020-Aa")
    expect(laptop.get_by_role("heading", name="今天要做的事")).to_be_visible()
    laptop.goto(f"/procedures/notices/{notice.pk}/print/")
    laptop.set_viewport_size({"width": 658, "height": 995})
    laptop.emulate_media(media="print")
    expect(laptop.get_by_role("heading", name="脱贫退出公示（第一次）")).to_be_visible()
    expect(laptop.get_by_role("link", name="下载 .docx")).to_be_hidden()
    assert laptop.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    laptop.screenshot(path=screenshots / "print-notice.png")
