"""The list of differences between rosters and the register (身份差异)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.timezone import localtime

from households.models import Member, StandingProposal
from households.office.proposals.filters import ProposalFilters
from households.procedures.lists.proposals import kind_for
from households.standing import selectors
from households.standing.proposals import differences, may_settle
from povreg.kit.pages.columns import FIGURE, TITLE, UNDER, Column, along, short_day_text
from povreg.kit.pages.listing import Ask, Empty, Listing, RowAction, Sheet, Tabs
from villages.models import User
from villages.rights import Right

State = StandingProposal.State
TONES = {"in": "act", "out": "act", "clear": "act", "error": "warn"}
STATE_TONES = {"open": "act", "taken": "pass", "dismissed": "missing"}
TABS = ((State.OPEN, State.OPEN.label), (State.TAKEN, State.TAKEN.label), (State.DISMISSED, State.DISMISSED.label))


def put_heads(rows: Sequence[Any], user: Any) -> None:
    """Put ``head_name`` on the proposals of a page, in one statement."""
    heads = Member.objects.heads().filter(household__in=[row.household_id for row in rows])
    names = dict(heads.values_list("household_id", "name"))
    for row in rows:
        row.head_name = names.get(row.household_id, "")


def told(row: StandingProposal) -> tuple[str, ...]:
    return tuple(f"{name}：在册 {held}，名册 {given}" for name, held, given in differences(row))


def settled(row: StandingProposal) -> str:
    if row.batch_id and row.batch:
        return f"{row.batch.year}年{row.batch.get_kind_display()}名单"
    return row.reason


def settled_url(row: StandingProposal, user: User) -> str:
    return reverse("procedure", args=[row.batch_id]) if row.batch_id else ""


def may_take(row: StandingProposal, user: User) -> bool:
    return row.state == State.OPEN and kind_for(row) is not None and user.can(Right.BATCH_DRAFT, row.village_id)


def may_dismiss(row: StandingProposal, user: User) -> bool:
    return row.state == State.OPEN and may_settle(user, row.village_id)


def take_words(row: StandingProposal) -> str:
    kind = kind_for(row)
    return f"将列入本村的“{kind.label if kind else ''}”名单，没有的会新拟一份。身份要等名单批复才改变。"


PROPOSALS = Listing(
    code="proposals",
    title="身份差异",
    subtitle="名册与在册身份不同的户：列入名单办理，或写明理由不采纳",
    heading="身份差异",
    unit="条",
    rights=(Right.HOUSEHOLD_VIEW,),
    rows=selectors.proposals,
    fetch=put_heads,
    columns=(
        Column("head_name", "户主", link=lambda row, user: reverse("proposal", args=[row.pk]),
               under=along("household__household_no"), blank="（未登记户主）", api="", phone=TITLE, width=12),
        Column("village", "村", lambda row: str(row.village), under=along("village__parent"), api="", phone=UNDER),
        Column("kind", "种类", lambda row: row.get_kind_display(), tone=lambda row: TONES[row.kind], api="",
               phone=FIGURE, width=12),
        Column("differences", "差异", told, api="", width=50),
        Column("source_name", "来源", under=lambda row: short_day_text(localtime(row.found_at).date()), width=24),
        Column("state", "状态", lambda row: row.get_state_display(), tone=lambda row: STATE_TONES[row.state], api=""),
        Column("settled", "处理", settled, link=settled_url, api="", width=30),
    ),
    filters=ProposalFilters,
    bar=("place", "kind"),
    usual={"state": State.OPEN},
    tabs=Tabs("state", lambda user: TABS),
    row_actions=(
        RowAction("take", "列入名单", lambda row: reverse("proposal-take", args=[row.pk]), may_take,
                  Ask("列入名单？", take_words)),
        RowAction("dismiss", "不采纳", lambda row: reverse("proposal-dismiss", args=[row.pk]), may_dismiss,
                  Ask("不采纳这条差异？", lambda row: "在册身份不变；同样的名册再导入时不再提示。", "不采纳的理由")),
    ),
    empty=Empty("没有这样的身份差异", "导入名册后，与在册身份不同的户会列在这里。"),
    sheet=Sheet(Right.EXPORT, "身份差异"),
    orderings={"found_at": ("found_at",), "village": ("village_id", "found_at")},
)  # fmt: skip
