"""The lists of 分类管理: household by household, and how far townships and villages are."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from households.models import Household
from households.review import selectors
from households.review.filters import LEVELS, ProgressFilters, ReviewFilters
from povreg.kit.pages.columns import FIGURE, NUMBER, TITLE, UNDER, Column, along, short_day_text
from povreg.kit.pages.listing import Action, Empty, Listing, Sheet, Tabs
from villages.models import Place, User
from villages.rights import Right

TONES = {"还没有评估": "fail", "待决定": "warn", "已决定": "pass"}


def page_of(row: Household, user: User) -> str:
    return reverse("household-review", args=[row.pk])


def told(name: str) -> Any:
    """A choice of the household's review as people read it."""
    return lambda row: getattr(row.review, f"get_{name}_display")() if row.review else ""


def state(row: Any) -> str:
    if row.support:
        return "已决定"
    return "待决定" if row.review else "还没有评估"


def decision(row: Any) -> str:
    return str(row.support) if row.support else ""


def policies(row: Any) -> str:
    return "、".join(selectors.policies_told(row.support)) if row.support else ""


def those_without(row: Place, user: User) -> str:
    year = getattr(row, "asked_year", selectors.current_year())
    return f"{reverse('reviews')}?place={row.pk}&year={year}&state=without"


REVIEWS = Listing(
    code="reviews",
    title="分类管理",
    subtitle="脱贫户综合评估：经济状况和发展能力，有序退出或继续帮扶",
    heading="脱贫户",
    unit="户",
    rights=(Right.HOUSEHOLD_VIEW,),
    rows=selectors.households,
    columns=(
        Column("head_name", "户主", lambda row: row.head or row.household_no, link=page_of,
               under=along("household_no"), phone=TITLE, width=12),
        Column("household_no", "户编号", on_page=False, width=24),
        Column("village_name", "村", lambda row: str(row.village), under=along("village__parent"), phone=UNDER),
        Column("economy", "经济状况", told("economy")),
        Column("ability", "发展能力", told("ability")),
        Column("proposal", "建议", told("proposal")),
        Column("assessed_on", "评估日期", lambda row: row.review.assessed_on if row.review else None,
               text=short_day_text, css="nowrap", api=""),
        Column("state", "进度", state, tone=lambda row: TONES[state(row)], phone=FIGURE),
        Column("decision", "决定", decision, width=30),
        Column("policies", "延续的政策", policies, width=30),
    ),
    filters=ReviewFilters,
    bar=("place", "year", "state", "proposal"),
    fetch=selectors.with_reviews,
    actions=(Action("进度", "review-progress"),),
    empty=Empty("没有这样的户", "可以换一个地区或进度再看。"),
    sheet=Sheet(Right.EXPORT, "分类管理"),
    orderings={"place": ("village_id", "household_no")},
)  # fmt: skip

PROGRESS = Listing(
    code="review-progress",
    title="分类管理进度",
    subtitle="各乡镇、村的脱贫户有多少已经评估，多少还没有",
    heading="进度",
    unit="个地区",
    rights=(Right.HOUSEHOLD_VIEW,),
    rows=selectors.places,
    columns=(
        Column("name", "地区", str, under=lambda row: str(row.parent or ""), phone=TITLE, width=20),
        Column("due", "应评估", kind=NUMBER, phone=UNDER),
        Column("assessed", "已评估", kind=NUMBER),
        Column("without", "还没有", kind=NUMBER, link=those_without, phone=FIGURE),
        Column("to_end", "建议退出", kind=NUMBER),
        Column("to_go_on", "建议继续", kind=NUMBER),
        Column("decided", "已决定", kind=NUMBER),
    ),
    filters=ProgressFilters,
    bar=("place", "year"),
    usual={"level": LEVELS[0][0]},
    tabs=Tabs("level", lambda user: LEVELS),
    fetch=selectors.with_progress,
    empty=Empty("没有这样的地区"),
    sheet=Sheet(Right.EXPORT, "分类管理进度"),
    orderings={"place": ("code",)},
)  # fmt: skip

LISTS = (REVIEWS, PROGRESS)
