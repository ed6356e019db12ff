"""The lists of plans: those there are, and households that must have one."""

from __future__ import annotations

from django.urls import reverse

from assistance.models import Plan
from assistance.plans import selectors
from assistance.plans.filters import PlanFilters, WithoutFilters
from households.models import Household
from povreg.kit.pages.columns import FIGURE, NUMBER, TITLE, UNDER, Column, along, short_day_text
from povreg.kit.pages.listing import Action, Empty, Listing, Sheet
from villages.codes.selectors import label, labels_of
from villages.models import User
from villages.rights import Right


def who(row: Plan) -> str:
    return getattr(row, "head_name", "") or row.household.household_no


def done_words(row: Plan) -> str:
    """2/3 已落实."""
    return f"{row.done_count}/{row.lines_count}"  # type: ignore[attr-defined]


def page_of(row: Household, user: User) -> str:
    return reverse("household-plan", args=[row.pk])


def begun(row: Household) -> str:
    return "拟定中" if row.draft else "还没有"  # type: ignore[attr-defined]


PLANS = Listing(
    code="plans",
    title="一户一策",
    subtitle="每户每年的帮扶计划和落实情况",
    heading="计划",
    unit="份",
    rights=(Right.HOUSEHOLD_VIEW,),
    rows=selectors.plans,
    columns=(
        Column("who", "户主", who, link=lambda row, user: reverse("plan", args=[row.pk]), phone=TITLE,
               api="head_name"),
        Column("village_name", "村", lambda row: str(row.village), under=along("village__parent")),
        Column("year", "年度", kind=NUMBER, text=str),
        Column("path", "主要路子", lambda row: row.get_path_display(), phone=UNDER, api=""),
        Column("risks", "风险", lambda row: labels_of("risk", row.risks), api="", width=24),
        Column("target", "目标", width=24),
        Column("state", "状态", lambda row: row.get_state_display(), api="",
               tone=lambda row: "act" if row.state == Plan.State.DRAFT else "plain"),
        Column("done_words", "已落实", done_words, phone=FIGURE),
        Column("drawn_on", "拟定日期", text=short_day_text, css="tabular"),
    ),
    filters=PlanFilters,
    bar=("place", "year", "path", "state", "result"),
    actions=(Action("要拟定的户", "plans-missing", (Right.PLAN_EDIT,)),),
    empty=Empty("没有这样的计划", "可以换一个年度；要拟定的，先登记需求调查。"),
    sheet=Sheet(Right.EXPORT, "帮扶计划"),
    orderings={"place": ("village_id", "household_id", "-year")},
)  # fmt: skip
MISSING = Listing(
    code="plans-missing",
    title="要拟定计划的户",
    subtitle="监测对象纳入后十天内、贫困户每年初要有商定的帮扶计划",
    heading="农户",
    unit="户",
    rights=(Right.HOUSEHOLD_VIEW,),
    rows=selectors.without_plan,
    fetch=selectors.with_drafts,
    columns=(
        Column("who", "户主", lambda row: row.head_name or row.household_no, link=page_of, phone=TITLE,
               api="head_name"),
        Column("village_name", "村", lambda row: str(row.village), under=along("village__parent")),
        Column("monitor_type", "监测类别", lambda row: label("monitor_type", row.monitor_type), phone=UNDER, api=""),
        Column("risks", "风险", lambda row: labels_of("risk", row.risks), api="", width=24),
        Column("risk_identified_on", "纳入日期", text=short_day_text, css="tabular"),
        Column("begun", "计划", begun),
        Column("days", "期限", selectors.days_words, phone=FIGURE,
               tone=lambda row: "fail" if selectors.days_left(row) < 0 else "warn"),
    ),
    filters=WithoutFilters,
    bar=("place",),
    empty=Empty("没有要拟定计划的户", "监测对象和贫困户都有商定的计划。"),
    sheet=Sheet(Right.EXPORT, "要拟定计划的户"),
    orderings={"place": ("village_id", "household_no")},
)  # fmt: skip
LISTS = (PLANS, MISSING)
