"""The list of measures."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from django.urls import reverse
from django.utils import timezone

from assistance.measures import selectors
from assistance.measures.filters import STANDING, MeasureFilters
from assistance.models import Measure
from assistance.models.catalogue import Kind
from povreg.kit.pages.columns import FIGURE, TITLE, UNDER, Column, along, short_day_text
from povreg.kit.pages.listing import Action, Ask, Empty, Listing, RowAction, Sheet, Tabs
from povreg.kit.sheets.kinds import Yuan
from villages.codes.selectors import labels_of
from villages.models import User
from villages.rights import Right


def who(row: Measure) -> str:
    """The head of the household, and the person it is for where it is for one."""
    return getattr(row, "head_name", "") or row.household.household_no


def for_whom(row: Measure) -> str:
    return row.member.name if row.member else "全户"


def quantity_words(row: Measure) -> str:
    return "" if row.quantity is None else f"{plain(row.quantity)} {row.item.unit}".strip()


def plain(value: Decimal) -> str:
    """A quantity without idle zeros."""
    return f"{value:,.2f}".rstrip("0").rstrip(".")


def term(row: Measure) -> str:
    """Until when it runs on; nothing for what was done once."""
    if row.ends_on is None:
        return ""
    if row.settled_on:
        return "已还清" if row.item.kind == Kind.LOAN else "已离岗"
    days = (row.ends_on - timezone.localdate()).days
    return "已到期" if days < 0 else f"还有 {days} 天"


def item_words(row: Measure) -> str:
    """What it belongs to, and its class where the amount goes by one."""
    return "，".join(filter(None, (row.item.get_batch_display(), row.tier)))


def fund_words(row: Measure) -> str:
    """The project whose money paid it."""
    return row.payment.project.name if row.payment and row.payment.project else ""


def fund_source(row: Measure) -> str:
    """Where that money came from: whose it is, by which document."""
    source = row.payment.allocation and row.payment.allocation.source if row.payment else None
    return f"{source.get_kind_display()} {source.document}" if source else ""


def fund_url(row: Measure, user: User) -> str:
    if not fund_words(row) or not user.can(Right.FUND_VIEW):
        return ""
    return reverse("project", args=[row.payment.project_id])  # type: ignore[union-attr]  # it has words


def state(row: Measure) -> str:
    return "已撤回" if row.withdrawn_on else term(row)


def may_change(row: Measure, user: User) -> bool:
    return row.withdrawn_on is None and user.can(Right.MEASURE_EDIT, row.village_id)


PHONE = {"item_label": UNDER, "member_name": ""}
"""Where columns stand on a phone that come behind the household's own."""
IN_SHEET = ("risks", "effect")
"""Columns that the list of all households keeps for its workbook: a page of thirteen cannot be read."""
COLUMNS = (
    Column("item_label", "措施", along("item__label"), under=item_words, phone=TITLE,
           width=20),
    Column("member_name", "受益人", for_whom, phone=UNDER),
    Column("amount", "金额（元）", kind=Yuan(), under=lambda row: row.get_source_display(), phone=FIGURE),
    Column("quantity_words", "数量", quantity_words),
    Column("delivered_on", "落实日期", text=short_day_text, css="tabular"),
    Column("ends_on", "截止日期", text=short_day_text, under=term, css="tabular"),
    Column("fund", "项目资金", fund_words, under=fund_source, link=fund_url, api="", width=24),
    Column("payer", "拨付（实施）单位", under=along("voucher"), width=20),
    Column("risks", "针对的风险", lambda row: labels_of("risk", row.risks), api="", width=24),
    Column("effect", "成效", width=30),
    Column("state", "状态", state, on_page=False),
)  # fmt: skip
ACTIONS = (
    RowAction("correct", "更正", lambda row: reverse("measure", args=[row.pk]), may_change),
    RowAction(
        "withdraw",
        "撤回",
        lambda row: reverse("measure-withdraw", args=[row.pk]),
        may_change,
        ask=Ask(
            "撤回这项措施",
            lambda row: f"{who(row)}的“{row.item}”不再算作已落实，记录保留可查。只用于登记错了的。",
            reason="撤回的原因",
            risk=True,
        ),
    ),
)
MEASURES = Listing(
    code="measures",
    title="措施",
    subtitle="落实到户到人的帮扶措施",
    heading="措施",
    unit="项",
    rights=(Right.HOUSEHOLD_VIEW,),
    rows=selectors.measures,
    columns=(
        Column("who", "户主", who, link=lambda row, user: reverse("household-measures", args=[row.household_id]),
               phone=TITLE, width=12),
        Column("village_name", "村", lambda row: str(row.village), under=along("village__parent"), width=14),
        *(
            replace(each, phone=PHONE.get(each.code, each.phone), on_page=each.on_page and each.code not in IN_SHEET)
            for each in COLUMNS
        ),
    ),
    filters=MeasureFilters,
    bar=("place", "kind", "batch", "source", "year", "due"),
    usual={"state": "standing"},
    tabs=Tabs("state", lambda user: STANDING),
    row_actions=ACTIONS,
    actions=(
        Action("措施汇总", "measures-summary", (Right.DASHBOARD_VIEW,)),
        Action("登记措施", "measure-whom", (Right.MEASURE_EDIT,), main=True),
    ),
    faint=lambda row: row.withdrawn_on is not None,
    empty=Empty("没有这样的措施", "可以换一个状态或年度再看；落实了的，点“登记措施”。"),
    sheet=Sheet(Right.EXPORT, "帮扶措施"),
    orderings={"delivered_on": ("-delivered_on", "-pk"), "place": ("village_id", "-delivered_on", "-pk")},
)  # fmt: skip
OF_HOUSEHOLD = Listing(
    code="household-measures",
    title="帮扶措施",
    heading="已落实的措施",
    unit="项",
    columns=COLUMNS,
    row_actions=ACTIONS,
    faint=lambda row: row.withdrawn_on is not None,
    empty=Empty("还没有登记措施", "措施落实到户后，点“登记措施”。"),
)
LISTS = (MEASURES,)
