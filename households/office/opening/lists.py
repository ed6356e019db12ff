"""The counties and the opening of their registers (建库期)."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from households.office.opening import selectors
from povreg.kit.pages.columns import FIGURE, TITLE, UNDER, Column, day_text
from povreg.kit.pages.listing import Empty, Listing
from povreg.kit.sheets.kinds import Day
from villages.rights import Right

SEEN = (Right.JOB_VIEW_ALL,)


def closed_on(row: Any) -> Any:
    return row.stock.closed_on if row.stock else None


OPENINGS = Listing(
    code="openings",
    title="建库期",
    subtitle="新县开始用系统时，凭全国名册登记身份；清点后由县主管部门结束，只结束一次",
    heading="各县",
    unit="个县",
    rights=SEEN,
    rows=selectors.counties,
    fetch=selectors.put_stock,
    columns=(
        Column("code", "代码", css="tabular", phone=UNDER, width=10),
        Column("name", "县", str, link=lambda row, user: reverse("opening", args=[row.pk]), api="county", phone=TITLE),
        Column("state", "状态", lambda row: "已结束" if closed_on(row) else "建库期",
               tone=lambda row: "pass" if closed_on(row) else "warn", phone=FIGURE),
        Column("closed_on", "结束日期", closed_on, kind=Day(), text=day_text),
    ),
    empty=Empty("没有您负责的县", "建库期由县主管部门办理。"),
    orderings={"code": ("code",)},
)  # fmt: skip
