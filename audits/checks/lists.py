"""The lists of doubts and of exemptions."""

from __future__ import annotations

from django.urls import reverse

from audits.checks import selectors
from audits.checks.catalogue import words_of
from audits.checks.check import GROUPS
from audits.checks.filters import HOLDING, OFTEN, DoubtFilters, ExemptionFilters
from audits.models import Doubt, Exemption
from povreg.kit.pages.columns import FIGURE, TITLE, UNDER, Column, along, short_day_text
from povreg.kit.pages.listing import Action, Ask, Empty, Listing, RowAction, Sheet, Tabs
from villages.models import User
from villages.rights import Right

TONES = {"E": "fail", "W": "warn", "G": "plain"}


def state(row: Doubt) -> str:
    """Where it stands."""
    if row.solved_on:
        return "已解决"
    if row.exempted:
        return "已豁免"
    if row.confirmed:
        return "录入时已确认"
    if row.finding and not row.finding.ended_on:
        return "整改中"
    return "待核实"


def about(row: Doubt) -> str:
    """The facts it goes by, in a line."""
    return "；".join(f"{label} {value}" for label, value in selectors.facts_of(row))


def of_whom(row: Exemption) -> str:
    if row.member:
        return row.member.name
    return str(row.household) if row.household else "全村"


DOUBTS = Listing(
    code="doubts",
    title="疑点",
    subtitle="规则比出来的矛盾：是线索，不是结论，要到户核实",
    heading="疑点",
    unit="处",
    rights=(Right.CHECK_VIEW,),
    rows=selectors.doubts,
    columns=(
        Column("text", "疑点", selectors.text_of, link=lambda row, user: reverse("doubt", args=[row.pk]),
               under=lambda row: GROUPS[row.group], api="", phone=TITLE, width=30),
        Column("who", "对象", selectors.who_is_it, css="who", api="", width=12),
        Column("village_name", "村", lambda row: str(row.village), under=along("village__parent"), api="", phone=UNDER),
        Column("severity_name", "程度", lambda row: str(row.get_severity_display()),
               tone=lambda row: TONES[row.severity], api="", phone=FIGURE),
        Column("about", "依据", about, api="", width=30),
        Column("state", "状态", state, api=""),
        Column("first_seen", "首次发现", text=short_day_text, css="tabular", api=""),
    ),
    filters=DoubtFilters,
    bar=("place", "group"),
    usual={"state": "open"},
    tabs=Tabs("state", lambda user: OFTEN),
    actions=(
        Action("数据质量", "check-quality"),
        Action("规则", "check-rules"),
    ),
    empty=Empty("没有这样的疑点", "可以换一个状态再看；没有核查过的，请县里先运行核查。"),
    sheet=Sheet(Right.EXPORT, "疑点"),
    orderings={"first_seen": ("first_seen", "pk"), "place": ("village_id", "pk")},
)  # fmt: skip


def may_withdraw(row: Exemption, user: User) -> bool:
    return row.withdrawn_on is None and user.can(Right.CHECK_EXEMPT, row.village_id)


EXEMPTIONS = Listing(
    code="exemptions",
    title="豁免",
    subtitle="核实过、情况就是这样的，到期前不再提示",
    heading="豁免",
    unit="项",
    rights=(Right.CHECK_VIEW,),
    rows=selectors.exemptions,
    columns=(
        Column("text", "规则", lambda row: words_of(row.rule), api="", phone=TITLE, width=30),
        Column("who", "对象", of_whom, css="who", api=""),
        Column("village_name", "村", lambda row: str(row.village), under=along("village__parent"), api="", phone=UNDER),
        Column("reason", "理由", width=30),
        Column("until", "有效期至", text=short_day_text, css="tabular", phone=FIGURE),
        Column("by_name", "豁免人", along("by__name"), api=""),
        Column("withdrawn_on", "撤回日期", text=short_day_text, css="tabular"),
    ),
    filters=ExemptionFilters,
    bar=("place",),
    usual={"state": "holds"},
    tabs=Tabs("state", lambda user: HOLDING),
    row_actions=(
        RowAction("withdraw", "撤回", lambda row: reverse("exemption-withdraw", args=[row.pk]), may=may_withdraw,
                  ask=Ask("撤回这项豁免？", lambda row: "撤回后，这些疑点重新列为待核实。")),
    ),
    empty=Empty("没有豁免", "疑点核实后情况属实的，在疑点页面豁免。"),
    sheet=Sheet(Right.EXPORT, "豁免"),
)  # fmt: skip
LISTS = (DOUBTS, EXEMPTIONS)
