"""The list of correction orders."""

from __future__ import annotations

from django.urls import reverse

from households.models import CorrectionOrder
from households.office.corrections.filters import STATES, CorrectionFilters
from households.standing import selectors
from povreg.kit.pages.columns import FIGURE, TITLE, UNDER, Column, along, day_text, short_day_text
from povreg.kit.pages.listing import Action, Empty, Listing, Sheet, Tabs
from povreg.kit.sheets.kinds import Day
from villages.models import User
from villages.rights import Right

TONES = {"open": "act", "approved": "pass", "refused": "missing"}
STRUCK = "撤销这一段身份"


def state(row: CorrectionOrder) -> str:
    if row.approved_by_id:
        return "approved"
    return "refused" if row.refused_reason else "open"


def wanted(row: CorrectionOrder) -> str:
    """What the order says is right."""
    if row.klass is None:
        return STRUCK
    since, until = day_text(row.since), day_text(row.until)
    return f"{row.klass}，{since}{f' 至 {until}' if until else '起'}"


def wrong(row: CorrectionOrder) -> str:
    return str(row.spell.klass) if row.spell else "没有登记"


def settled(row: CorrectionOrder) -> str:
    if row.approved_by_id:
        return f"{row.approved_by} {day_text(row.approved_on)}批准"
    return row.refused_reason


def remedy(user: User) -> str:
    if user.can(Right.COUNTY_REVIEW):
        return "登记错的身份，点“提出更正”；须由另一人批准后才改。"
    return "登记错的身份由县主管部门提出更正。"


CORRECTIONS = Listing(
    code="correction-orders",
    title="更正令",
    subtitle="身份登记错了，凭文件更正；一人提出，另一人批准",
    heading="更正令",
    unit="份",
    rights=(Right.HOUSEHOLD_VIEW,),
    rows=selectors.orders,
    columns=(
        Column("document", "文件号", link=lambda row, user: reverse("correction", args=[row.pk]),
               under=lambda row: row.reason, phone=TITLE, width=24),
        Column("household_no", "户编号", along("household__household_no"), css="tabular", api="", width=22),
        Column("village", "村", lambda row: str(row.village), under=along("village__parent"), api="", phone=UNDER),
        Column("wrong", "现在登记的", wrong, api="", width=18),
        Column("wanted", "更正为", wanted, api="", width=36),
        Column("ordered_on", "提出", kind=Day(), text=short_day_text, under=lambda row: str(row.ordered_by),
               css="nowrap"),
        Column("state", "状态", lambda row: dict(STATES)[state(row)], tone=lambda row: TONES[state(row)], api="",
               phone=FIGURE),
        Column("settled", "结果", settled, api="", width=30),
    ),
    filters=CorrectionFilters,
    bar=("place",),
    tabs=Tabs("state", lambda user: (("", "全部"), *STATES)),
    actions=(Action("提出更正", "correction-new", (Right.COUNTY_REVIEW,), main=True),),
    empty=Empty("没有更正令", remedy),
    sheet=Sheet(Right.EXPORT, "更正令"),
    orderings={"ordered_on": ("ordered_on",), "village": ("village_id", "ordered_on")},
)  # fmt: skip
