"""The offices that a list goes through, each with a browser of its own, and a villager with a telephone."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect

from households.models import Batch, BatchEntry, Household, Notice, Objection
from households.models.template import Capacity, StepKind
from households.procedures.lists.actions import ACTIONS
from households.procedures.objections import services as objections
from tests.browser.test_people import sign_in
from tests.households.procedures.procedure_world import PRESENT, REPRESENTATIVES, World

PASSWORD = "Demo-2026-password"
LAPTOP, PHONE, A4 = {"width": 1366, "height": 768}, {"width": 360, "height": 740}, {"width": 658, "height": 995}
HEADS = {"欧阳春秀": "欧**秀", "谭国安": "谭*安", "罗永芳": "罗*芳", "向德明": "向*明"}
ONE, TWO, *REST = HEADS
CAR = "这一户去年买了小汽车，在县城有商品房，请核实"
HOUSE = "听说这一户的房子早就修好了，不应该再纳入"


_numbers = count()


def photo() -> dict[str, Any]:
    """No two alike, as a photo of the board may be used once only."""
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "white").save(out, "JPEG", comment=str(next(_numbers)))
    return {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def put(control: Locator, value: Any) -> None:
    """Fill in a control as its kind asks; every box of a group when there are several."""
    kind = control.first.evaluate("each => each.type")
    if kind == "file":
        control.set_input_files(value)
    elif kind == "radio":
        control.and_(control.page.locator(f"[value='{value}']")).check()
    elif kind == "checkbox":
        for box in control.all():
            box.check()
    elif kind == "select-one":
        control.select_option(value)
    else:
        control.fill(str(value))


def at_work(page: Page, account: Any) -> Page:
    """The page after this person signed in with it."""
    account.set_password(PASSWORD)
    account.save()
    sign_in(page, account.username, PASSWORD)
    expect(page.get_by_role("heading", name="今天要做的事")).to_be_visible()
    return page


def opened_card(page: Page, code: str) -> Locator:
    """The form of an action on a list's page, opened."""
    card = page.locator(f"#do-{code}")
    if not card.locator("details").evaluate("each => each.open"):
        card.locator("summary").click()
    return card


