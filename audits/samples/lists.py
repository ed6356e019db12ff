"""The lists of samples and of their households."""

from __future__ import annotations

from django.urls import reverse

from audits.models import Sample, SampleCase
from audits.samples import selectors
from audits.samples.filters import CASES_OFTEN, OFTEN, CaseFilters, SampleFilters
from audits.samples.measures import POPULATIONS, named
from povreg.kit.pages.columns import FIGURE, NUMBER, TITLE, UNDER, Column, along, short_day_text, short_moment_text
from povreg.kit.pages.listing import Action, Empty, Listing, Sheet, Tabs
from villages.models import User
from villages.rights import Right

TONES = {"open": "warn", "done": "plain", "unreached": "missing", "reserve": "plain"}


def measures_text(row: Sample) -> str:
    return "、".join(each.label for each in named(row.measures))


def said(row: SampleCase) -> tuple[str, ...]:
    """What was found, measure by measure; of those not seen yet nothing."""
    return tuple(f"{each.label}：{answer_text(row.answers[each.code], each.wrong)}" for each in named([*row.answers]))


def answer_text(answer: bool | None, wrong: bool) -> str:
    if answer is None:
        return "说不清"
    yes, no = ("有问题", "没问题") if wrong else ("认可", "不认可")
    return yes if answer else no


def remedy(user: User) -> str:
    return "点“抽样”，按置信度和误差抽取入户核查的户。" if user.can(Right.SAMPLE_DRAW) else "审计、县里抽样后列在这里。"


SAMPLES = Listing(
    code="samples",
    title="抽样",
    subtitle="按种子抽取，任何人可以重抽；比例附置信区间",
    heading="抽查",
    unit="次",
    rights=(Right.SAMPLE_VIEW,),
    rows=selectors.samples,
    columns=(
        Column("name", "抽查", link=lambda row, user: reverse("sample", args=[row.pk]), phone=TITLE, width=24),
        Column("place_name", "范围", along("place__short_name"), api="", phone=UNDER),
        Column("year", "年度", text=lambda year: f"{year}年", css="tabular"),
        Column("design", "抽法", lambda row: str(row.get_design_display()), api=""),
        Column("measures_text", "指标", measures_text, api="", width=30),
        Column("wanted", "户数", kind=NUMBER),
        Column("seen", "已核", kind=NUMBER, phone=FIGURE),
        Column("drawn_at", "抽取", text=short_moment_text, api="", css="tabular"),
        Column("closed_on", "办结", text=short_day_text, blank="在办", css="tabular"),
    ),
    filters=SampleFilters,
    bar=("place", "year"),
    usual={"state": "open"},
    tabs=Tabs("state", lambda user: OFTEN),
    actions=(Action("抽样", "sample-new", (Right.SAMPLE_DRAW,), main=True),),
    empty=Empty("没有这样的抽查", remedy),
    sheet=Sheet(Right.EXPORT, "抽查"),
    orderings={"drawn_at": ("drawn_at", "pk")},
)  # fmt: skip

CASES = Listing(
    code="sample-cases",
    title="抽查户",
    subtitle="按村排列；没有见到的，由备选户顶上",
    heading="抽查户",
    unit="户",
    rights=(Right.SAMPLE_VIEW,),
    rows=selectors.cases,
    columns=(
        Column("who", "户主", lambda row: row.head_name or row.household.household_no, api="",
               link=lambda row, user: reverse("sample-case", args=[row.pk]), phone=TITLE,
               under=lambda row: row.household.household_no),
        Column("village_name", "村", lambda row: str(row.village), under=along("village__parent"), api="", phone=UNDER),
        Column("population", "对象", lambda row: POPULATIONS[row.population][0], api=""),
        Column("state", "状态", lambda row: str(row.get_state_display()), tone=lambda row: TONES[row.state], api="",
               phone=FIGURE),
        Column("said", "结果", said, api="", width=30),
        Column("seen_on", "入户", text=short_day_text, under=along("seen_by__name"), css="tabular"),
        Column("sample_name", "抽查", lambda row: row.sample.name, api=""),
    ),
    filters=CaseFilters,
    bar=("place",),
    tabs=Tabs("state", lambda user: CASES_OFTEN),
    usual={"state": "open"},
    empty=Empty("没有这样的抽查户", "可以换一个状态再看。"),
    sheet=Sheet(Right.EXPORT, "抽查户"),
    orderings={"place": ("village_id", "pk")},
)  # fmt: skip

LISTS = (SAMPLES, CASES)
