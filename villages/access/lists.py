"""The list of access for some hours: who was let in where, why, until when, and who decided."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from povreg.kit.pages.columns import FIGURE, TITLE, UNDER, Column, along, moment_text, short_moment_text
from povreg.kit.pages.listing import Action, Ask, Empty, Listing, RowAction
from villages.access.filters import AccessFilters
from villages.access.selectors import STATES, accesses, state_of
from villages.models import TimedAccess, User
from villages.rights import Right

TONES = {
    "waiting": "warn",
    "open": "act",
    "over": "missing",
    "ended": "missing",
    "refused": "missing",
    "lapsed": "missing",
}


def at(name: str) -> Any:
    return lambda row: reverse(name, args=[row.pk])


def may_decide(row: TimedAccess, user: User) -> bool:
    own = user.pk in (row.account_id, row.asked_by_id)
    return not own and state_of(row) == "waiting" and user.can(Right.ACCESS_GRANT, row.place_id)


def may_end(row: TimedAccess, user: User) -> bool:
    return row.holds and user.can(Right.ACCESS_END, row.place_id)


def term(row: TimedAccess) -> str:
    """Until when, or for how long it was asked."""
    until = row.posting.until if row.posting else None
    return f"至 {short_moment_text(until)}" if until else f"{row.hours} 小时"


def decided(row: TimedAccess) -> str:
    return f"{row.decided_by}，{short_moment_text(row.decided_at)}" if row.decided_by else ""


def why_not(row: TimedAccess) -> str:
    """Why it was refused, or ended before its hour."""
    return row.refusal or (f"{row.ended_by}：{row.ended_reason}" if row.ended_by else "")


def what_opens(row: TimedAccess) -> str:
    return (
        f"{row.account}将从现在起查阅{row.place}的农户信息 {row.hours} 小时，到时自动结束；"
        f"看不到完整证件号码，不能修改。依据 {row.document}：{row.reason}。批准后立即通知县主管部门和县领导。"
    )


ACCESSES = Listing(
    code="timed-access",
    title="限时查阅",
    subtitle="督查组等临时查阅农户信息：申请、批准不是同一个人，县主管部门当时就知道，到时自动结束",
    heading="限时查阅",
    unit="项",
    rights=(Right.ACCESS_VIEW,),
    rows=accesses,
    columns=(
        Column("reader", "查阅人", lambda row: str(row.account), phone=TITLE, api="", width=12),
        Column("where", "查阅范围", lambda row: str(row.place), under=along("place__parent"), phone=UNDER, api="",
               width=18),
        Column("term", "期限", term, css="tabular", api="", width=20),
        Column("reason", "事由", under=along("document"), width=36),
        Column("asked", "申请人", lambda row: str(row.asked_by), under=lambda row: moment_text(row.asked_at), api="",
               width=12),
        Column("decided", "批准人", decided, api="", width=24),
        Column("state", "状态", lambda row: STATES[state_of(row)], tone=lambda row: TONES[state_of(row)],
               under=why_not, phone=FIGURE, api="", width=16),
    ),
    filters=AccessFilters,
    bar=("state", "place"),
    actions=(Action("申请限时查阅", "timed-access-new", (Right.ACCESS_ASK,), main=True),),
    row_actions=(
        RowAction("grant", "批准", at("timed-access-grant"), may_decide, Ask("批准限时查阅", what_opens)),
        RowAction("refuse", "不批准", at("timed-access-refuse"), may_decide,
                  Ask("不批准", lambda row: f"{row}，依据 {row.document}。", "原因", risk=True)),
        RowAction("end", "提前结束", at("timed-access-end"), may_end,
                  Ask("提前结束", lambda row: f"{row}。结束后立即看不到农户信息。", "原因", risk=True)),
    ),
    empty=Empty("没有限时查阅", "督查组要看没有任职的地方时，由本人或县主管部门申请，安全管理员批准。"),
    faint=lambda row: state_of(row) not in ("waiting", "open"),
    orderings={"asked_at": ("asked_at",)},
)  # fmt: skip
LISTS = (ACCESSES,)
