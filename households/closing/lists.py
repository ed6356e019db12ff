"""The list of closed years, and of the facts that came after."""

from __future__ import annotations

from urllib.parse import urlencode

from django.urls import reverse

from households.closed.selectors import late_facts
from households.closing.filters import ClosingFilters, LateFactFilters
from households.closing.selectors import closings, with_late_counts
from households.models import LateFact, YearClosing
from povreg.kit.pages.columns import FIGURE, NUMBER, TITLE, UNDER, Column, moment_text
from povreg.kit.pages.listing import Empty, Listing, RowAction, Sheet
from villages.models import User
from villages.rights import Right

SHORT = 12
"""Digits of a digest that a list shows; the page of the year shows all."""


def year_text(row: YearClosing) -> str:
    return f"{row.year} 年"


def who(row: YearClosing | LateFact) -> str:
    by = row.closed_by if isinstance(row, YearClosing) else row.by
    return by.name if by else "系统"


def late_text(row: YearClosing) -> str:
    count = getattr(row, "late", 0)
    return f"封存后更正 {count} 处" if count else "无"


def late_url(row: YearClosing, user: User) -> str:
    query = urlencode({"place": row.county_id, "year": row.year})
    return f"{reverse('late-facts')}?{query}" if getattr(row, "late", 0) else ""


def verify_url(row: YearClosing) -> str:
    return reverse("closing-verify", args=[row.pk])


CLOSINGS = Listing(
    code="closings",
    title="年度封存",
    subtitle="封存后，本年的统计数和逐户结果不再变动；以后补登的另行列出",
    heading="已封存的年度",
    unit="个年度",
    rights=(Right.STANDARD_VIEW,),
    rows=closings,
    fetch=with_late_counts,
    columns=(
        Column("year", "年度", year_text, css="nowrap", api="", phone=TITLE, width=10),
        Column("county", "县", lambda row: str(row.county), api="", width=16),
        Column("households", "户数", kind=NUMBER),
        Column("people", "人数", kind=NUMBER),
        Column("closed_at", "封存时间", text=moment_text, under=who, api="", phone=UNDER, width=20),
        Column("reason", "有缺项仍封存的理由", width=30),
        Column("digest", "校验值", lambda row: row.digest[:SHORT], css="tabular", api="", width=16),
        Column("late", "封存后更正", late_text, link=late_url, api="", phone=FIGURE, width=18),
    ),
    filters=ClosingFilters,
    row_actions=(RowAction("verify", "核对", verify_url),),
    empty=Empty("还没有封存的年度", "县里上报完一个年度后，可以在上面封存。"),
    sheet=Sheet(Right.EXPORT, "年度封存"),
    orderings={"year": ("-year", "county_id")},
    size=200,
)  # fmt: skip


def household_page(row: LateFact, user: User) -> str:
    return f"{reverse('household', args=[row.household_id])}?year={row.year}"


LATE_FACTS = Listing(
    code="late-facts",
    title="封存后更正",
    subtitle="年度封存后才登记的事实；封存的统计数没有改动",
    heading="封存后更正",
    unit="处",
    rights=(Right.HOUSEHOLD_VIEW,),
    rows=late_facts,
    columns=(
        Column("household", "户编号", lambda row: row.household.household_no, link=household_page, api="", phone=TITLE,
               width=22),
        Column("village", "村", lambda row: str(row.village), api="", phone=UNDER, width=16),
        Column("year", "年度", lambda row: f"{row.year} 年", css="nowrap", api="", phone=FIGURE, width=10),
        Column("kind", "种类", lambda row: row.get_kind_display(), api="", width=14),
        Column("what", "内容", width=50),
        Column("reason", "理由", width=30),
        Column("by", "登记人", who, css="who", api="", width=10),
        Column("at", "登记时间", text=moment_text, api="", width=20),
    ),
    filters=LateFactFilters,
    bar=("year", "kind"),
    empty=Empty("没有封存后的更正", "已封存年度的记录和变动没有补登过。"),
    sheet=Sheet(Right.EXPORT, "封存后更正"),
    orderings={"at": ("at",)},
)  # fmt: skip

LISTS = (CLOSINGS, LATE_FACTS)
