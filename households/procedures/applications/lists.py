"""The list of applications."""

from __future__ import annotations

from django.urls import reverse

from households.models import Application
from households.procedures.applications import selectors
from households.procedures.applications.filters import ApplicationFilters
from povreg.kit.pages.columns import FIGURE, TITLE, UNDER, Column, along
from povreg.kit.pages.listing import Action, Empty, Listing, Sheet
from povreg.kit.sheets.kinds import Day
from villages.models import User
from villages.rights import Right

TONES = {
    "open": "act",
    "listed": "pass",
    "declined": "missing",
    "withdrawn": "missing",
    "admitted": "pass",
    "refused": "missing",
}


def by_whom(row: Application) -> str:
    return f"{row.proxy_name}（{row.proxy_relation}）" if row.by_proxy else "本人"


def visits(row: Application) -> str:
    return f"{row.surveyed} 次" if row.surveyed else ""  # type: ignore[attr-defined]


def remedy(user: User) -> str:
    return "农户提出申请后，点“登记申请”。" if user.can(Right.BATCH_DRAFT) else ""


APPLICATIONS = Listing(
    code="applications",
    title="申请",
    heading="申请",
    unit="份申请",
    rights=(Right.BATCH_VIEW,),
    rows=selectors.applications,
    columns=(
        Column("head_name", "户主", link=lambda row, user: reverse("procedure-application", args=[row.pk]),
               blank="（未登记户主）", api="", phone=TITLE, width=12),
        Column("household_no", "户编号", along("household__household_no"), css="tabular", api="", width=22),
        Column("village", "村", lambda row: str(row.village), api="", phone=UNDER, width=16),
        Column("kind", "申请事项", lambda row: row.get_kind_display(), api="", width=18),
        Column("applied_on", "申请日期", kind=Day(), css="nowrap"),
        Column("proxy", "代办", by_whom, api="", width=18),
        Column("surveyed", "入户调查", visits, blank="未调查", api=""),
        Column("state", "状态", lambda row: row.get_state_display(), tone=lambda row: TONES[row.state], api="",
               phone=FIGURE),
    ),
    filters=ApplicationFilters,
    bar=("kind", "place"),
    actions=(Action("登记申请", "procedure-application-new", (Right.BATCH_DRAFT,), main=True),),
    empty=Empty("没有这样的申请", remedy),
    sheet=Sheet(Right.EXPORT, "申请"),
    orderings={"applied_on": ("applied_on",), "village": ("village_id", "applied_on")},
)  # fmt: skip

LISTS = (APPLICATIONS,)
