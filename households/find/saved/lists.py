"""The lists of saved filters: one's own, and those that others share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.urls import reverse

from households.find import filters, selectors
from households.find.asked import Asked
from households.models import SavedFilter
from povreg.kit.pages.columns import TITLE, UNDER, Column, along
from povreg.kit.pages.listing import Ask, Empty, Listing, RowAction
from villages.models import Place, User
from villages.rights import Right

LONGEST = 20


def in_words(rows: Sequence[SavedFilter], user: User) -> None:
    """Put what each filter asks for on it, in words; one statement for the names of places; and
    to whose people it would be shared."""
    codes = {row.query["place"] for row in rows if row.query.get("place")}
    names = {place.pk: str(place) for place in Place.objects.filter(pk__in=codes)} if codes else {}
    share_to = Place.objects.filter(pk=selectors.place_to_share(user)).first()
    for row in rows:
        row.share_to = str(share_to or "")  # type: ignore[attr-defined]
        row.words = filters.sentence(row.query, names.get(row.query.get("place", ""), ""))  # type: ignore[attr-defined]


def opened(row: SavedFilter, user: User) -> str:
    """The list that the filter finds; the year is that of the reader."""
    return Asked(row.query).url(saved=row.pk)


def at(name: str, query: str = "") -> Any:
    return lambda row: reverse(name, args=[row.pk]) + query


class NameForm(forms.Form):
    name = forms.CharField(label="新名称", max_length=LONGEST)


def name_form(row: SavedFilter) -> NameForm:
    return NameForm(initial={"name": row.name}, auto_id=f"rename-{row.pk}-%s")


def may_share(row: SavedFilter, user: User) -> bool:
    return not row.shared_in and bool(selectors.place_to_share(user))


def may_end_sharing(row: SavedFilter, user: User) -> bool:
    return bool(row.shared_in and selectors.place_to_share(user))


def share_label(row: SavedFilter) -> str:
    return f"共享给{row.share_to}"  # type: ignore[attr-defined]


NAME = Column(
    "name", "名称", link=opened, css="nowrap", phone=TITLE, mark=lambda row: "已共享" if row.shared_in else ""
)
WORDS = Column("words", "条件", phone=UNDER, api="", width=60)
SAVED = Listing(
    code="saved-filters",
    title="常用筛选",
    subtitle="不含年度和查找的姓名、号码；打开时按当前年度查",
    heading="已保存的筛选",
    note=f"最多 {selectors.MOST} 个",
    unit="个筛选",
    rights=(Right.HOUSEHOLD_VIEW,),
    rows=selectors.saved_filters,
    fetch=in_words,
    columns=(NAME, WORDS),
    row_actions=(
        RowAction("rename", "改名", at("saved-filter-rename"),
                  ask=Ask("改名", lambda row: f"“{row.name}”", form=name_form)),
        RowAction("share", share_label, at("saved-filter-share", "?on=1"), may_share, post=True),
        RowAction("keep", "停止共享", at("saved-filter-share"), may_end_sharing, post=True),
        RowAction("drop", "删除", at("saved-filter-drop"), post=True),
    ),
    empty=Empty("还没有保存筛选", "在农户名单里选好条件，点“保存这个筛选”，下次一点就到。"),
)  # fmt: skip
SHARED = Listing(
    code="shared-filters",
    title="别人共享给您的",
    heading="别人共享给您的",
    note="只能使用，不能修改",
    unit="个筛选",
    rights=(Right.HOUSEHOLD_VIEW,),
    rows=selectors.shared_filters,
    fetch=in_words,
    columns=(
        Column("name", "名称", link=opened, css="nowrap", phone=TITLE),
        WORDS,
        Column("owner", "共享人", along("owner__name")),
    ),
    empty=Empty("没有人共享", ""),
)

LISTS = (SAVED, SHARED)
