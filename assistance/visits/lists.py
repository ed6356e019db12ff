"""The lists of visits: whom to visit, and who was visited."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from assistance.models import Visit
from assistance.visits import selectors
from assistance.visits.due import DONE, rule_words, standing_of
from assistance.visits.filters import STATES, DueFilters, VisitFilters
from households.models import Household
from povreg.kit.pages.columns import DAY, FIGURE, TITLE, UNDER, Column, along, short_day_text
from povreg.kit.pages.listing import Action, Empty, Listing, RowAction, Sheet, Tabs
from villages.models import User
from villages.rights import Right


def who(row: Any) -> str:
    """The head of the household that is visited."""
    household = row if isinstance(row, Household) else row.household
    return getattr(row, "head_name", "") or household.household_no


def log_url(row: Household, user: User) -> str:
    """Where a visit is logged; the household's page for who logs none."""
    name = "visit-new" if user.can(Right.VISIT_LOG, row.village_id) else "household-visits"
    return reverse(name, args=[row.pk])


def lead_words(row: Visit) -> str:
    return "已转线索" if row.lead_id else ""


def signed_words(row: Visit) -> str:
    return str(row.get_signer_display()) if row.signer else row.unsigned_reason or "没有签字"


DUE = Listing(
    code="visits-due",
    title="该走访的户",
    subtitle=rule_words(),
    heading="农户",
    unit="户",
    rights=(Right.HOUSEHOLD_VIEW,),
    rows=selectors.to_visit,
    fetch=selectors.with_what_to_see,
    columns=(
        Column("who", "户主", who, link=log_url, phone=TITLE, under=lambda row: row.group_name, api="head_name"),
        Column("village_name", "村", lambda row: str(row.village), under=along("village__parent")),
        Column("every", "频次", lambda row: standing_of(row).rule.words, under=lambda row: standing_of(row).rule.label),
        Column("last_visit", "上次走访", text=short_day_text, blank="还没有走访", css="tabular"),
        Column("to_see", "要看", phone=UNDER, width=30),
        Column("state", "状态", lambda row: standing_of(row).words, tone=lambda row: standing_of(row).tone,
               phone=FIGURE),
        Column("until", "期限", lambda row: standing_of(row).until, kind=DAY, on_page=False),
    ),
    filters=DueFilters,
    bar=("place", "whose"),
    usual={"state": "open"},
    tabs=Tabs("state", lambda user: STATES),
    row_actions=(
        RowAction("log", "记走访", lambda row: reverse("visit-new", args=[row.pk]),
                  lambda row, user: user.can(Right.VISIT_LOG, row.village_id)),
    ),
    faint=lambda row: standing_of(row).state == DONE,
    empty=Empty("没有要走访的户", "本期该走的都走了；可以看“本期已走”或“全部”。"),
    sheet=Sheet(Right.EXPORT, "该走访的户"),
    orderings={"place": ("village_id", "household_no")},
)  # fmt: skip
COLUMNS = (
    Column("visited_on", "日期", text=short_day_text, css="tabular",
           link=lambda row, user: reverse("visit", args=[row.pk])),
    Column("way", "方式", lambda row: row.get_way_display(), api=""),
    Column("by_name", "走访人", along("by__name"), css="who"),
    Column("found", "看到的", selectors.found_words, phone=UNDER, mark=lead_words, width=30),
    Column("next_step", "下一步", under=lambda row: short_day_text(row.next_on), width=24),
    Column("signed", "签字", signed_words),
    Column("photo_count", "照片", text=lambda value: f"{value} 张" if value else ""),
)  # fmt: skip
VISITS = Listing(
    code="visits",
    title="走访记录",
    heading="走访",
    unit="次",
    rights=(Right.HOUSEHOLD_VIEW,),
    rows=lambda user: selectors.visits(user).standing(),
    columns=(
        Column("who", "户主", who, link=lambda row, user: reverse("visit", args=[row.pk]), phone=TITLE,
               api="head_name"),
        Column("village_name", "村", lambda row: str(row.village), under=along("village__parent")),
        *COLUMNS[1:],
        Column("visited_on", "日期", text=short_day_text, css="tabular", phone=FIGURE),
    ),
    filters=VisitFilters,
    bar=("place", "way", "found", "year"),
    actions=(Action("记走访", "visits-due", (Right.VISIT_LOG,), main=True),),
    empty=Empty("没有走访记录", "走访以后，从“该走访的户”点“记走访”。"),
    sheet=Sheet(Right.EXPORT, "走访记录"),
    orderings={"visited_on": ("-visited_on", "-pk"), "place": ("village_id", "-visited_on", "-pk")},
)  # fmt: skip
OF_HOUSEHOLD = Listing(
    code="household-visits",
    title="走访",
    heading="走访记录",
    unit="次",
    columns=COLUMNS,
    faint=lambda row: row.withdrawn_on is not None,
    empty=Empty("还没有走访记录", "走访以后点“记走访”。"),
)
LISTS = (DUE, VISITS)
