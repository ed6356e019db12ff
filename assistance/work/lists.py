"""The lists of spells and of posts."""

from __future__ import annotations

import django_filters
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from assistance.models import WorkSpell
from assistance.models.work import Sector
from assistance.work import selectors
from assistance.work.forms import EndForm
from povreg.kit.pages import filters
from povreg.kit.pages.columns import FIGURE, NUMBER, TITLE, UNDER, Column, along, month_text, short_day_text
from povreg.kit.pages.listing import Action, Ask, Empty, Listing, RowAction, Sheet, Tabs
from povreg.kit.sheets.kinds import Yuan
from villages.codes.selectors import label
from villages.models import User
from villages.places.filters import InPlace
from villages.rights import Right

MONEY = Yuan()
TABS = (("now", "正在务工"), ("unconfirmed", "上月没有确认"), ("ended", "今年结束的"), ("all", "全部"))


class SpellFilters(django_filters.FilterSet):
    q = filters.Typed("member__name", "employer", label="姓名或单位")
    place = InPlace(field_name="village_id", label="村")
    household = filters.Whole(field_name="household_id", label="户", help_text="农户 id")
    sector = filters.Choice(choices=Sector.choices, label="行业")
    standing = filters.Choice(choices=TABS, label="状态", method="in_standing")

    def in_standing(self, rows: QuerySet[WorkSpell], name: str, value: str) -> QuerySet[WorkSpell]:
        if value == "unconfirmed":
            return selectors.unconfirmed(rows)
        if value == "ended":
            return rows.filter(until__year=timezone.localdate().year)
        return rows.filter(until=None) if value == "now" else rows


def where(row: WorkSpell) -> str:
    return "，".join(filter(None, (label("work_place", row.where), row.place_name)))


def may_end(row: WorkSpell, user: User) -> bool:
    return row.until is None and user.can(Right.HOUSEHOLD_EDIT, row.village_id)


def ended(row: WorkSpell) -> str:
    return f"{short_day_text(row.until)}，{row.get_ended_why_display()}" if row.until else ""


SPELLS = Listing(
    code="work",
    title="务工",
    subtitle="谁在哪里务工，工资多少，上月确认了没有",
    heading="务工",
    unit="人次",
    rights=(Right.HOUSEHOLD_VIEW,),
    rows=selectors.spells,
    columns=(
        Column("name", "姓名", along("member__name"), api="", under=lambda row: f"户主 {row.head_name}", phone=TITLE,
               link=lambda row, user: reverse("household-work", args=[row.household_id]), width=14),
        Column("village_name", "村", lambda row: str(row.village), api="", under=along("village__parent"), phone=UNDER),
        Column("where", "务工地点", where, api="", width=24),
        Column("employer", "单位", width=24),
        Column("sector", "行业", lambda row: row.get_sector_display(), api="", blank="未记录"),
        Column("wage", "月工资", kind=MONEY, blank="未记录", phone=FIGURE),
        Column("since", "开始", text=short_day_text, css="tabular"),
        Column("seen_month", "最近确认", text=month_text, blank="未确认", css="tabular"),
        Column("ended", "结束", ended, api=""),
    ),
    filters=SpellFilters,
    bar=("q", "place", "sector"),
    personal=("q",),
    tabs=Tabs("standing", lambda user: TABS),
    usual={"standing": "now"},
    row_actions=(
        RowAction("end", "结束", lambda row: reverse("work-end", args=[row.pk]), may=may_end,
                  ask=Ask("登记结束务工", lambda row: "失去工作或返乡的，会自动登记一条线索，请入户核实。",
                          form=lambda row: EndForm(spell=row))),
    ),
    empty=Empty("没有这样的务工记录", "在农户页面“务工”里登记；每月在“按月更新”里整村确认。"),
    sheet=Sheet(Right.EXPORT, "务工", lambda user: [("月工资", "元")]),
    orderings={"since": ("since", "pk"), "wage": ("wage",), "place": ("village_id", "pk")},
    faint=lambda row: row.until is not None,
)  # fmt: skip

POSTS = Listing(
    code="work-posts",
    title="岗位",
    subtitle="可以介绍的岗位，和想做这类工作的人对上",
    heading="岗位",
    unit="个岗位",
    rights=(Right.LEAD_VIEW,),
    rows=selectors.posts,
    columns=(
        Column("title", "岗位", link=lambda row, user: reverse("work-post", args=[row.pk]), phone=TITLE, width=20),
        Column("employer", "单位", phone=UNDER, width=24),
        Column("sector", "行业", lambda row: row.get_sector_display(), api=""),
        Column("wage", "月工资", kind=MONEY, phone=FIGURE),
        Column("count", "人数", kind=NUMBER),
        Column("near_text", "地点", lambda row: "县内" if row.near else "县外", api=""),
        Column("until", "截止", text=short_day_text, css="tabular"),
        Column("contact", "联系方式"),
    ),
    actions=(Action("发布岗位", "work-post-new", (Right.PARTNER_EDIT,), main=True),),
    empty=Empty("还没有岗位", "有招聘的单位，点“发布岗位”。"),
    sheet=Sheet(Right.EXPORT, "岗位"),
    orderings={"until": ("until",), "wage": ("wage",)},
    faint=lambda row: row.until < timezone.localdate(),
)  # fmt: skip

LISTS = (SPELLS, POSTS)
