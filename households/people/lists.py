"""The list of people who may be registered twice."""

from __future__ import annotations

import django_filters
from django.db.models import QuerySet
from django.urls import reverse

from households.models import NotSame
from households.people.doubles import Pair, marked_apart
from povreg.kit.masking import mask_id
from povreg.kit.pages import filters
from povreg.kit.pages.columns import FIGURE, TITLE, UNDER, Column, along, short_day_text, short_moment_text
from povreg.kit.pages.listing import Action, Ask, Empty, Listing, RowAction, Sheet, Tabs
from villages.models import User
from villages.places.filters import InPlace
from villages.rights import Right


def pair_page(row: Pair | NotSame, user: User) -> str:
    return reverse("people-pair", args=[row.one.pk, row.other.pk])


def homes(row: Pair | NotSame) -> str:
    """Where the two are registered."""
    return "；".join(f"{each.village} {each.household.household_no}" for each in (row.one, row.other))


def numbers(row: Pair | NotSame) -> str:
    return "，".join(mask_id(each.id_no) or "无" for each in (row.one, row.other))


DOUBLES = Listing(
    code="doubles",
    title="疑似重复登记的人",
    subtitle="同名的人，证件号码只差一位，或生日、电话、银行卡相同；逐对核对，确是一人的合并",
    heading="疑似重复",
    unit="对",
    rights=(Right.HOUSEHOLD_MOVE,),
    columns=(
        Column("name", "姓名", lambda row: row.one.name, link=pair_page, css="nowrap", phone=TITLE, width=12),
        Column("why", "为什么", lambda row: row.said, phone=UNDER, width=40),
        Column("numbers", "证件号码", numbers),
        Column("homes", "登记在", homes, width=40),
    ),
    actions=(Action("已核实不是同一人的", "people-apart", (Right.HOUSEHOLD_MOVE,)),),
    empty=Empty("没有疑似重复的人", "导入新的名册后再来看看。"),
)
STATES = (("holds", "有效"), ("withdrawn", "已撤回"), ("all", "全部"))


class ApartFilters(django_filters.FilterSet):
    place = InPlace(field_name="one__village_id", label="地区")
    state = filters.Choice(choices=STATES, label="状态", method="of_state")

    def of_state(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows if value == "all" else rows.filter(withdrawn_on__isnull=value == "holds")


def may_withdraw(row: NotSame, user: User) -> bool:
    return row.withdrawn_on is None and all(
        user.can(Right.HOUSEHOLD_MOVE, each.village_id) for each in (row.one, row.other)
    )


APART = Listing(
    code="apart",
    title="已核实不是同一人的",
    subtitle="看起来像一人、核实是两人的登记；撤回后重新列入疑似重复",
    heading="不是同一人",
    unit="对",
    rights=(Right.HOUSEHOLD_MOVE,),
    rows=marked_apart,
    columns=(
        Column("name", "姓名", lambda row: row.one.name, link=pair_page, css="nowrap", api="", phone=TITLE, width=12),
        Column("reason", "怎样核实", phone=UNDER, width=40),
        Column("numbers", "证件号码", numbers, api=""),
        Column("homes", "登记在", homes, api="", width=40),
        Column("by_name", "核实人", along("by__name"), under=lambda row: short_moment_text(row.at), api=""),
        Column("withdrawn_on", "撤回", text=short_day_text, blank="有效", phone=FIGURE, api="",
               under=lambda row: row.withdrawn_by or ""),
    ),
    filters=ApartFilters,
    bar=("place",),
    usual={"state": "holds"},
    tabs=Tabs("state", lambda user: STATES),
    row_actions=(
        RowAction("withdraw", "撤回", lambda row: reverse("people-apart-withdraw", args=[row.pk]), may_withdraw,
                  Ask("撤回“不是同一人”？", lambda row: f"{row.one.name}的两条登记重新列入疑似重复，可以合并。",
                      "撤回的原因")),
    ),
    sheet=Sheet(Right.EXPORT, "不是同一人", lambda user: [("证件号码", "已遮盖")]),
    empty=Empty("没有这样的登记", "在“疑似重复”里核实是两个人的，标记为不是同一人。"),
)  # fmt: skip
LISTS = (DOUBLES, APART)
