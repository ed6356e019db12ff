"""The list of monitored households."""

from __future__ import annotations

from django.utils import timezone

from households.eligibility.clearing import selectors
from households.find.addresses import household_page
from households.leads.monitored.filters import CLEARED, MonitoredFilters
from households.models import Household
from povreg.kit.pages.columns import FIGURE, NUMBER, TITLE, UNDER, Column, along, short_day_text
from povreg.kit.pages.listing import Empty, Listing, Sheet, Tabs
from villages.codes.selectors import label
from villages.models import User
from villages.rights import Right


def page_of(row: Household, user: User) -> str:
    return household_page(row.pk, timezone.localdate().year)


def class_of(row: Household) -> str:
    return label("monitor_type", row.monitor_type)


def risks_of(row: Household) -> str:
    return "、".join(label("risk", code) for code in row.risks)


def state_of(row: Household) -> str:
    """Whether the risk is removed; of an open one whether it may be."""
    if row.risk_cleared:
        return "已消除"
    return "可以消除" if row.judged and row.judged.eligible else "未消除"  # type: ignore[attr-defined]


def months_of(row: Household) -> int | None:
    """Whole months since inclusion, of an open episode."""
    judged = row.judged  # type: ignore[attr-defined]
    return judged.months if judged else None


def lacking_of(row: Household) -> str:
    """What a removal still lacks, failures before what is not recorded."""
    judged = row.judged  # type: ignore[attr-defined]
    if judged is None:
        return ""
    unrecorded = [f"{selectors.short_of(code)}未记录" for code in judged.missing]
    return "、".join([*(selectors.short_of(code) for code in judged.failed), *unrecorded])


MONITORED = Listing(
    code="monitored",
    title="监测对象",
    subtitle="三类监测对象和风险消除还差什么",
    heading="监测对象",
    unit="户",
    rights=(Right.LEAD_VIEW,),
    rows=selectors.monitored,
    fetch=selectors.with_clearances,
    columns=(
        Column("head_name", "户主", lambda row: row.head_name or row.household_no, link=page_of, phone=TITLE, width=14,
               api=""),
        Column("village_name", "村", lambda row: str(row.village), under=along("village__parent"), api="", phone=UNDER),
        Column("class", "类别", class_of, api="", width=16),
        Column("risks", "风险", risks_of, api="", width=24),
        Column("since", "纳入日期", along("risk_identified_on"), text=short_day_text, css="tabular", api=""),
        Column("months", "纳入月数", months_of, kind=NUMBER, api="", width=9),
        Column("state", "风险消除", state_of, tone=lambda row: "pass" if row.risk_cleared else "warn", api="",
               phone=FIGURE),
        Column("lacking", "还差", lacking_of, api="", blank="", width=36),
    ),
    filters=MonitoredFilters,
    bar=("place", "lacking", "months"),
    usual={"state": "open"},
    tabs=Tabs("state", lambda user: CLEARED),
    empty=Empty("没有这样的监测对象", "可以换一个条件再看；纳入监测按“名单公示”的程序办理。"),
    sheet=Sheet(Right.EXPORT, "监测对象"),
    orderings={"place": ("village_id", "household_no"), "since": ("risk_identified_on",)},
)  # fmt: skip

LISTS = (MONITORED,)
