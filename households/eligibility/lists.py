"""The list of verdicts that turned."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse

from households.eligibility import selectors
from households.eligibility.criteria import BY_CODE
from households.eligibility.filters import FlipFilters
from households.models import Flip
from povreg.kit.pages.columns import FIGURE, TITLE, UNDER, Column, moment_text
from povreg.kit.pages.listing import Empty, Listing, Sheet
from villages.models import User
from villages.rights import Right

TONES = {"pass": "pass", "fail": "fail", "missing": "missing"}


def with_heads(rows: Sequence[Flip], user: User) -> None:
    """Put the name of the household's head on every row, in one statement."""
    heads = selectors.head_names(row.household_id for row in rows)
    for row in rows:
        row.head_name = heads.get(row.household_id, "")  # type: ignore[attr-defined]


def verdict_page(row: Flip, user: User) -> str:
    return f"{reverse('household-verdict', args=[row.household_id])}?year={row.year}"


def changed(row: Flip) -> str:
    return "、".join(BY_CODE[code].label if code in BY_CODE else code for code in row.changed)


FLIPS = Listing(
    code="flips",
    title="结论变化",
    heading="结论变化",
    unit="户次",
    rights=(Right.ASSESSMENT_VIEW,),
    rows=selectors.flips,
    fetch=with_heads,
    columns=(
        Column("head_name", "户主", link=verdict_page, blank="（未登记户主）", api="", phone=TITLE, width=12),
        Column("village", "村", lambda row: str(row.village), api="", phone=UNDER, width=16),
        Column("at", "时间", text=moment_text, api="", width=20),
        Column("before", "由", lambda row: row.get_before_display(), tone=lambda row: TONES[row.before], api=""),
        Column("after", "变为", lambda row: row.get_after_display(), tone=lambda row: TONES[row.after], api="",
               phone=FIGURE),
        Column("cause", "原因", lambda row: row.get_cause_display(), api=""),
        Column("changed", "变化的指标", changed, api="", width=30),
    ),
    filters=FlipFilters,
    bar=("cause", "before", "after", "criterion"),
    personal=("criterion",),
    empty=Empty("没有结论变化", "首次评定不算变化。有筛选条件的，可以放宽后再查。"),
    sheet=Sheet(Right.EXPORT, "结论变化"),
    orderings={"at": ("at",), "place": ("village_id", "household_id", "-at")},
)  # fmt: skip

LISTS = (FLIPS,)
