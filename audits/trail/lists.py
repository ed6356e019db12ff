"""The list of acts."""

from __future__ import annotations

from django.urls import reverse

from audits.trail.selectors import MOST
from povreg.kit.pages.columns import FIGURE, NUMBER, TITLE, UNDER, Column, short_moment_text
from povreg.kit.pages.listing import Empty, Listing, Sheet
from villages.rights import Right

ACTS = Listing(
    code="trail",
    title="留痕",
    subtitle="谁、何时、做了什么、为什么；查看完整号码也在内",
    heading="操作",
    unit="次操作",
    rights=(Right.TRAIL_VIEW,),
    columns=(
        Column("who", "谁", link=lambda act, user: reverse("trail-act", args=[act.id]) if act.id else "", phone=TITLE),
        Column("verb", "操作", tone=lambda act: "" if act.id else "fail", phone=FIGURE, width=18),
        Column("what", "改了什么", width=40),
        Column("where", "哪里", phone=UNDER, width=20),
        Column("reason", "理由", width=24),
        Column("count", "行数", kind=NUMBER),
        Column("at", "时间", text=short_moment_text, css="tabular", width=18),
        Column("request", "请求编号", on_page=False, width=34),
    ),
    empty=Empty("没有这样的操作", "可以放宽日期、换一个地区或账号再看。"),
    sheet=Sheet(Right.EXPORT, "留痕"),
    foot=f"最多列出最近 {MOST} 次操作，更早的请用日期筛选。",
)  # fmt: skip

LISTS = (ACTS,)
