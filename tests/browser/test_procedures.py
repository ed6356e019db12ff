"""One village through identification and through exit in a browser, each step by the person whose turn it is. What
clicks.py clicks for a whole township is done by verbs here.

A villager on a telephone objects twice: one objection is upheld, one rejected. One household refuses to leave the
register. With PICTURES=1 pictures of the pages, of the public's pages and of the printed lists go to tests/screenshots.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from households.models import Notice, StepRecord
from households.procedures.engine import clock
from households.procedures.lists import lines
from tests import factories
from tests.browser.procedure_office import A4, CAR, HEADS, HOUSE, LAPTOP, ONE, REST, TWO, Office, put
from tests.households.procedures.procedure_world import YEAR

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def office(
    browser: Browser, live_server: object, screenshots: Path, request: Any, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Office]:
    """People of one village, its township and county, and a day that the test moves."""
    found = Office(browser, str(live_server), screenshots, request.param)
    monkeypatch.setattr(clock, "today", lambda: found.world.day)
    yield found
    found.close()


def drafted(office: Office) -> None:
    """The village's cadre draws the list up."""
    page = office.of(office.world.cadre)
    page.goto("/procedures/new/")
    put(page.locator("[name=kind]"), office.kind)
    page.fill("[name=village_text]", "泉秀")
    page.get_by_role("option", name="泉秀村").click()
    put(page.locator("[name=year]"), str(YEAR))
    put(page.locator("[name=source]"), "eligible" if office.kind == "exit" else "chosen")
    office.shot(page, "new-1366")
    page.locator("main .card-foot button").click()
    expect(page.locator("#messages")).to_contain_text("名单已拟定")
    office.pk = int(re.findall(r"/procedures/(\d+)/", page.url)[0])
    if office.kind == "identification":
        put(page.locator("[name=households]"), True)
        page.get_by_role("button", name="列入所选农户").click()
    expect(page.locator("#entries")).to_contain_text("在名单 4 户")
    office.do("start", page=page)


def printed(office: Office, account: Any, notice: Notice, picture: str, *wanted: str) -> None:
    """The list as it comes out of the printer: full names of the heads, and the way to the public page."""
    page = office.of(account)
    page.goto(office.url)
    page.locator(f"a[href='/procedures/notices/{notice.pk}/print/']").click()
    for text in wanted:
        expect(page.get_by_text(text).first).to_be_visible()
    page.set_viewport_size(A4)  # type: ignore[arg-type]
    page.emulate_media(media="print")
    expect(page.locator(f"[data-url$='/gongshi/n/{notice.token}/']")).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    office.shot(page, picture)
    page.emulate_media(media="screen")
    page.set_viewport_size(LAPTOP)  # type: ignore[arg-type]


def objected(office: Office) -> Notice:
    """The first notice: two objections hold it up, one is upheld, one rejected; the frozen list stays as it was."""
    world = office.world
    notice = office.post()
    digest = notice.digest
    office.shot(office.of(world.cadre), "noticed-1366")
    page = office.public(notice, "notice")
    for name in HEADS.values():
        expect(page.get_by_text(name)).to_be_visible()
    printed(office, world.cadre, notice, "notice-print", *HEADS, "拟纳入贫困户")
    world.later(2)
    upheld = office.object(notice, ONE, CAR, "objection")
    rejected = office.object(notice, TWO, HOUSE)
    office.follow(upheld, "待分办")
    office.end(notice)
    page = office.fill("close", page=office.of(world.cadre))
    expect(page.get_by_text("还有 2 件异议没有答复").first).to_be_visible()
    office.shot(page, "close-refused-1366")
    office.settle(upheld, "入户查看属实，有小汽车。", "情况属实，该户不再列入名单。", decision="upheld", effect="out")
    office.shot(office.of(world.zhen), "objection-upheld-1366")
    office.reject(rejected, "两人入户查看，房屋仍是危房。", "经入户核查，异议不成立。")
    office.follow(upheld, "异议成立", "该户不再列入名单")
    office.shot(office.phone, "objection-followed-360")
    office.follow(rejected, "异议不成立")
    notice.refresh_from_db()
    assert notice.digest == digest
    assert lines.holds(notice)
    assert notice.lines.count() == len(HEADS)
    expect(office.public(notice, "notice-after").get_by_text("已从名单中取消")).to_have_count(1)
    office.do("close")
    return notice


def standings(*heads: str, office: Office) -> set[tuple[bool, str]]:
    return {(office.household(head).candidate, office.household(head).exit_status) for head in heads}


def in_order(office: Office) -> None:
    """Every step was done once, in the order of the template, nobody at two levels."""
    steps = office.batch.template.steps.filter(enabled=True).order_by("position")
    records = StepRecord.objects.filter(batch=office.pk).order_by("pk")
    assert list(records.values_list("step__code", flat=True)) == list(steps.values_list("code", flat=True))
    acted = records.exclude(level="").values_list("by", "level")
    village = {"household": "village", "group": "village"}
    levels = {(person, village.get(level, level)) for person, level in acted}
    assert len({person for person, _ in levels}) == len(levels) == 3


