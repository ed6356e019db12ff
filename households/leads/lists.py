"""The list of leads."""

from __future__ import annotations

from datetime import date

from django.urls import reverse
from django.utils import timezone

from households.leads import selectors
from households.leads.filters import OFTEN, LeadFilters
from households.models import Lead
from povreg.kit.pages.columns import FIGURE, TITLE, UNDER, Column, along, short_day_text, yuan_text
from povreg.kit.pages.listing import Action, Empty, Listing, Sheet, Tabs
from villages.codes.selectors import label
from villages.models import User
from villages.rights import Right

TONES = {"new": "warn", "checking": "act", "decided": "plain"}


def about(row: Lead) -> str:
    """What is wrong, with value and threshold where they were measured."""
    if row.value is None:
        return row.subject
    limit = f"，界限 {yuan_text(row.threshold)}" if row.threshold is not None else ""
    return f"{row.subject} {yuan_text(row.value)} 元{limit}"


def state(row: Lead) -> str:
    """Where it stands; of a decided one what became of it."""
    if row.state == Lead.State.DECIDED:
        return str(row.get_outcome_display())
    return "待办结" if row.finding else str(row.get_state_display())


def tested(row: Lead) -> str:
    """What its income test says."""
    test = selectors.test_of(row)
    return str(test.get_result_display() or test.get_reason_display()) if test else ""


def waiting(row: Lead) -> str:
    """For how many days it has been open."""
    return "" if row.state == Lead.State.DECIDED else f"第 {days_open(row.found_on)} 天"


def days_open(found_on: date) -> int:
    return (timezone.localdate() - found_on).days + 1


def remedy(user: User) -> str:
    more = "有人申报、走访发现问题时，点“登记线索”。" if user.can(Right.LEAD_RAISE) else ""
    return f"可以换一个状态再看。{more}"


LEADS = Listing(
    code="leads",
    title="线索",
    subtitle="农户申报、走访、部门推送和评定发现的返贫致贫线索",
    heading="线索",
    unit="条",
    rights=(Right.LEAD_VIEW,),
    rows=selectors.leads,
    columns=(
        Column("who", "对象", selectors.who_is_it, link=lambda row, user: reverse("lead", args=[row.pk]),
               under=lambda row: row.get_source_display(), api="", phone=TITLE, width=16),
        Column("village_name", "村", lambda row: str(row.village), under=along("village__parent"), api="", phone=UNDER),
        Column("about", "情况", about, api="", width=30),
        Column("monitor_type", "拟定类别", lambda row: label("monitor_type", row.monitor_type), api=""),
        Column("tested", "收入测算", tested, api="", blank="未测算"),
        Column("state", "状态", state, tone=lambda row: TONES[row.state], api="", phone=FIGURE),
        Column("checked_by", "核实人", along("checked_by__name"), api=""),
        Column("found_on", "发现日期", text=short_day_text, under=waiting, css="tabular"),
    ),
    filters=LeadFilters,
    bar=("place", "source"),
    usual={"state": "open"},
    tabs=Tabs("state", lambda user: OFTEN),
    actions=(Action("登记线索", "lead-new", (Right.LEAD_RAISE,), main=True),),
    empty=Empty("没有这样的线索", remedy),
    sheet=Sheet(Right.EXPORT, "线索", lambda user: [("姓名", "未登记的农户姓名已遮盖；反映内容不导出")]),
    orderings={"found_on": ("found_on",), "place": ("village_id", "found_on")},
)  # fmt: skip

LISTS = (LEADS,)
