"""The list behind a figure of the dashboard: the public notices that run under a place."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from households.models import Notice
from households.procedures.engine import clock
from povreg.kit.pages.columns import FIGURE, NUMBER, TITLE, UNDER, Column, along, short_day_text
from povreg.kit.pages.listing import Empty, Listing
from villages.models import User
from villages.rights import Right


def left(notice: Notice) -> Any:
    return clock.left(notice.ends_on, notice.day_rule)


def batch_page(notice: Notice, user: User) -> str:
    return reverse("procedure", args=[notice.batch_id])


NOTICES = Listing(
    code="notices",
    title="公示进行中",
    heading="公示",
    unit="份",
    rights=(Right.BATCH_VIEW,),
    columns=(
        Column("place", "村", lambda notice: str(notice.place), link=batch_page, under=along("place__parent"),
               phone=TITLE),
        Column("notice", "名单", lambda notice: f"{notice.batch.year}年{notice}", phone=UNDER, width=30),
        Column("posted_on", "张贴", text=short_day_text),
        Column("ends_on", "截止", text=short_day_text, under=lambda notice: str(left(notice)),
               late=lambda notice: left(notice).is_overdue, phone=FIGURE),
        Column("entries_count", "户数", kind=NUMBER),
        Column("open_objections", "未办结异议", kind=NUMBER),
    ),
    empty=Empty("现在没有公示", "张贴公示后，到期以前会列在这里。"),
)  # fmt: skip

LISTS = (NOTICES,)