@pytest.mark.parametrize("office", ["identification"], indirect=True)
def test_a_village_is_identified_with_one_objection_upheld_and_one_rejected(office: Office) -> None:
    world = office.world
    drafted(office)
    for code, account in (("post", world.cadre), ("review", world.zhen), ("announce", world.xian)):
        office.refused(code, account)
    page = office.of(world.xian)
    page.goto(office.url)
    expect(page.get_by_text("等待 村干部").first).to_be_visible()
    office.walk("appraisal")
    office.step()
    objected(office)
    office.refused("announce", world.xian)
    office.step()
    office.walk("county_review")
    second = office.batch.notices.get(type="notice", sequence=2)
    assert second.entries_count == len(HEADS) - 1
    office.step()
    assert standings(*HEADS, office=office) == {(True, "")}, "nobody is registered before the approval"
    office.step()
    announced(office, "纳入贫困户")
    office.refused("approve", world.zhen)
    office.step()
    assert office.batch.state == "done"
    assert standings(ONE, office=office) == {(True, "")}
    assert standings(TWO, *REST, office=office) == {(False, "0")}
    assert "异议成立" in office.entry(ONE).reason
    in_order(office)
    page.goto(office.url)
    expect(page.locator("#entries").get_by_text("不用再识别")).to_have_count(0)
    expect(page.locator("#entries").get_by_text("评议后有变更")).to_have_count(0)
    office.shot(page, "done-1366")


def announced(office: Office, category: str) -> None:
    """The announcement leaves out who was taken off and says what was decided."""
    row = office.batch.notices.get(type="announcement")
    page = office.public(row, "announcement")
    expect(page.get_by_text(HEADS[ONE])).to_have_count(0)
    for head in (TWO, *REST):
        expect(page.get_by_text(HEADS[head])).to_be_visible()
    expect(page.get_by_text(category, exact=True)).to_have_count(len(HEADS) - 1)
    expect(page.get_by_text(f"拟{category}")).to_have_count(0)
    expect(page.get_by_role("link", name="我有不同意见")).to_have_count(0)
    printed(office, office.world.xian, row, "announcement-print", TWO, *REST, category)
    expect(office.of(office.world.xian).get_by_text(ONE)).to_have_count(0)


def refusing(office: Office) -> None:
    """One household says no: without a reason it is not taken down, with one it stays."""
    world, who = office.world, office.entry(ONE)
    answers: dict[str, Any] = {"every_agrees": "yes", f"agrees-{who.pk}": "no", "on": world.day}
    page = office.fill("consents", **answers)
    expect(page.get_by_text("农户不认可的，请写明原因").first).to_be_visible()
    assert office.entry(ONE).state == "listed"
    office.do("consents", "consents-1366", ends=True, **answers, **{f"reason-{who.pk}": "务工收入不稳定"})
    expect(office.of(world.cadre).locator("#entries")).to_contain_text("农户不认可：务工收入不稳定")
    office.shot(office.of(world.cadre), "refused-1366")
    assert office.entry(ONE).state == "out"
    world.later(1)


def why_they_stay(office: Office) -> None:
    """The township is told that the household's reason to stay is missing; the village notes it."""
    page = office.of(office.world.zhen)
    page.goto(office.url)
    expect(page.get_by_text("还没有登记不脱贫原因").first).to_be_visible()
    page = office.of(office.world.cadre)
    page.goto(f"{office.url}stay/")
    put(page.locator(f"[name=reason-{office.household(ONE).pk}]"), "07")
    put(page.locator(f"[name=note-{office.household(ONE).pk}]"), "收入不稳定")
    expect(page.get_by_text(ONE)).to_be_visible()
    office.shot(page, "stay-1366")
    page.locator("main .card-foot button").click()
    expect(page.locator("#messages")).to_be_visible()


@pytest.mark.parametrize("office", ["exit"], indirect=True)
def test_a_household_that_refuses_to_leave_stays(office: Office) -> None:
    world = office.world
    drafted(office)
    office.walk("consent")
    office.refused("post", world.cadre)
    refusing(office)
    office.walk("township_review")
    notice = office.batch.notices.get()
    expect(office.public(notice, "notice").get_by_text(HEADS[ONE])).to_have_count(0)
    why_they_stay(office)
    office.walk("announcement")
    office.step()
    announced(office, "脱贫退出")
    office.walk("")
    stays = office.household(ONE)
    assert (office.batch.state, stays.exit_status, stays.exit_year) == ("done", "0", None)
    assert stays.stay_reasons.get(year=YEAR).reason == "07"
    left = [office.household(head) for head in (TWO, *REST)]
    assert {(row.exit_status, row.exit_year) for row in left} == {("1", YEAR)}
    in_order(office)
    page = office.of(world.xian)
    page.goto(f"/procedures/?kind=exit&year={YEAR}&bucket=all")
    office.shot(page, "board-1366")
    page.goto(f"{office.url}entries/{office.entry(ONE).pk}/")
    expect(page.get_by_text("务工收入不稳定").first).to_be_visible()
    office.shot(page, "entry-1366")
    for name, path in (("start", "/gongshi/?ended=1"), ("village", f"/gongshi/{factories.VILLAGE}/?ended=1")):
        office.phone.goto(path)
        expect(office.phone.get_by_text("脱贫退出公告").first).to_be_visible()
        office.masked()
        office.shot(office.phone, f"{name}-360")
