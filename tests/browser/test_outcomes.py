"""Three short walks in the browser: a household declares by its village's code and reads the decision on its phone; a
wrong approval is put right by two people and told to the village; two kinds of procedures come into being on pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import caches
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from households.models import (
    ApprovalCorrection,
    Batch,
    Household,
    IncomeTest,
    Lead,
    ProcedureKind,
    ProcedureTemplate,
    SupportDecision,
)
from households.procedures.engine import clock
from households.procedures.lists import batches
from tests import factories, standings
from tests.browser.procedure_office import LAPTOP, PHONE, at_work, opened_card, put
from tests.browser.test_walk import accessible, fits
from tests.households.procedures import procedure_world
from tests.households.procedures.procedure_world import World
from villages.models import PovertyLine
from villages.rights import Role

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
SAID = "丈夫在工地摔伤，住院花了七万元，今年不能务工。"
NOW = timezone.localdate()
AGO = NOW - timedelta(days=60)
"""When the lists begin, so that they end before today."""


@pytest.fixture
def opened(browser: Browser, live_server: object) -> Iterator[Callable[..., Page]]:
    """Opens browsers, of this size, at the live server."""
    contexts = []

    def make(size: dict[str, int], **more: bool) -> Page:
        where: dict[str, Any] = {"base_url": str(live_server), "locale": "zh-CN", "timezone_id": "Asia/Shanghai"}
        contexts.append(browser.new_context(viewport=size, **where, **more))  # type: ignore[arg-type]
        return contexts[-1].new_page()

    yield make
    for each in contexts:
        each.close()


@pytest.fixture
def this_year(monkeypatch: pytest.MonkeyPatch) -> World:
    """People of a village, its township and its county, two months back; the test moves the day."""
    monkeypatch.setattr(procedure_world, "YEAR", NOW.year)
    factories.poverty_line("8800", NOW.year, kind=PovertyLine.Kind.MONITOR)
    caches["process"].clear()
    world = world_of(monkeypatch, World(0, "monitor_in"))
    world.day = AGO
    return world


def world_of(monkeypatch: pytest.MonkeyPatch, world: World) -> World:
    monkeypatch.setattr(clock, "today", lambda: world.day)
    return world


def shot(page: Page, pictures: Path, name: str) -> None:
    fits(page)
    accessible(page)
    width = page.viewport_size["width"]  # type: ignore[index]
    page.screenshot(path=pictures / f"outcome-{name}-{width}.png", full_page=True)


def do(page: Page, batch: Batch, code: str, **fields: Any) -> None:
    """One action on a list's page."""
    page.goto(f"/procedures/{batch.pk}/")
    card = opened_card(page, code)
    for name, value in fields.items():
        put(card.locator(f"[name='{name}']"), value)
    card.locator(".card-foot > button").last.click()
    if card.locator("dialog[open]").count():
        card.locator("dialog button[type=submit]").click()
    expect(page.locator("#messages")).to_be_visible()


def declared(phone: Page, home: Household, screenshots: Path) -> Lead:
    """Six fields and the consent on a phone; the number is what the household keeps."""
    head = home.members.get()
    phone.goto(f"/gongshi/{factories.VILLAGE}/")
    phone.get_by_role("link", name="申报").first.click()
    shot(phone, screenshots, "declare")
    for name, value in {"name": head.name, "phone": "13800005678", "id_no": head.id_no, "said": SAID}.items():
        phone.fill(f"[name={name}]", value)
    phone.check("[name=risks][value='01']")
    phone.check("[name=consent]")
    phone.get_by_role("button", name="提交申报").click()
    lead = Lead.objects.get(source=Lead.Source.APPLICATION)
    expect(phone.locator(".public-code")).to_have_text(lead.tracking_no)
    assert head.id_no not in phone.url and lead.household == home
    return lead


def followed(phone: Page, lead: Lead, wanted: str) -> None:
    phone.goto("/gongshi/objection/")
    phone.fill("[name=tracking_no]", lead.tracking_no)
    phone.get_by_role("button", name="查询").click()
    expect(phone.get_by_text(wanted).first).to_be_visible()


