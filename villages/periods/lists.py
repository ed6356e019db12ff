"""The lists of what counties set: working years, names of the office, programmes; withdrawn ones stay, faint."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from povreg.kit.pages.columns import FIGURE, TITLE, UNDER, Column, day_text
from povreg.kit.pages.listing import Action, Ask, Empty, Listing, RowAction, Sheet
from povreg.kit.sheets.kinds import Day
from villages.models import Programme, User
from villages.models.period import CountyRow
from villages.periods import selectors
from villages.periods.filters import OfficeFilters, ProgrammeFilters, WorkingYearFilters
from villages.periods.hooks import declared_procedures
from villages.rights import Right

VIEWERS = (Right.STANDARD_VIEW,)
EDITORS = (Right.STANDARD_EDIT,)


def county(row: CountyRow) -> str:
    return str(row.county)


def entered(row: CountyRow) -> str:
    who = row.created_by.name if row.created_by else "系统"
    return f"{who}登记于{day_text(row.created_at)}"


def state(row: CountyRow) -> str:
    if row.withdrawn_at is None:
        return "有效"
    return f"{day_text(row.withdrawn_at)}撤回：{row.withdrawn_reason}"


def gone(row: CountyRow) -> bool:
    return row.withdrawn_at is not None


def keeps(row: CountyRow, user: User) -> bool:
    """Whether the person may take this setting back."""
    return not gone(row) and user.can(Right.STANDARD_EDIT, row.county_id)


def withdrawal(name: str, title: str) -> RowAction:
    """The button that takes a setting back; what held before it holds again."""
    return RowAction(
        "withdraw", "撤回", lambda row: reverse(name, args=[row.pk]), keeps,
        Ask(title, lambda row: f"{row.county}，{row}。撤回后按以前登记的，没有的按所在时期的通常规定。",
            "撤回原因", risk=True),
    )  # fmt: skip


COUNTY = Column("county", "县", county, api="", phone=UNDER)
SOURCE = Column("source", "依据", under=entered, width=30)
STATE = Column(
    "state", "状态", state, tone=lambda row: "missing" if gone(row) else "pass", api="", phone=FIGURE, width=30
)
COMMON: dict[str, Any] = {"rights": VIEWERS, "faint": gone, "size": 200}

WORKING_YEARS = Listing(
    code="working-years",
    title="工作年度",
    subtitle="打开页面时显示哪一年；每人仍可以在右上角换年度",
    heading="工作年度",
    unit="条",
    rows=selectors.working_years,
    columns=(
        Column("year", "工作年度", text=lambda year: f"{year} 年", css="tabular", phone=TITLE, width=10),
        COUNTY,
        SOURCE,
        STATE,
    ),
    filters=WorkingYearFilters,
    row_actions=(withdrawal("working-year-withdraw", "撤回工作年度"),),
    actions=(
        Action("启用省定项目", "programme-new", EDITORS),
        Action("登记机构名称", "office-name-new", EDITORS),
        Action("设定工作年度", "working-year-new", EDITORS, main=True),
    ),
    empty=Empty("还没有设定工作年度", "没有设定时，按录入较多的最近一年显示。"),
    sheet=Sheet(Right.EXPORT, "工作年度"),
    orderings={"year": ("year", "county_id")},
    **COMMON,
)

OFFICE_NAMES = Listing(
    code="office-names",
    title="机构名称",
    heading="机构名称",
    note="页面、公示和表格按当时的名称",
    unit="条",
    rows=selectors.office_names,
    columns=(
        Column("name", "机构名称", phone=TITLE, width=24),
        COUNTY,
        Column("since", "启用日期", kind=Day(), css="nowrap"),
        Column("group", "领导小组", width=24),
        Column("hotline", "监督电话", css="tabular", width=16),
        SOURCE,
        STATE,
    ),
    filters=OfficeFilters,
    row_actions=(withdrawal("office-name-withdraw", "撤回机构名称"),),
    empty=Empty("还没有登记机构名称", "没有登记时用所在时期的通常名称，如县农业农村局。"),
    orderings={"since": ("since", "county_id")},
    **COMMON,
)


def offered(row: Programme) -> str:
    labels = declared_procedures()
    return "、".join(labels.get(code, code) for code in row.procedures)


def years(row: Programme) -> str:
    return f"{row.year_from} 年起" + (f"至 {row.year_to} 年" if row.year_to else "")


PROGRAMMES = Listing(
    code="programmes",
    title="省定项目",
    heading="省定项目",
    note="2021 年起识别、退出等事项只在有省定项目的县办理",
    unit="个项目",
    rows=selectors.programmes,
    columns=(
        Column("name", "名称", phone=TITLE, width=20),
        COUNTY,
        Column("years", "年度", years, css="nowrap", api="", width=18),
        Column("procedures", "办理事项", offered, api="", width=30),
        Column("line_kind", "评定标准", lambda row: row.get_line_kind_display(), api="", width=16),
        SOURCE,
        STATE,
    ),
    filters=ProgrammeFilters,
    row_actions=(withdrawal("programme-withdraw", "撤回省定项目"),),
    empty=Empty("没有启用省定项目", "按国家规定办理：监测纳入、风险消除、清退。"),
    orderings={"year": ("year_from", "county_id")},
    **COMMON,
)

LISTS = (WORKING_YEARS, OFFICE_NAMES, PROGRAMMES)
