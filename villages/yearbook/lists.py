"""The list of yearly files, the report of gaps by place, and what was changed in a file."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.urls import reverse

from povreg.kit.pages.columns import FIGURE, NUMBER, TITLE, UNDER, Column, moment_text
from povreg.kit.pages.listing import Action, Empty, Listing, Sheet
from povreg.kit.sheets.kinds import Yuan
from villages.models import User
from villages.rights import Right
from villages.yearbook import selectors
from villages.yearbook.filters import FileFilters
from villages.yearbook.gaps import GAPS, gaps_of
from villages.yearbook.parts import ASKED, COLLECTIVE, total

UNRECORDED = "未记录"
VIEWERS = (Right.VILLAGE_FILE_VIEW,)


def completeness(row: Any) -> str:
    return "填全" if row.recorded == len(ASKED) else f"已填 {row.recorded}/{len(ASKED)}"


FILES = Listing(
    code="village-files",
    title="村情台账",
    subtitle="一村一年一份：设施、土地、服务、产业、集体经济和短板",
    unit="份",
    rights=VIEWERS,
    rows=selectors.files,
    columns=(
        Column("village", "行政村", lambda row: str(row.village),
               link=lambda row, user: reverse("village-file", args=[row.pk]), phone=TITLE, api="", width=18),
        Column("township", "乡镇", lambda row: str(row.village.parent or ""), phone=UNDER, width=16),
        Column("year", "年度", text=str, kind=NUMBER, css="tabular", width=8),
        Column("completeness", "填报", completeness, phone=FIGURE,
               tone=lambda row: "pass" if row.recorded == len(ASKED) else "missing", width=14),
        Column("gaps", "短板", gaps_of, blank="没有登记到短板", api="", width=40),
        Column("households", "总户数", kind=NUMBER, blank=UNRECORDED),
        Column("population", "总人口", kind=NUMBER, blank=UNRECORDED),
        Column("collective_income", "村集体经济收入（元）", lambda row: total(row, COLLECTIVE), kind=Yuan(),
               blank=UNRECORDED, width=18),
    ),
    filters=FileFilters,
    bar=("q", "year", "place", "gap", "complete"),
    personal=("q",),
    actions=(
        Action("各地短板", "village-gaps", VIEWERS),
        Action("导入", "village-files-import", (Right.IMPORT,)),
        Action("下载填报表", "village-files-sheet", (Right.EXPORT,)),
    ),
    empty=Empty("没有符合条件的台账", "可以放宽条件再找；还没有的，请在村的页面点“建立台账”，或下载填报表填好后导入。"),
    sheet=Sheet(Right.EXPORT, "村情台账"),
    orderings={"place": ("village_id", "-year"), "year": ("-year", "village_id")},
)  # fmt: skip


def rows_of(line: selectors.GapLine, year: int, **more: str) -> str:
    """The list behind a number."""
    asked = "".join(f"&{name}={value}" for name, value in more.items())
    return f"{reverse('village-files')}?year={year}&place={line.place.code}{asked}"


def report_of(year: int) -> Listing:
    """The report of gaps of one year: every number leads to the files behind it."""
    lacking = tuple(
        Column(gap.code, gap.label, partial(lacking_at, at=at), kind=NUMBER,
               link=partial(link_of, year=year, gap=gap.code, at=at), width=12)
        for at, gap in enumerate(GAPS)
    )  # fmt: skip
    return Listing(
        code="village-gaps",
        title="各地短板",
        heading=f"{year} 年各地短板（村数）",
        unit="处",
        columns=(
            Column("place", "地区", lambda line: str(line.place), phone=TITLE, width=18,
                   link=lambda line, user: f"{reverse('village-gaps')}?place={line.place.code}&year={year}"),
            Column("villages", "行政村", kind=NUMBER),
            Column("files", "已建台账", kind=NUMBER, phone=FIGURE,
                   link=lambda line, user: rows_of(line, year) if line.files else ""),
            Column("complete", "已填全", kind=NUMBER,
                   link=lambda line, user: rows_of(line, year, complete="true") if line.complete else ""),
            Column("missing", "没有台账", kind=NUMBER, late=lambda line: line.missing > 0, phone=UNDER,
                   text=lambda number: f"{number:,}"),
            *lacking,
        ),
        empty=Empty("没有下级地区", "请换一个范围。"),
        size=500,
    )  # fmt: skip


def lacking_at(line: selectors.GapLine, at: int) -> int:
    return line.lacking[at]


def link_of(line: selectors.GapLine, user: User, year: int, gap: str, at: int) -> str:
    return rows_of(line, year, gap=gap) if line.lacking[at] else ""


CHANGES = Listing(
    code="village-file-changes",
    title="变更记录",
    heading="变更记录",
    unit="次",
    columns=(
        Column("at", "时间", text=moment_text, css="tabular", phone=UNDER, width=18),
        Column("who", "经办人", blank="系统", css="who", phone=FIGURE),
        Column("verb", "事项", blank="数据库直接修改", phone=TITLE, width=18),
        Column("facts", "改动", blank="没有改动内容", width=60),
    ),
    empty=Empty("没有变更过", ""),
    size=20,
)


LISTS = (FILES, CHANGES)