def looked_into(page: Page, lead: Lead) -> None:
    """The village goes and looks, and tests the income."""
    page.goto(f"/leads/{lead.pk}/")
    page.get_by_text("其他办理").click()
    page.locator("#visit [name=finding]").fill("看了住院票据，问了邻居，属实。")
    page.locator("#visit button[type=submit]").click()
    expect(page.locator("#messages")).to_contain_text("核实情况已登记")
    page.get_by_role("link", name="测算收入").click()
    page.locator("[name=paid_medical]").fill("70000")
    page.locator("[name=wage_income]").fill("72000")
    page.get_by_role("button", name="保存测算").click()
    expect(page.locator("#messages")).to_contain_text("收入测算已保存")


def put_on_a_list(world: World, home: Household) -> Batch:
    with world.at():
        batch = batches.draft_batch(
            by=world.cadre, kind="monitor_in", village=factories.VILLAGE, year=NOW.year, household_ids=[home.pk]
        )
        batches.describe_entry(by=world.cadre, entry=batch.entries.get(), monitor_type="2", risks=["01"])
        return batches.start_batch(by=world.cadre, batch=batch)


def test_a_declaration_by_the_code_is_followed_to_its_decision(
    opened: Callable[..., Page], this_year: World, screenshots: Path
) -> None:
    world = this_year
    home = factories.ordinary(members=1)
    factories.annual_record(home, NOW.year)
    factories.member_year(home.members.get(), NOW.year)
    phone = opened(PHONE, is_mobile=True)
    lead = declared(phone, home, screenshots)
    followed(phone, lead, "已收到，等待入户核实")
    village = at_work(opened(LAPTOP), world.cadre)
    looked_into(village, lead)
    batch = put_on_a_list(world, home)
    township = at_work(opened(LAPTOP), world.zhen)
    township.goto(f"/leads/{lead.pk}/")
    township.locator("#list [name=batch]").select_option(str(batch.pk))
    township.locator("#list [name=reason]").fill("核实属实，测算在监测范围内。")
    shot(township, screenshots, "lead")
    township.locator("#list button[type=submit]").click()
    expect(township.locator("#messages")).to_contain_text("已办结：列入名单")
    followed(phone, lead, "已列入名单")
    world.until(batch, "announcement")
    county = at_work(opened(LAPTOP), world.xian)
    do(county, batch, "announce", board="区政府网站、村委会公示栏")
    do(county, batch, "approve", remark="同意纳入")
    followed(phone, lead, "已批准")
    shot(phone, screenshots, "decided")
    home.refresh_from_db()
    assert (home.monitor_type, home.risks, home.risk_cleared) == ("2", ["01"], False)


def test_a_wrong_approval_is_put_right_by_two_and_told_to_the_village(
    opened: Callable[..., Page], monkeypatch: pytest.MonkeyPatch, screenshots: Path
) -> None:
    world = world_of(monkeypatch, World(1, "identification"))
    standings.close()
    batch = world.until(world.start("identify-2-2-1-1"), "")
    world.day = NOW
    entry, (home,) = batch.entries.get(), world.households
    home.refresh_from_db()
    assert home.exit_status == "0"
    page = at_work(opened(LAPTOP), world.xian)
    page.goto(f"/procedures/{batch.pk}/entries/{entry.pk}/")
    card = page.locator("#do-correct")
    card.locator("[name=document]").fill("渝农〔2026〕9号")
    card.locator("[name=reason]").fill("核查不实：本户有商品房")
    shot(page, screenshots, "correct")
    card.get_by_role("button", name="提出更正").click()
    expect(page.locator("#messages")).to_contain_text("须由另一人")
    asked = ApprovalCorrection.objects.get()
    other = at_work(opened(LAPTOP), factories.posted(Role.COUNTY_OFFICER, name="陈立"))
    for order in asked.orders.all():
        page.goto(f"/corrections/{order.pk}/")
        expect(page.get_by_role("button", name="批准更正")).to_have_count(0)
        other.goto(f"/corrections/{order.pk}/")
        other.get_by_role("button", name="批准更正").click()
        other.get_by_role("dialog").get_by_role("button", name="批准更正").click()
        expect(other.get_by_text("身份已更正").first).to_be_visible()
    home.refresh_from_db()
    assert (home.exit_status, home.return_year) == ("", None)
    asked.refresh_from_db()
    phone = opened(PHONE, is_mobile=True, java_script_enabled=False)
    phone.goto(f"/gongshi/n/{asked.notice.token}/")
    expect(phone.get_by_text("批复有误，已依规定更正").first).to_be_visible()
    assert home.members.get(relation="01").name not in phone.content()
    page.goto(f"/procedures/{batch.pk}/entries/{entry.pk}/")
    expect(page.get_by_text("已批准并公告").first).to_be_visible()


