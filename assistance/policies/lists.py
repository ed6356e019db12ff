"""The policy library, and the people who should have a policy."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone

from assistance.models import NotServed, Policy
from assistance.policies import selectors
from assistance.policies.conditions import words
from assistance.policies.filters import STATES, EntitledFilters, LibraryFilters
from households.models import Member
from povreg.kit.pages.columns import DAY, FIGURE, TITLE, UNDER, Column, along
from povreg.kit.pages.listing import Action, Empty, Listing, RowAction, Sheet, Tabs
from villages.rights import Right


def state(row: Member) -> str:
    has_it, why = getattr(row, "has_it", False), getattr(row, "why_not", None)
    return "已享受" if has_it else str(NotServed.Reason(why).label) if why else "未享受"


def runs(row: Policy) -> bool:
    return row.ends_on is None or row.ends_on >= timezone.localdate()


LIBRARY = Listing(
    code="policies",
    title="政策库",
    subtitle="有哪些政策，谁能享受，给多少，哪个部门办，从哪天到哪天",
    heading="政策",
    unit="项",
    rights=(Right.STANDARD_VIEW,),
    rows=selectors.library,
    columns=(
        Column("label", "政策", phone=TITLE, mark=lambda row: "自愿申请" if row.voluntary else "", width=24),
        Column("who_words", "谁能享受", lambda row: words(row.who), phone=UNDER, width=24),
        Column("amount", "标准", width=24),
        Column("department", "主管部门", under=along("document"), width=20),
        Column("runs_on", "脱贫后", width=24),
        Column("starts_on", "开始执行", kind=DAY, css="tabular", phone=FIGURE),
        Column("ends_on", "停止执行", kind=DAY, css="tabular"),
        Column("place_name", "适用", lambda row: str(row.place) if row.place else "通用"),
    ),
    filters=LibraryFilters,
    bar=("label", "holding"),
    usual={"holding": "now"},
    row_actions=(
        RowAction("revise", "修改", lambda row: reverse("policy-revise", args=[row.pk]),
                  lambda row, user: runs(row) and user.can(Right.CATALOGUE_EDIT)),
    ),
    faint=lambda row: not runs(row),
    empty=Empty("没有这样的政策"),
    sheet=Sheet(Right.EXPORT, "政策库"),
    orderings={"code": ("code", "starts_on")},
)  # fmt: skip
ENTITLED = Listing(
    code="entitled",
    title="应享受名单",
    subtitle="按政策条件和登记的情况算出；落实后登记措施，名单自动更新",
    heading="人员",
    unit="人",
    rights=(Right.HOUSEHOLD_VIEW,),
    rows=lambda user: selectors.people(user).order_by("village_id", "person_no"),
    columns=(
        Column("name", "姓名", phone=TITLE, api="",
               link=lambda row, user: reverse("household-policies", args=[row.household_id])),
        Column("head_name", "户主", css="who", phone=UNDER, api=""),
        Column("household_no", "户编号", along("household__household_no")),
        Column("village_name", "村", lambda row: str(row.village), under=along("village__parent")),
        Column("state", "状态", state, phone=FIGURE, tone=lambda row: "pass" if row.has_it else "warn"),
    ),
    filters=EntitledFilters,
    bar=("policy", "place", "year"),
    usual={"state": "lacking"},
    actions=(Action("各项政策落实情况", "policy-coverage", (Right.DASHBOARD_VIEW,)),),
    tabs=Tabs("state", lambda user: STATES),
    empty=Empty("没有这样的人", "这项政策该享受的都享受了；可以换一项政策再看。"),
    sheet=Sheet(Right.EXPORT, "应享受名单"),
    orderings={"place": ("village_id", "person_no")},
)  # fmt: skip
LISTS = (LIBRARY, ENTITLED)