@dataclass
class Office:
    """One list on its way, the people who work on it, each signed in in a browser of their own, and a villager."""

    browser: Browser
    address: str
    pictures: Path
    kind: str
    world: World = field(init=False)
    pages: dict[int, Page] = field(init=False)
    phone: Page = field(init=False)
    pk: int = 0

    def __post_init__(self) -> None:
        self.world = World(households=len(HEADS), kind=self.kind)
        for row, name in zip(self.world.households, HEADS, strict=True):
            row.members.filter(relation="01").update(name=name)
        self.pages = {}
        self.phone = self.opened(PHONE, is_mobile=True, java_script_enabled=False)

    def opened(self, size: dict[str, int], **more: bool) -> Page:
        where = {"base_url": self.address, "locale": "zh-CN", "timezone_id": "Asia/Shanghai"}
        return self.browser.new_context(viewport=size, **where, **more).new_page()  # type: ignore[arg-type]

    def signed_in(self, account: Any) -> Page:
        return at_work(self.opened(LAPTOP), account)

    def close(self) -> None:
        for page in (*self.pages.values(), self.phone):
            page.context.close()

    @property
    def batch(self) -> Batch:
        return Batch.objects.select_related("step", "template").get(pk=self.pk)

    @property
    def url(self) -> str:
        return f"/procedures/{self.pk}/"

    def of(self, account: Any) -> Page:
        """The browser of a person, signed in when it is first needed."""
        if account.pk not in self.pages:
            self.pages[account.pk] = self.signed_in(account)
        return self.pages[account.pk]

    @property
    def acting(self) -> Page:
        """The page of whoever's turn it is."""
        return self.of(self.world.actor(self.batch))

    def shot(self, page: Page, name: str) -> None:
        page.screenshot(path=self.pictures / f"procedure-{self.kind}-{name}.png", full_page=True)

    def entry(self, head: str) -> BatchEntry:
        return self.batch.entries.get(household=self.household(head))

    def household(self, head: str) -> Household:
        row = self.world.households[list(HEADS).index(head)]
        row.refresh_from_db()
        return row

    # What people do

    def fill(self, code: str, picture: str = "", page: Page | None = None, ends: bool = False, **fields: Any) -> Page:
        """Fill the form of an action in and send it; ``ends``: with the button that ends the step, too."""
        page = page or self.acting
        page.goto(self.url)
        card = opened_card(page, code)
        for name, value in fields.items():
            if name.startswith("every_"):
                for each in card.locator(f"[name^='{name.removeprefix('every_')}-']").all():
                    put(each, value)
            else:
                put(card.locator(f"[name='{name}']"), value)
        if picture:
            self.shot(page, picture)
        buttons = card.locator(".card-foot > button")
        (buttons.last if ends else buttons.first).click()
        if card.locator("dialog[open]").count():
            card.locator("dialog button[type=submit]").click()
        return page

    def do(self, code: str, picture: str = "", **fields: Any) -> None:
        page = self.fill(code, picture, **fields)
        expect(page.locator("#messages")).to_contain_text(ACTIONS[code].done)

    def given(self) -> dict[str, Any]:
        """The scans and signatures that the step asks for, as its form takes them."""
        step = self.batch.step
        assert step is not None
        papers = {f"paper_{kind}": photo() for kind in step.attachments}
        return papers | {f"sign_{capacity}": "周航" for capacity in step.signers if capacity != Capacity.HEAD}

    def meet(self) -> None:
        facts: dict[str, Any] = {
            "held_on": self.world.day,
            "chair": "李建国",
            "recorder": "王立平",
            "minutes": "逐户介绍，逐户表决。",
        }
        votes: dict[str, Any] = {"every_in_favour": PRESENT - 2, "every_against": 1, "every_abstained": 1}
        roll: dict[str, Any] = {"representatives": REPRESENTATIVES, "present": PRESENT}
        self.do("meeting", "meeting-1366", ends=True, **facts, **roll, **votes, **self.given())

    def step(self) -> None:
        """Do the current step by its forms; the day is the next one."""
        step = self.batch.step
        assert step is not None
        if step.kind == StepKind.APPRAISAL:
            self.meet()
        elif step.kind in (StepKind.TOWNSHIP_REVIEW, StepKind.COUNTY_REVIEW):
            self.do("review", f"{step.code}-1366", outcome="passed", on=self.world.day, **self.given())
        elif step.kind == StepKind.FILING:
            self.do("approve", "approve-1366", on=self.world.day, remark="同意", **self.given())
        else:
            assert step.kind == StepKind.ANNOUNCEMENT
            self.do("announce", board="开州区政府网站、村委会公示栏")
        self.world.later(1)

    def walk(self, code: str) -> None:
        """The steps up to the one of this code by the verbs behind the forms, where these are not the point."""
        self.world.until(self.batch, code)

    def post(self) -> Notice:
        """Put the list up, with its photo; it runs for seven days from today."""
        self.do("post", board="村委会公示栏", hotline="12317", paper_board_photo=photo())
        notice = self.batch.notices.get(state="open")
        assert notice.ends_on - notice.posted_on == timedelta(days=7)
        return notice

    def end(self, notice: Notice) -> None:
        """The day after the last one, with the board photographed once more."""
        self.world.day = notice.ends_on + timedelta(days=1)
        self.do("paper", kind="board_photo", file=photo())

    def refused(self, code: str, account: Any) -> None:
        """An action that is not this person's turn changes nothing, even when it is sent without its form."""
        before = self.standing()
        page = self.of(account)
        page.goto(self.url)
        token = page.locator("meta[name=csrf-token]").get_attribute("content") or ""
        sent = page.request.post(
            f"{self.url}do/{code}/",
            form={"on": self.world.day.isoformat(), "outcome": "passed", "board": "公示栏"},
            headers={"X-CSRFToken": token},
        )
        assert sent.status in (403, 422), (code, sent.status)
        assert self.standing() == before, code

    def standing(self) -> tuple[Any, ...]:
        batch = self.batch
        return (
            batch.state, batch.step_id, batch.records.count(), batch.notices.count(),
            sorted(batch.entries.values_list("pk", "state")),
            sorted(Household.objects.values_list("pk", "exit_status")),
        )  # fmt: skip

    # What the public reads

    def public(self, notice: Notice, picture: str) -> Page:
        """The list on a telephone without scripts: masked names only, nothing wider than the screen."""
        self.phone.goto(f"/gongshi/n/{notice.token}/")
        self.phone.reload()  # lists are cached for a minute
        self.masked()
        box = self.phone.locator("body").bounding_box()
        assert box is not None
        assert box["width"] <= PHONE["width"]
        self.shot(self.phone, f"{picture}-360")
        return self.phone

    def masked(self) -> None:
        raw = self.phone.content()
        numbers = [person.id_no for row in self.world.households for person in row.members.all()]
        secrets = [*HEADS, *numbers, *(row.household_no for row in self.world.households), "王小", "139", CAR, HOUSE]
        assert [secret for secret in secrets if secret in raw] == [], self.phone.url

    def object(self, notice: Notice, head: str, text: str, picture: str = "") -> Objection:
        """A villager objects on the telephone and keeps the number."""
        self.phone.goto(f"/gongshi/n/{notice.token}/")
        self.phone.get_by_role("link", name="我有不同意见").click()
        position = notice.lines.get(entry=self.entry(head)).position
        self.phone.select_option("[name=line]", str(position))
        self.phone.fill("[name=text]", text)
        if picture:
            self.shot(self.phone, f"{picture}-360")
        self.phone.get_by_role("button", name="提交").click()
        number = self.phone.locator(".public-code").inner_text().strip()
        if picture:
            self.shot(self.phone, f"{picture}-sent-360")
        return Objection.objects.get(tracking_no=number)

    def follow(self, objection: Objection, *wanted: str) -> None:
        self.phone.goto("/gongshi/objection/")
        self.phone.fill("[name=tracking_no]", objection.tracking_no)
        self.phone.get_by_role("button", name="查询").click()
        for text in wanted:
            expect(self.phone.get_by_text(text).first).to_be_visible()
        self.masked()

    # What becomes of an objection

    def handle(self, account: Any, objection: Objection, name: str, **fields: Any) -> Page:
        page = self.of(account)
        page.goto(f"/objections/{objection.pk}/")
        section = page.locator(f"#{name}")
        if not section.is_visible():
            page.locator("details.more-steps > summary").click()
        for key, value in fields.items():
            put(section.locator(f"[name='{key}']"), value)
        section.locator("button[type=submit]").click()
        expect(page.locator("#messages")).to_be_visible()
        return page

    def settle(self, objection: Objection, found: str, answer: str, **decision: str) -> None:
        """Assigned by the township, looked into by the village, decided and answered by the township."""
        world = self.world
        self.handle(world.zhen, objection, "assign", to=str(world.checker.pk))
        self.handle(world.checker, objection, "investigate", on=world.day, text=found)
        self.handle(world.zhen, objection, "decide", reason=found, **decision)
        self.handle(world.zhen, objection, "answer", answer=answer)

    def reject(self, objection: Objection, found: str, answer: str) -> None:
        """The same without pages: nothing comes of it."""
        world, about = self.world, {"objection": objection}
        with world.at():
            objections.assign_objection(by=world.zhen, to=world.checker, **about)
            objections.investigate_objection(by=world.checker, text=found, **about)
            objections.decide_objection(by=world.zhen, decision="rejected", reason=found, **about)
            objections.answer_objection(by=world.zhen, answer=answer, **about)
