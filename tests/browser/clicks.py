"""How many clicks a round of identification takes in a township of twelve villages, three households each: run by hand
(``make clicks``, or ``VILLAGES=2 make clicks``). Counted is what is pressed, ticked, chosen or picked, not opening,
reading and typing. One village does its work on pages, the others by the verbs behind them; township and county handle
all of them on pages."""

from __future__ import annotations

import copy
import os
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from playwright.sync_api import Browser, Locator, Page, expect

from households.models import Batch, Notice
from households.procedures.engine import clock
from households.procedures.lists import boards, notices
from tests import factories
from tests.browser.procedure_office import LAPTOP, at_work, opened_card, photo
from tests.households.procedures.procedure_world import PRESENT, REPRESENTATIVES, YEAR, World, picture
from villages.rights import Role

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
VILLAGES, HOUSEHOLDS = int(os.environ.get("VILLAGES", "12")), 3
REFUSED = (409, 422)
MOST = {"village": 25, "township": 4 + 2 * VILLAGES, "county": 40}


class Round:
    """One township on its way, each office with a browser of its own, and what each has pressed."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.browser, self.address, self.pressed = browser, address, Counter[str]()
        self.world = World(0, kind="identification")
        self.worlds = [self.village(f"{factories.TOWNSHIP}{300 + number}") for number in range(VILLAGES)]
        self.batches: dict[str, int] = {}

    def village(self, code: str) -> World:
        """A village with its cadre and households, township and county as for all."""
        found = copy.copy(self.world)
        factories.place(code)
        found.village = code
        found.cadre = factories.posted(Role.VILLAGE_CADRE, code, name="李建国")
        found.households = [found.household(code) for _ in range(HOUSEHOLDS)]
        return found

    def later(self, days: int) -> None:
        for world in (self.world, *self.worlds):
            world.later(days)

    # A village by its verbs

    def until(self, world: World, code: str) -> None:
        """Begun and done up to the step of this code."""
        known = self.batches.get(world.village)
        batch = Batch.objects.get(pk=known) if known else world.start()
        self.batches[world.village] = world.until(batch, code).pk

    def put_up(self, world: World) -> None:
        batch = Batch.objects.get(pk=self.batches[world.village])
        with world.at():
            notices.post_notice(by=world.cadre, batch=batch, board="村委会公示栏", hotline="12317")
            world.supply(batch)

    def taken_down(self, world: World) -> None:
        with world.at():
            world.photograph(Batch.objects.get(pk=self.batches[world.village]))
            notices.close_notice(by=world.cadre, notice=self.notice(world.village))

    def pictured(self, world: World) -> None:
        with world.at():
            boards.add_board_photo(by=world.cadre, notice=self.notice(world.village), file=picture())

    def page(self, account: Any) -> Page:
        context = self.browser.new_context(viewport=LAPTOP, base_url=self.address, locale="zh-CN")  # type: ignore[arg-type]
        return at_work(context.new_page(), account)

    def press(self, who: str, control: Locator) -> None:
        self.pressed[who] += 1
        control.click()

    def send(self, who: str, control: Locator) -> None:
        """Press a button that leads to another page; what refuses it is told."""
        page = control.page
        with page.expect_response(lambda answer: answer.request.method == "POST") as got:
            self.press(who, control)
        if got.value.status in REFUSED:
            page.wait_for_timeout(1000)
            raise AssertionError(page.locator("main").inner_text()[:2000])
        if not got.value.request.is_navigation_request():
            page.wait_for_event("load")

    def pick(self, who: str, control: Locator) -> None:
        self.pressed[who] += 1
        control.set_input_files(photo())  # type: ignore[arg-type]

    def choose(self, who: str, control: Locator, value: str) -> None:
        self.pressed[who] += 1
        control.select_option(value)

    def card(self, page: Page, code: str, batch: int) -> Locator:
        page.goto(f"/procedures/{batch}/")
        return opened_card(page, code)

    def sent(self, who: str, page: Page, card: Locator, button: str) -> None:
        self.send(who, card.get_by_role("button", name=button, exact=True))
        expect(page.locator("#messages")).to_be_visible()

    # A village on pages

    def drafted(self, code: str, page: Page) -> None:
        page.goto(f"/procedures/new/?kind=identification&year={YEAR}")
        self.send(code, page.locator("main .card-foot button"))
        for box in page.locator("[name=households]").all():
            self.press(code, box)
        self.send(code, page.get_by_role("button", name="列入所选农户"))
        expect(page.locator("#entries")).to_be_visible()
        self.batches[code] = Batch.objects.get(place_id=code).pk
        card = self.card(page, "start", self.batches[code])
        self.sent(code, page, card, "启动名单")

    def asked(self, code: str, page: Page) -> None:
        batch = self.batches[code]
        card = self.card(page, "apply", batch)
        card.locator("[name=reason]").fill("家中缺劳力")
        self.sent(code, page, card, "登记申请并办结")
        card = self.card(page, "survey", batch)
        card.locator("[name=surveyors]").fill("王立平、周航")
        self.choose(code, card.locator("[name=finding]"), "meets")
        for name in ("household_signed", "read_back"):
            self.press(code, card.locator(f"[name={name}]"))
        self.sent(code, page, card, "登记调查并办结")
        card = self.card(page, "results", batch)
        self.press(code, card.locator("[name=rest]"))
        card.locator("[name=sign_group_leader]").fill("谭国安")
        self.sent(code, page, card, "保存逐户结果并办结")

    def appraised(self, code: str, page: Page) -> None:
        card = self.card(page, "meeting", self.batches[code])
        for name, text in (("chair", "李建国"), ("representatives", REPRESENTATIVES), ("present", PRESENT)):
            card.locator(f"[name={name}]").fill(str(text))
        for name, votes in (("in_favour", PRESENT - 2), ("against", 1), ("abstained", 1)):
            for cell in card.locator(f"[name^='{name}-']").all():
                cell.fill(str(votes))
        for name in ("village_secretary", "village_director"):
            card.locator(f"[name=sign_{name}]").fill("李建国")
        for name in ("minutes", "meeting_photo"):
            self.pick(code, card.locator(f"[name=paper_{name}]"))
        self.sent(code, page, card, "保存会议和表决并办结")

    def posted(self, code: str, page: Page) -> None:
        card = self.card(page, "post", self.batches[code])
        self.pick(code, card.locator("[name=paper_board_photo]"))
        self.sent(code, page, card, "张贴公示")

    def photographed(self, code: str, page: Page) -> None:
        """What the township put up, photographed in the village."""
        page.goto(f"/procedures/notices/{self.notice(code).pk}/photos/")
        self.pick(code, page.locator("main [name=file]"))
        self.send(code, page.get_by_role("button", name="上传照片"))
        expect(page.locator("#messages")).to_be_visible()

    def closed(self, code: str, page: Page) -> None:
        card = self.card(page, "close", self.batches[code])
        self.pick(code, card.locator("[name=paper_board_photo]"))
        self.sent(code, page, card, "结束公示")

    def notice(self, code: str) -> Notice:
        return Notice.objects.filter(place_id=code, state="open").latest("pk")

    # An office

    def act(self, who: str, page: Page, bucket: str, **typed: str) -> None:
        """All lists of a stage in one act: what was drawn is opened, the paper picked, the act confirmed."""
        page.goto(f"/procedures/?kind=identification&year={YEAR}&bucket={bucket}")
        self.send(who, page.locator("button[name=which][value=all]"))
        act = page.url
        for address in page.locator("main a[href^='/procedures/']").evaluate_all("all => all.map(a => a.href)"):
            if address.rstrip("/").rpartition("/")[2].isdigit() and "/bulk/" not in address:
                page.goto(address)
        page.goto(act)
        for name, text in typed.items():
            page.locator(f"main [name='{name}']").fill(text)
        self.pick(who, page.locator("main [name=file]"))
        self.send(who, page.locator("main .card-foot button").last)
        assert "/jobs/" in page.url, page.locator("main").inner_text()

    def step(self) -> Counter[str]:
        return Counter(Batch.objects.values_list("step__code", flat=True))


@pytest.fixture
def round_(browser: Browser, live_server: Any, monkeypatch: pytest.MonkeyPatch, done_at_once: None) -> Iterator[Round]:
    found = Round(browser, str(live_server))
    monkeypatch.setattr(clock, "today", lambda: found.world.day)
    yield found


def test_clicks_of_a_round(round_: Round) -> None:
    world, (first, *others) = round_.world, round_.worlds
    code, page = first.village, round_.page(first.cadre)
    zhen, xian = round_.page(world.zhen), round_.page(world.xian)
    round_.drafted(code, page)
    round_.asked(code, page)
    for each in others:
        round_.until(each, "comparison")
    assert round_.step() == {"comparison": VILLAGES}
    round_.act("county", xian, "comparison", document="比对1号")
    round_.appraised(code, page)
    round_.posted(code, page)
    for each in others:
        round_.until(each, "notice_1")
        round_.put_up(each)
    round_.later(8)
    round_.closed(code, page)
    for each in others:
        round_.taken_down(each)
    round_.act("township", zhen, "township", **{"signer-township_leader": "何正明"})
    zhen.goto(f"/procedures/?kind=identification&year={YEAR}&bucket=township_notice")
    round_.press("township", zhen.get_by_role("button", name="全部张贴"))
    round_.send("township", zhen.get_by_role("button", name="确认张贴"))
    round_.photographed(code, page)
    for each in others:
        round_.pictured(each)
    round_.later(8)
    round_.photographed(code, page)
    for each in others:
        round_.pictured(each)
    for each in round_.worlds:
        card = round_.card(zhen, "close", round_.batches[each.village])
        round_.sent("township", zhen, card, "结束公示")
    round_.act("county", xian, "county", **{"signer-county_office": "周文静"})
    round_.act("county", xian, "announcement", document="渝农〔2020〕1号")
    connection.ensure_connection()
    assert Batch.objects.filter(state="done").count() == VILLAGES
    pressed = round_.pressed
    print(f"village {pressed[code]}, township {pressed['township']}, county {pressed['county']}")
    assert pressed[code] <= MOST["village"]
    assert pressed["township"] <= MOST["township"] and pressed["county"] <= MOST["county"]
