"""The log of all exports."""

from __future__ import annotations

import django_filters

from audits.exports.selectors import visible_exports
from povreg.kit.pages import filters
from povreg.kit.pages.columns import FIGURE, NUMBER, TITLE, UNDER, Column, short_moment_text
from povreg.kit.pages.listing import Action, Empty, Listing
from povreg.proof.models import ExportRecord
from villages.people.selectors import place_label
from villages.places.filters import InPlace
from villages.rights import Right


class ExportFilters(django_filters.FilterSet):
    place = InPlace(field_name="place_code", label="范围")
    unmasked = filters.YesNo(label="含完整号码")
    by = filters.Whole(field_name="by_id", label="导出人", help_text="账号 id")
    form = filters.Choice(choices=ExportRecord.Form.choices, label="格式")


def whose(row: ExportRecord) -> str:
    return str(row.by) if row.by else "系统命令"


EXPORTED = Listing(
    code="export-log",
    title="导出记录",
    subtitle="每一份离开本系统的表格：谁、什么、范围、筛选、行数、理由",
    heading="导出",
    unit="份",
    rights=(Right.EXPORT, Right.TRAIL_VIEW),
    rows=visible_exports,
    columns=(
        Column("title", "名称", phone=TITLE, width=30,
               mark=lambda row: "完整号码" if row.unmasked else "", under=lambda row: row.narrowed[:60]),
        Column("by", "导出人", whose, api="", phone=UNDER),
        Column("place", "范围", lambda row: place_label(row.place_code) or row.place_code, api=""),
        Column("rows", "行数", kind=NUMBER, phone=FIGURE),
        Column("reason", "理由", width=24),
        Column("at", "时间", text=short_moment_text, css="tabular", api="", width=18),
    ),
    filters=ExportFilters,
    bar=("place", "unmasked", "form"),
    actions=(Action("导出数据", "datasets", (Right.TRAIL_VIEW,), main=True), Action("核验文件", "verify")),
    empty=Empty("没有这样的导出", "可以放宽条件再找。"),
    orderings={"at": ("at", "pk"), "rows": ("rows", "pk")},
)  # fmt: skip

LISTS = (EXPORTED,)
