"""The lists of departments' lists and of hits."""

from __future__ import annotations

from datetime import date

from django.urls import reverse

from audits.comparisons import selectors
from audits.comparisons.filters import OFTEN, HitFilters, ListFilters
from audits.comparisons.sources import label_of, says
from audits.models import ComparisonHit, ComparisonList
from povreg.kit.pages.columns import FIGURE, NUMBER, TITLE, UNDER, Column, along, short_day_text
from povreg.kit.pages.listing import Action, Empty, Listing, Sheet, Tabs
from povreg.kit.sheets.kinds import Day
from villages.models import User
from villages.rights import Right

TONES = {"E": "fail", "W": "warn", "N": "plain"}


def kept_text(value: date | None) -> str:
    return f"{short_day_text(value)}删除" if value else ""


def hits_url(row: ComparisonList, user: User) -> str:
    return f"{reverse('audit-hits')}?list={row.pk}&state=all"


def answered(row: ComparisonHit) -> str:
    return str(row.get_answer_display()) if row.answer else "待核实"


COMPARISONS = Listing(
    code="audit-comparisons",
    title="部门比对",
    subtitle="部门数据加密保存、到期删除；命中只是疑点，要到户核实",
    heading="部门数据",
    unit="份",
    rights=(Right.COMPARE_VIEW,),
    rows=selectors.lists,
    columns=(
        Column("source_name", "数据", lambda row: label_of(row.source), link=hits_url, under=along("department"),
               api="", phone=TITLE, width=20),
        Column("as_of", "数据日期", text=short_day_text, css="tabular", phone=UNDER, api=""),
        Column("state_name", "状态", lambda row: str(row.get_state_display()), api=""),
        Column("read", "行数", lambda row: row.counts.get("read"), kind=NUMBER, api=""),
        Column("strong", "按号码命中", lambda row: row.counts.get("strong"), kind=NUMBER, api="", phone=FIGURE),
        Column("weak", "弱匹配", lambda row: row.counts.get("weak"), kind=NUMBER, api=""),
        Column("open_count", "待核实", kind=NUMBER, api=""),
        Column("keep_until", "保存到", kind=Day(), text=kept_text, css="tabular", api=""),
    ),
    filters=ListFilters,
    bar=("source", "state"),
    actions=(
        Action("准确率", "comparison-precision"),
        Action("上传部门数据", "audit-comparison-new", (Right.COMPARE_IMPORT,), main=True),
    ),
    empty=Empty("还没有部门数据", "部门给出名单后，在这里上传比对。"),
    sheet=Sheet(Right.EXPORT, "部门比对"),
    faint=lambda row: row.state == ComparisonList.State.DELETED,
)  # fmt: skip
HITS = Listing(
    code="audit-hits",
    title="比对命中",
    subtitle="登记的人出现在部门名单上：是疑点，不是结论，不会自动清退",
    heading="命中",
    unit="人",
    rights=(Right.COMPARE_VIEW,),
    rows=selectors.hits,
    columns=(
        Column("who", "对象", along("member__name"), link=lambda row, user: reverse("audit-hit", args=[row.pk]), api="",
               phone=TITLE),
        Column("village_name", "村", lambda row: str(row.village), under=along("village__parent"), api="", phone=UNDER),
        Column("says", "疑点", lambda row: says(row.source), tone=lambda row: TONES[row.severity], api="", width=28),
        Column("matched", "匹配", lambda row: "姓名和出生日期（弱）" if row.weak else "证件号码", api=""),
        Column("answer_name", "核实结果", answered, api="", phone=FIGURE),
        Column("found_on", "比对日期", text=short_day_text, css="tabular", api=""),
    ),
    filters=HitFilters,
    bar=("place", "source", "match"),
    usual={"state": "open"},
    tabs=Tabs("state", lambda user: OFTEN),
    empty=Empty("没有这样的命中", "可以换一个状态再看。"),
    sheet=Sheet(Right.EXPORT, "比对命中"),
    orderings={"found_on": ("found_on", "pk"), "place": ("village_id", "pk")},
)  # fmt: skip
LISTS = (COMPARISONS, HITS)
