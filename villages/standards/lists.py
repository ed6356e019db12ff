"""The lists of lines, of what was corrected, and of criteria sets."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from povreg.kit.pages.columns import FIGURE, TITLE, UNDER, Column, along, day_text, moment_text
from povreg.kit.pages.listing import Action, Ask, Empty, Listing, RowAction, Sheet, Tabs
from povreg.kit.sheets.kinds import Yuan
from villages.models import CriteriaSet, PovertyLine, User
from villages.rights import Right
from villages.standards import selectors
from villages.standards.filters import LineFilters, SetFilters
from villages.standards.hooks import declared_criteria

COUNTRY = "全国"
EDITORS = (Right.STANDARD_EDIT,)


def keeps(row: PovertyLine | CriteriaSet, user: User) -> bool:
    """Whether the person keeps this standard; the country's is kept by nobody."""
    return bool(row.place_id) and user.can(Right.STANDARD_EDIT, row.place_id)


def edits(user: User) -> bool:
    return bool(user.can(Right.STANDARD_EDIT))


def place_of(row: Any) -> str:
    return str(row.place or COUNTRY)


def entered(line: PovertyLine) -> str:
    """Who registered it, when; nothing for what the product brought."""
    return f"{line.created_by.name}登记于{day_text(line.created_at)}" if line.created_by else ""


def at(name: str) -> Any:
    return lambda row: reverse(name, args=[row.pk])


def new_line(request: Any) -> str:
    return f"{reverse('line-new')}?kind={request.GET.get('kind', PovertyLine.Kind.EXIT)}"


YEAR = Column("year", "年度", text=lambda year: f"{year} 年", css="tabular", phone=TITLE, width=9)
PLACE = Column("place", "适用地区", place_of, api="", phone=UNDER)
AMOUNT = Column("amount", "标准", kind=Yuan(), api="", phone=FIGURE)
LINES = Listing(
    code="lines",
    title="标准",
    subtitle="每条标准都注明依据；更正不覆盖原值",
    heading="标准线",
    note="元/人·年",
    unit="条标准",
    rights=(Right.STANDARD_VIEW,),
    rows=selectors.lines,
    columns=(
        YEAR,
        PLACE,
        AMOUNT,
        Column("source", "依据", width=30),
        Column("note", "说明", under=entered, width=24),
    ),
    filters=LineFilters,
    usual={"kind": PovertyLine.Kind.EXIT.value, "withdrawn": "false"},
    tabs=Tabs("kind", lambda user: PovertyLine.Kind.choices),
    row_actions=(
        RowAction("correct", "更正", at("line-correct"), keeps),
        RowAction("withdraw", "撤回", at("line-withdraw"), keeps, Ask(
            "撤回这条标准", lambda line: f"{line.place}，{line}。撤回后改用更大地区的标准；没有的，当年收入不能评定。",
            "撤回原因", risk=True)),
    ),
    actions=(Action("发布评定标准", "set-new", EDITORS), Action("登记标准线", new_line, EDITORS, main=True)),
    empty=Empty("还没有登记这一种标准",
                lambda user: "点右上角“登记标准线”登记本县的标准。" if edits(user) else "由县主管部门登记。"),
    foot="没有当年标准的年度，收入一项不作评定，写明“还没有当年标准线”，不借用其他年度的标准。",
    sheet=Sheet(Right.EXPORT, "标准线", lambda user: [("单位", "元/人·年")]),
    orderings={"year": ("year", "kind", "place_id"), "kind": ("kind", "year"), "amount": ("amount",)},
    size=200,
)  # fmt: skip

CORRECTIONS = Listing(
    code="corrections",
    title="更正记录",
    heading="更正记录",
    unit="条",
    rights=(Right.STANDARD_VIEW,),
    rows=selectors.corrections,
    columns=(
        YEAR,
        PLACE,
        Column("amount", "原标准", kind=Yuan(), phone=FIGURE),
        Column("source", "原依据", width=30),
        Column("withdrawn", "撤回", along("withdrawn_at"), text=moment_text,
               under=lambda line: line.withdrawn_by.name if line.withdrawn_by else "系统", width=20),
        Column("withdrawn_reason", "原因", width=30),
    ),
    empty=Empty("没有更正过", ""),
    size=200,
)  # fmt: skip


def year_range(row: CriteriaSet) -> str:
    return f"至 {row.year_to} 年" if row.year_to else ""


def criteria(row: CriteriaSet) -> str:
    labels = declared_criteria()
    return "、".join(labels.get(code, code) for code in row.criteria)


def revise(row: CriteriaSet) -> str:
    return f"{reverse('set-new')}?from={row.pk}"


SETS = Listing(
    code="sets",
    title="评定标准",
    heading="评定标准",
    note="地区更小的优先，其次起始年度更晚的",
    unit="套标准",
    rights=(Right.STANDARD_VIEW,),
    rows=selectors.sets_for_page,
    columns=(
        Column("name", "名称", under=lambda row: f"第 {row.version} 版", css="nowrap", phone=TITLE, width=24),
        PLACE,
        Column("year_from", "年度", text=lambda year: f"{year} 年起", under=year_range, css="tabular nowrap"),
        Column("criteria", "指标", criteria, api="", width=40),
        Column("source", "依据", width=30),
        Column("state", "状态", lambda row: "启用" if row.is_active else "未启用",
               tone=lambda row: "pass" if row.is_active else "missing", api="", phone=FIGURE),
    ),
    filters=SetFilters,
    row_actions=(
        RowAction("revise", "修订", revise, keeps),
        RowAction("adopt", "本县采用", revise, lambda row, user: edits(user) and not keeps(row, user)),
        RowAction("retire", "停用", at("set-withdraw"), lambda row, user: row.is_active and keeps(row, user), Ask(
            "停用这套标准",
            lambda row: f"{row.place}，{row.name} 第 {row.version} 版。停用后改用其他适用的标准重新评定。",
            "停用原因", risk=True)),
    ),
    empty=Empty("还没有评定标准", "没有评定标准就不能评定，请联系系统管理员。"),
    orderings={"name": ("name", "-version"), "year": ("year_from", "name")},
    size=200,
)  # fmt: skip

LISTS = (LINES, CORRECTIONS, SETS)
