"""The list of requests for correction."""

from __future__ import annotations

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from assistance.models import CorrectionRequest
from assistance.papers.corrections.filters import STATES, RequestFilters
from households.models.member import head_name
from povreg.kit.pages.columns import FIGURE, TITLE, UNDER, Column, along, short_day_text
from povreg.kit.pages.listing import Empty, Listing, Sheet, Tabs
from villages.models import User
from villages.rights import Right


def requests(user: User) -> QuerySet[CorrectionRequest]:
    """The requests a person may see, those due first. ``head_name`` is added."""
    rows = CorrectionRequest.objects.visible_to(user).select_related("household", "village__parent", "answered_by")
    return rows.annotate(head_name=head_name("household_id")).order_by("answered_on", "due_on", "pk")


def state(row: CorrectionRequest) -> str:
    """待答复, 逾期 3 天, or what became of it."""
    if row.answered_on:
        return str(row.get_outcome_display())
    late = (timezone.localdate() - row.due_on).days
    return f"逾期 {late} 天" if late > 0 else "待答复"


def tone(row: CorrectionRequest) -> str:
    if row.answered_on:
        return "plain"
    return "fail" if row.due_on < timezone.localdate() else "warn"


REQUESTS = Listing(
    code="correction-requests",
    title="更正申请",
    subtitle="农户在自己的页面上提出：登记的内容哪里不对",
    heading="更正申请",
    unit="件",
    rights=(Right.LEAD_VIEW,),
    rows=requests,
    columns=(
        Column("who", "户主", lambda row: row.head_name or row.household.household_no, phone=TITLE,
               link=lambda row, user: reverse("correction-request", args=[row.pk])),
        Column("village_name", "村", lambda row: str(row.village), under=along("village__parent"), phone=UNDER),
        Column("about", "哪方面", lambda row: row.get_about_display(), api=""),
        Column("received_on", "收到", text=short_day_text, css="tabular"),
        Column("due_on", "答复期限", text=short_day_text, css="tabular"),
        Column("state", "状态", state, tone=tone, phone=FIGURE),
        Column("answered_on", "答复日期", text=short_day_text, css="tabular"),
        Column("answered_by_name", "答复人", along("answered_by__name")),
    ),
    filters=RequestFilters,
    bar=("place", "about"),
    usual={"state": "open"},
    tabs=Tabs("state", lambda user: STATES),
    empty=Empty("没有更正申请", "农户扫登记卡上的码进入本户页面，可以提出更正；提出的会列在这里。"),
    sheet=Sheet(Right.EXPORT, "更正申请", lambda user: [("申请内容", "不导出")]),
    orderings={"due_on": ("due_on",), "place": ("village_id", "due_on")},
)  # fmt: skip

LISTS = (REQUESTS,)