KINDS: dict[str, dict[str, Any]] = {
    "lowincome": {
        "label": "农村低收入人口认定", "planned": "拟认定农村低收入人口", "found": "收入低于标准，经评议认定",
        "new_class": "低收入人口", "takes_ordinary": True, "applied_for": True, "authorised": True,
        "conditions": ("living", "head", "tested", "tested_inside", "no_hard_facts"), "like": "monitor-in-default",
    },
    "sorting": {
        "label": "分类管理", "planned": "拟分类管理", "found": "按综合评估结果，分别退出或延续帮扶",
        "supports": True, "policies": ("01",), "policy_months": "12", "only_in": ("out",),
        "conditions": ("living", "head", "recorded", "reviewed"),
        "like": "monitor-out-default",
    },
}  # fmt: skip


def made(page: Page, code: str, screenshots: Path) -> None:
    """A kind as the county types it."""
    from_code = dict(KINDS[code])
    like = ProcedureTemplate.objects.get(code=from_code.pop("like"), place=None)
    page.goto("/procedures/kinds/new/")
    page.fill("[name=code]", code)
    page.select_option("[name=like]", str(like.pk))
    page.fill("[name=source]", "2026年中央一号文件第8至10条")
    for name, value in from_code.items():
        if isinstance(value, str):
            page.fill(f"[name={name}]", value)
        elif value is True:
            page.check(f"[name={name}]")
        else:
            for each in value:
                page.check(f"[name={name}][value='{each}']")
    shot(page, screenshots, f"kind-{code}")
    page.get_by_role("button", name="设立").click()
    expect(page.locator("#messages")).to_contain_text("已设立")


def listed(page: Page, code: str, home: Household) -> Batch:
    """A list of the kind, drafted and begun on pages."""
    page.goto(f"/procedures/new/?kind={code}&year={NOW.year}")
    page.locator("main .card-foot button").click()
    page.check(f"[name=households][value='{home.pk}']")
    page.get_by_role("button", name="列入所选农户").click()
    expect(page.locator("#entries")).to_contain_text("在名单 1 户")
    batch = Batch.objects.get(kind=code)
    do(page, batch, "start")
    batch.refresh_from_db()
    return batch


def test_two_kinds_come_into_being_on_pages(opened: Callable[..., Page], this_year: World, screenshots: Path) -> None:
    """农村低收入人口认定 and 分类管理, neither by code nor by a data file: made, listed, carried out."""
    world = this_year
    poor, former = world.household(in_register=False), world.household(exit_status="1", exit_year=2019)
    standings.close()
    county, village = at_work(opened(LAPTOP), world.xian), at_work(opened(LAPTOP), world.cadre)
    for code in KINDS:
        made(county, code, screenshots)
    caches["process"].clear()
    assert ProcedureKind.objects.get(code="lowincome").gives.label == "低收入人口"
    factories.review(former, year=NOW.year, proposal="end")
    for code, home in (("lowincome", poor), ("sorting", former)):
        world.kind, world.households, world.day = code, [home], AGO
        batch = listed(village, code, home)
        if code == "lowincome":
            batch = world.until(batch, "survey")
            income_of(home)
        world.until(batch, "announcement")
        do(county, batch, "announce", board="区政府网站")
        do(county, batch, "approve", remark="同意")
        batch.refresh_from_db()
        assert batch.state == Batch.State.DONE
    assert poor.spells.get(until=None).klass.label == "低收入人口"
    assert SupportDecision.objects.get().outcome == "end"


def income_of(home: Household) -> None:
    IncomeTest.objects.create(
        household=home, village_id=home.village_id, application=home.applications.get(), asked_on=AGO,
        since=AGO - timedelta(days=400), until=AGO - timedelta(days=35), result="inside", per_head=5000,
        line_amount=8800, persons=2,
    )  # fmt: skip
