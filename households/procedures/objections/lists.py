"""The lists of objections, and of the notices to which one may still be raised."""

from __future__ import annotations

from django.urls import reverse

from households.models import Notice, Objection
from households.procedures.engine import clock
from households.procedures.objections import selectors
from households.procedures.objections.filters import ANSWERED, OFTEN, ObjectionFilters
from povreg.kit.pages.columns import FIGURE, TITLE, UNDER, Column, along, short_day_text
from povreg.kit.pages.listing import Action, Empty, Listing, RowAction, Sheet, Tabs
from villages.models import User
from villages.rights import Right

TAKERS = (Right.OBJECTION_TAKE,)


def how(row: Objection) -> str:
    return f"{row.get_channel_display()} · {short_day_text(row.received_on)}收到"


def about(row: Objection) -> str:
    if row.line:
        return f"第 {row.line.position} 户 {row.line.masked_name}"
    return "漏评" if row.about == Objection.About.MISSED else "整份名单"


def waits(row: Objection) -> str:
    """What an objection without a list waits for."""
    return "原名单已终止，待转入下一份" if row.batch_id is None else ""


def left(row: Objection) -> str:
    """How many working days are left; nothing for one that was answered."""
    return "" if row.state == ANSWERED else str(clock.left(row.due_on, "working"))


def is_late(row: Objection) -> bool:
    return row.state != ANSWERED and row.due_on < clock.today()


def remedy(user: User) -> str:
    more = "有人打电话或来访提出意见时，点“登记电话、来信、来访异议”。" if user.can(Right.OBJECTION_TAKE) else ""
    return f"可以换一个状态再看。{more}"


OBJECTIONS = Listing(
    code="objections",
    title="异议",
    subtitle="按办理期限排列；未答复的异议会挡住名单",
    heading="异议",
    unit="件",
    rights=(Right.BATCH_VIEW,),
    rows=selectors.objections,
    columns=(
        Column("tracking_no", "查询号", link=lambda row, user: reverse("objection", args=[row.pk]), under=how,
               css="tabular nowrap", phone=TITLE, width=20),
        Column("place", "村", lambda row: str(row.place), under=along("place__parent"), api="", phone=UNDER),
        Column("notice", "名单", lambda row: str(row.notice), under=waits, api="", width=30),
        Column("line", "对象", about, api="", width=20),
        Column("state", "状态", lambda row: row.get_state_display(),
               tone=lambda row: "pass" if row.state == ANSWERED else "act", api=""),
        Column("assigned_to", "核查人", along("assigned_to__name"), blank="未分办", api=""),
        Column("due_on", "期限", text=short_day_text, under=left, late=is_late, css="tabular", phone=FIGURE),
    ),
    filters=ObjectionFilters,
    bar=("place",),
    usual={"state": "open"},
    tabs=Tabs("state", lambda user: OFTEN),
    actions=(Action("登记电话、来信、来访异议", "objection-choose", TAKERS, main=True),),
    empty=Empty("没有这样的异议", remedy),
    sheet=Sheet(Right.EXPORT, "异议", lambda user: [("姓名", "已遮盖")]),
    orderings={"due_on": ("due_on",), "received_on": ("received_on",)},
)  # fmt: skip


def what(notice: Notice) -> str:
    return f"{notice.batch.year}年 {notice}，{notice.entries_count} 户"


def posted(notice: Notice) -> str:
    return f"{short_day_text(notice.posted_on)}—{short_day_text(notice.ends_on)}"


def over(notice: Notice) -> str:
    runs = notice.state == Notice.State.OPEN and notice.ends_on >= clock.today()
    return "公示中" if runs else "已结束，按期满后提出登记"


RUNNING = Listing(
    code="running-notices",
    title="对哪份名单有意见",
    subtitle="公示期内的在前；期满以后的电话、来信、来访也要登记、答复",
    heading="可以登记异议的名单",
    unit="份",
    rights=TAKERS,
    rows=selectors.open_to_objections,
    columns=(
        Column("place", "村", lambda notice: str(notice.place), under=along("place__parent"), phone=TITLE),
        Column("notice", "名单", what, phone=UNDER, width=36),
        Column("posted", "公示时间", posted, under=over, css="tabular", width=24),
    ),
    row_actions=(RowAction("receive", "登记", lambda notice: reverse("objection-receive", args=[notice.pk])),),
    empty=Empty("没有可以登记异议的名单", "最近一年没有公示过的名单。其他反映请按信访办理。"),
)  # fmt: skip

LISTS = (OBJECTIONS, RUNNING)
