"""The list of people who may be registered twice."""

from __future__ import annotations

from django.urls import reverse

from households.people.doubles import Pair
from povreg.kit.masking import mask_id
from povreg.kit.pages.columns import TITLE, UNDER, Column
from povreg.kit.pages.listing import Empty, Listing
from villages.models import User
from villages.rights import Right


def pair_page(row: Pair, user: User) -> str:
    return reverse("people-pair", args=[row.one.pk, row.other.pk])


def homes(row: Pair) -> str:
    """Where the two are registered."""
    return "；".join(f"{each.village} {each.household.household_no}" for each in (row.one, row.other))


def numbers(row: Pair) -> str:
    return "，".join(mask_id(each.id_no) or "无" for each in (row.one, row.other))


DOUBLES = Listing(
    code="doubles",
    title="疑似重复登记的人",
    subtitle="同名的人，证件号码只差一位，或生日、电话、银行卡相同；逐对核对，确是一人的合并",
    heading="疑似重复",
    unit="对",
    rights=(Right.HOUSEHOLD_MOVE,),
    columns=(
        Column("name", "姓名", lambda row: row.one.name, link=pair_page, phone=TITLE, width=12),
        Column("why", "为什么", lambda row: row.said, phone=UNDER, width=40),
        Column("numbers", "证件号码", numbers),
        Column("homes", "登记在", homes, width=40),
    ),
    empty=Empty("没有疑似重复的人", "导入新的名册后再来看看。"),
)
LISTS = (DOUBLES,)
