"""The lists of pairings, of households without a helper, and of a proposal's pairs."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from assistance.models import Pairing, PairingChoice, PairingProposal
from assistance.pairing import selectors
from assistance.pairing.filters import GapFilters, PairingFilters
from assistance.pairing.forms import EndForm
from households.models import Household
from households.models.member import head_name
from povreg.kit.pages.columns import FIGURE, MOMENT, NUMBER, TITLE, UNDER, Column, along, short_day_text
from povreg.kit.pages.listing import Action, Ask, Empty, Listing, RowAction, Sheet
from villages.models import User
from villages.rights import Right

EDIT = (Right.PAIRING_EDIT,)
TURNS = {1: "第一帮扶人", 2: "第二帮扶人", 3: "第三帮扶人"}


def home(row: Any, user: User) -> str:
    return reverse("household", args=[row.household_id])


def running(row: Pairing, user: User) -> bool:
    return row.ends_on is None and user.can(Right.PAIRING_EDIT, row.village_id)


PAIRINGS = Listing(
    code="pairings",
    title="结对帮扶",
    subtitle="谁帮扶哪一户，第几帮扶人，从什么时候起",
    heading="结对",
    unit="对",
    rights=(Right.HOUSEHOLD_VIEW,),
    rows=selectors.pairings,
    columns=(
        Column("who", "农户", along("head_name"), link=home, under=along("household__household_no"), api="",
               phone=TITLE, width=16),
        Column("village_name", "村", lambda row: str(row.village), under=along("village__parent"), api="", phone=UNDER),
        Column("helper_name", "帮扶责任人", along("helper__name"), css="who", api="", phone=FIGURE),
        Column("turn", "顺序", lambda row: TURNS.get(row.turn, f"第{row.turn}帮扶人"), api=""),
        Column("unit", "单位", lambda row: row.unit.name if row.unit else "", api="", blank="未登记", width=22),
        Column("starts_on", "开始", text=short_day_text, css="tabular"),
        Column("until", "结束", along("ends_on"), text=short_day_text, api="", blank="今", css="tabular"),
        Column("note", "帮扶内容", width=24),
    ),
    filters=PairingFilters,
    bar=("q", "place", "current"),
    personal=("q",),
    usual={"current": "true"},
    actions=(
        Action("结对建议", "pairing-propose", EDIT),
        Action("登记结对", "pairing-new", EDIT, main=True),
    ),
    row_actions=(
        RowAction("end", "结束", lambda row: reverse("pairing-end", args=[row.pk]), may=running,
                  ask=Ask("结束结对", lambda row: "没有脱贫或风险没有消除的户，要先有人接替才能脱钩。", risk=True,
                          form=lambda row: EndForm(pairing=row))),
    ),
    empty=Empty("没有这样的结对", "可以换一个村再看；要安排的，点“登记结对”。"),
    sheet=Sheet(Right.EXPORT, "结对帮扶"),
    orderings={"place": ("village_id", "household_id", "-starts_on"), "starts_on": ("starts_on",)},
    faint=lambda row: row.ends_on is not None,
)  # fmt: skip


def must_have(row: Household) -> str:
    """Why the household must have a helper."""
    return "还没有脱贫" if row.exit_status in ("0", "3") else "监测对象，风险未消除"


GAPS = Listing(
    code="pairing-gaps",
    title="还没有帮扶责任人的户",
    subtitle="没有脱贫的户和风险没有消除的监测对象，都应当有人帮扶",
    heading="农户",
    unit="户",
    rights=(Right.HOUSEHOLD_VIEW,),
    rows=selectors.gaps,
    columns=(
        Column("who", "农户", along("head_name"), link=lambda row, user: reverse("household", args=[row.pk]),
               under=along("household_no"), api="", phone=TITLE, width=16),
        Column("village_name", "村", lambda row: str(row.village), under=along("village__parent"), api="", phone=UNDER),
        Column("why", "为什么要有", must_have, api="", phone=FIGURE, width=22),
    ),
    filters=GapFilters,
    bar=("place",),
    empty=Empty("都有帮扶责任人了", "没有缺口。"),
    sheet=Sheet(Right.EXPORT, "没有帮扶责任人的户"),
)  # fmt: skip


def choices(proposal: PairingProposal, user: User) -> QuerySet[PairingChoice]:
    rows = PairingChoice.objects.visible_to(user).filter(proposal=proposal)
    rows = rows.select_related("household", "helper", "village__parent")
    return rows.annotate(head_name=head_name("household_id")).order_by("village_id", "household_id")


def open_choice(row: PairingChoice, user: User) -> bool:
    return row.state == PairingChoice.State.OPEN and user.can(Right.PAIRING_EDIT, row.village_id)


CHOICES = Listing(
    code="pairing-choices",
    title="结对建议",
    heading="建议的结对",
    unit="户",
    columns=(
        Column("who", "农户", along("head_name"), link=home, under=along("household__household_no"), phone=TITLE),
        Column("village_name", "村", lambda row: str(row.village), phone=UNDER),
        Column("helper_name", "建议的帮扶责任人", along("helper__name"), blank="没有配上", phone=FIGURE),
        Column("reasons", "理由", width=40),
        Column("state", "状态", lambda row: row.get_state_display()),
    ),
    row_actions=(
        RowAction("change", "换人", lambda row: reverse("pairing-choice", args=[row.pk]), may=open_choice),
        RowAction("refuse", "不采用", lambda row: reverse("pairing-refuse", args=[row.pk]), may=open_choice, post=True),
    ),
    empty=Empty("这份建议里没有户"),
)  # fmt: skip


def proposals(user: User) -> QuerySet[PairingProposal]:
    return PairingProposal.objects.visible_to(user).select_related("place", "made_by").order_by("-made_at", "-pk")


PROPOSALS = Listing(
    code="pairing-proposals",
    title="结对建议",
    subtitle="按需求、路程、单位职能和现有结对算出来的建议，逐户说明理由，由办公室确认",
    heading="建议",
    unit="份",
    rights=EDIT,
    rows=proposals,
    columns=(
        Column("place_name", "范围", lambda row: str(row.place), phone=TITLE, api="",
               link=lambda row, user: reverse("pairing-proposal", args=[row.pk])),
        Column("made_at", "提出时间", kind=MOMENT, api="", phone=UNDER),
        Column("households", "户数", kind=NUMBER, phone=FIGURE),
        Column("helpers", "帮扶责任人", kind=NUMBER),
        Column("unmatched", "没有配上", kind=NUMBER),
        Column("state_label", "状态", lambda row: row.get_state_display(), api=""),
    ),
    actions=(Action("提出建议", "pairing-propose", EDIT, main=True),),
    empty=Empty("还没有建议", "点“提出建议”，按范围计算。"),
)  # fmt: skip

LISTS = (PAIRINGS, GAPS, CHOICES, PROPOSALS)
