"""The lists of findings, rounds and inspections."""

from __future__ import annotations

from datetime import date

from django.urls import reverse
from django.utils import timezone

from audits.findings import selectors
from audits.findings.filters import OFTEN, FindingFilters, InspectionFilters, RoundFilters
from audits.models import AuditRound, Finding, InspectionVisit
from povreg.kit.pages.columns import FIGURE, NUMBER, TITLE, UNDER, Column, along, short_day_text
from povreg.kit.pages.listing import Action, Empty, Listing, Sheet, Tabs
from povreg.kit.sheets.kinds import Day
from villages.models import User
from villages.rights import Right

TONES = {"open": "warn", "assigned": "act", "answered": "warn", "closed": "pass", "dismissed": "plain"}


def is_late(row: Finding) -> bool:
    return bool(row.state == Finding.State.ASSIGNED and row.deadline and row.deadline < timezone.localdate())


def left(row: Finding) -> str:
    """How much time is left for the answer."""
    if row.state != Finding.State.ASSIGNED or row.deadline is None:
        return ""
    days = (row.deadline - timezone.localdate()).days
    return f"逾期 {-days} 天" if days < 0 else f"还有 {days} 天" if days else "今天到期"


def remedy(user: User) -> str:
    more = "发现问题时，点“开出问题”。" if user.can(Right.FINDING_OPEN) else ""
    return f"可以换一个状态再看。{more}"


def coverage(row: InspectionVisit) -> str:
    """The share of the listed households that were called on."""
    return f"{100 * row.called / row.listed:.0f}%" if row.listed else ""


def closed_text(value: date | None) -> str:
    return f"{short_day_text(value)}办结" if value else "进行中"


FINDINGS = Listing(
    code="findings",
    title="整改",
    subtitle="疑点、比对、抽查、督查开出的问题：交办、报送、核实、销号",
    heading="问题",
    unit="件",
    rights=(Right.FINDING_VIEW,),
    rows=selectors.findings,
    columns=(
        Column("title", "问题", link=lambda row, user: reverse("finding", args=[row.pk]),
               under=lambda row: row.get_source_display(), phone=TITLE, width=28),
        Column("who", "对象", selectors.who_is_it, css="who", api="", width=12),
        Column("village_name", "责任地", lambda row: str(row.village), under=along("village__parent"), api="",
               phone=UNDER),
        Column("severity", "程度", lambda row: str(row.get_severity_display()),
               tone=lambda row: "fail" if row.severity == "E" else "", api=""),
        Column("state", "状态", lambda row: str(row.get_state_display()), tone=lambda row: TONES[row.state],
               api="", phone=FIGURE),
        Column("deadline", "整改期限", text=short_day_text, under=left, late=is_late, css="tabular"),
        Column("outcome", "结果", lambda row: str(row.get_outcome_display()), api=""),
        Column("opened_on", "开出日期", text=short_day_text, css="tabular"),
    ),
    filters=FindingFilters,
    bar=("place", "source", "severity"),
    usual={"state": "live"},
    tabs=Tabs("state", lambda user: OFTEN),
    actions=(Action("开出问题", "finding-new", (Right.FINDING_OPEN,), main=True),),
    empty=Empty("没有这样的问题", remedy),
    sheet=Sheet(Right.EXPORT, "整改"),
    orderings={"deadline": ("deadline", "pk"), "opened_on": ("opened_on", "pk"), "place": ("village_id", "pk")},
)  # fmt: skip

ROUNDS = Listing(
    code="audit-rounds",
    title="核查轮次",
    subtitle="每一轮审计、督查、比对：开出多少，办结多少，剔除、保留、补录多少户",
    heading="轮次",
    unit="轮",
    rights=(Right.FINDING_VIEW,),
    rows=selectors.rounds,
    columns=(
        Column("name", "轮次", link=lambda row, user: reverse("audit-round", args=[row.pk]), phone=TITLE, width=24),
        Column("kind", "种类", lambda row: str(row.get_kind_display())),
        Column("starts_on", "开始", text=short_day_text, css="tabular"),
        Column("ends_on", "结束", text=short_day_text, css="tabular"),
        Column("total", "问题", kind=NUMBER, api="", phone=FIGURE),
        Column("ended", "已办结", kind=NUMBER, api=""),
        Column("late", "逾期", kind=NUMBER, api=""),
        Column("closed_on", "状态", kind=Day(), text=closed_text, blank="进行中", phone=UNDER),
    ),
    filters=RoundFilters,
    bar=("kind",),
    actions=(Action("发起一轮", "audit-round-new", (Right.FINDING_OPEN,), main=True),),
    empty=Empty("还没有核查轮次", "发起一轮后，开出的问题可以计入这一轮，办结时出通报。"),
    sheet=Sheet(Right.EXPORT, "核查轮次"),
    faint=lambda row: bool(row.closed_on),
)  # fmt: skip

INSPECTIONS = Listing(
    code="inspections",
    title="督查走访",
    subtitle="督查组到了哪些村，走访多少户，看到什么",
    heading="走访",
    unit="次",
    rights=(Right.FINDING_VIEW,),
    rows=selectors.inspections,
    columns=(
        Column("village_name", "村", lambda row: str(row.village), under=along("village__parent"), api="",
               link=lambda row, user: reverse("inspection", args=[row.pk]), phone=TITLE),
        Column("visited_on", "日期", text=short_day_text, css="tabular", phone=UNDER),
        Column("method", "方式", lambda row: str(row.get_method_display())),
        Column("team", "组成人员", width=20),
        Column("called", "走访户数", kind=NUMBER, phone=FIGURE),
        Column("reached", "见到户数", kind=NUMBER),
        Column("coverage", "占在册户", coverage, api=""),
        Column("round_name", "轮次", along("round__name"), api=""),
    ),
    filters=InspectionFilters,
    bar=("place", "method"),
    actions=(Action("登记走访", "inspection-new", (Right.FINDING_OPEN,), main=True),),
    empty=Empty("还没有督查走访", "督查组走访后，在这里登记；发现的问题另外开出整改。"),
    sheet=Sheet(Right.EXPORT, "督查走访"),
    orderings={"visited_on": ("visited_on", "pk")},
)  # fmt: skip


def share_done(row: AuditRound) -> int:
    """Per cent of a round's findings that are at an end."""
    total = getattr(row, "total", 0)
    return round(100 * getattr(row, "ended", 0) / total) if total else 0


LISTS = (FINDINGS, ROUNDS, INSPECTIONS)
