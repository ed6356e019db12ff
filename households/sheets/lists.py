"""The list of imports, and of one's own exports."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from households.models import SheetImport
from households.sheets import selectors, services
from households.sheets.filters import ImportFilters
from households.sheets.layouts import LAYOUTS
from povreg.jobs.models import Job
from povreg.kit.pages.columns import FIGURE, NUMBER, TITLE, UNDER, Column, along, short_moment_text
from povreg.kit.pages.listing import Empty, Listing
from villages.models import User
from villages.rights import Right

Status = SheetImport.Status
TONES = {
    Status.UPLOADED: "warn",
    Status.CHECKING: "act",
    Status.CHECKED: "warn",
    Status.IMPORTING: "act",
    Status.DONE: "pass",
    Status.FAILED: "fail",
    Status.CANCELLED: "missing",
    Status.UNDOING: "act",
    Status.UNDONE: "missing",
}


def standing(row: SheetImport) -> SheetImport.Status:
    return Status(services.standing(row))


def import_page(row: SheetImport, user: User) -> str:
    return reverse("sheet-import", args=[row.pk])


def counted(name: str) -> Any:
    """A number of the outcome, or of the check while nothing was written."""
    return lambda row: (row.report or row.preview or {}).get(name)


def remedy(user: User) -> str:
    may = user.can(Right.IMPORT)
    return "选择文件上传后，先看检查结果，确认后才写入。" if may else "您可以导出表格。"


IMPORTS = Listing(
    code="imports",
    title="导入记录",
    heading="导入记录",
    unit="次导入",
    rights=(Right.IMPORT, Right.EXPORT),
    rows=selectors.recent_imports,
    filters=ImportFilters,
    columns=(
        Column("file_name", "文件", link=import_page, phone=TITLE, width=30),
        Column("layout", "表格", lambda row: LAYOUTS[row.layout].label, css="nowrap", api=""),
        Column("status", "状态", lambda row: standing(row).label, tone=lambda row: TONES[standing(row)], css="nowrap",
               api="", phone=FIGURE),
        Column("read", "读取", counted("rows_read"), kind=NUMBER, api=""),
        Column("created", "新增", counted("created"), kind=NUMBER, api=""),
        Column("updated", "更新", counted("updated"), kind=NUMBER, api=""),
        Column("rejected", "退回", counted("rejected"), kind=NUMBER, api=""),
        Column("created_at", "上传", text=short_moment_text, under=lambda row: row.by or "系统", css="nowrap", api="",
               phone=UNDER),
    ),
    empty=Empty("还没有导入过", remedy),
    orderings={"created_at": ("created_at",)},
)  # fmt: skip

EXPORTS = Listing(
    code="exports",
    title="我最近的导出",
    heading="我最近的导出",
    unit="次导出",
    rights=(Right.EXPORT,),
    columns=(
        Column("title", "内容", link=lambda job, user: reverse("job", args=[job.pk]), phone=TITLE, width=36),
        Column("status", "状态", lambda job: Job.Status(job.status).label, phone=FIGURE),
        Column("created_at", "时间", text=short_moment_text, css="nowrap", phone=UNDER),
    ),
    empty=Empty("还没有导出过", "选择表格和地区后点“导出”。"),
)

TOUCHED = Listing(
    code="touched",
    title="导入改动的户",
    heading="改动的户",
    unit="户",
    rights=(Right.IMPORT, Right.TRAIL_VIEW),
    columns=(
        Column("head_name", "户主", lambda row: row.head or row.household_no,
               link=lambda row, user: reverse("household-history", args=[row.pk]),
               under=along("household_no"), phone=TITLE, width=12),
        Column("household_no", "户编号", on_page=False, width=24),
        Column("village", "村", lambda row: str(row.village), under=along("village__parent"), phone=UNDER),
        Column("entered", "这次导入", lambda row: "新登记" if row.entered else "更新", phone=FIGURE),
    ),
    empty=Empty("没有改动任何户", "表里的内容与登记的一样，或导入已撤销。"),
)  # fmt: skip

LISTS = (IMPORTS, EXPORTS, TOUCHED)
