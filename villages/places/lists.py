"""The lists of places: where one's postings lie, what lies below a place, its groups and its changes."""

from __future__ import annotations

from django.urls import reverse

from povreg.kit.pages.columns import FIGURE, NUMBER, TITLE, UNDER, Column, along
from povreg.kit.pages.listing import Empty, Listing, Tabs
from povreg.kit.sheets.kinds import Day
from villages.models import Place, PlaceChange, User
from villages.places import selectors
from villages.places.selectors import PlaceLine

UNRECORDED = "未记录"
POOR_ONLY = (("", "全部"), ("1", "只看有贫困村的"))
COUNTED = ("townships", "villages", "poor")
"""Columns of places above a township; a township's villages show whether they are poor."""


def page_of(code: str) -> str:
    return reverse("place", args=[code])


def poor_below(line: PlaceLine, user: User) -> str:
    return f"{page_of(line.place.code)}?poor=1" if line.poor else ""


def poverty(line: PlaceLine) -> str:
    """Whether a village is poor, and when it left the list."""
    return "贫困村" if line.poor else "否"


def delisted(line: PlaceLine) -> str:
    profile = getattr(line.place, "profile", None) if line.poor else None
    return f"{profile.delisted_year} 年出列" if profile and profile.delisted_year else ""


CHILDREN = Listing(
    code="children",
    title="下级区划",
    heading="下级区划",
    unit="个",
    columns=(
        Column("name", "名称", lambda line: str(line.place), link=lambda line, user: page_of(line.place.code),
               phone=TITLE, width=20),
        Column("code", "代码", lambda line: line.place.code, css="tabular", phone=UNDER, width=16),
        Column("townships", "乡镇", kind=NUMBER),
        Column("villages", "村", kind=NUMBER),
        Column("poor", "贫困村", kind=NUMBER, link=poor_below),
        Column("poverty", "贫困村", poverty, under=delisted, tone=lambda line: "act" if line.poor else ""),
        Column("households", "总户数", kind=NUMBER, blank=UNRECORDED, phone=FIGURE),
        Column("population", "总人口", kind=NUMBER, blank=UNRECORDED),
    ),
    tabs=Tabs("poor", lambda user: POOR_ONLY),
    empty=Empty("没有下级区划", "没有贫困村时可点“全部”；区划由系统管理员用 load_places 载入。"),
    size=500,
)  # fmt: skip


def columns_not_of(place: Place) -> tuple[str, ...]:
    """What the list below a place of this level leaves out."""
    if place.level >= Place.Level.TOWNSHIP:
        return COUNTED
    return ("poverty",) if place.level < Place.Level.COUNTY else ("poverty", "townships")


GROUPS = Listing(
    code="groups",
    title="村民小组",
    heading="村民小组",
    unit="个组",
    columns=(
        Column("name", "组名", str, link=lambda group, user: page_of(group.code), phone=TITLE, width=20),
        Column("code", "代码", css="tabular", phone=FIGURE, width=18),
    ),
    empty=Empty("还没有登记村民小组", "农户的“自然村（组）”可以直接填写，不受这里限制。"),
    size=200,
)


def said(change: PlaceChange) -> str:
    """What changed, in words."""
    if change.kind == PlaceChange.Kind.RENAME:
        return f"由“{change.old_name}”更名"
    if change.kind == PlaceChange.Kind.MERGE:
        return f"{change.source}并入{change.target}"
    return f"从{change.source}划入{change.target}"


def moved(change: PlaceChange) -> int | None:
    return None if change.kind == PlaceChange.Kind.RENAME else change.households_moved


CHANGES = Listing(
    code="changes",
    title="区划变更",
    heading="区划变更",
    unit="次",
    rows=selectors.changes_seen,
    columns=(
        Column("happened_on", "生效日期", kind=Day(), css="tabular", phone=UNDER),
        Column("change", "变更", said, phone=TITLE, width=36),
        Column("households", "随迁户数", moved, kind=NUMBER, phone=FIGURE),
        Column("document", "批复文号", width=24),
        Column("by", "经办人", along("by__name"), css="who"),
    ),
    empty=Empty("没有变更过", ""),
)

ROOTS = Listing(
    code="roots",
    title="区划",
    heading="您任职的地方",
    unit="处",
    rows=lambda user: selectors.with_paths(selectors.roots(user)),
    columns=(
        Column("name", "名称", link=lambda place, user: page_of(place.code), phone=TITLE, width=20),
        Column("path", "所在", phone=UNDER, width=30),
        Column("code", "代码", css="tabular", phone=FIGURE, width=18),
    ),
    empty=Empty("还没有任职", "授予任职后，这里列出任职地的区划。请联系安全管理员。"),
)

LISTS = (CHILDREN, GROUPS, CHANGES, ROOTS)
