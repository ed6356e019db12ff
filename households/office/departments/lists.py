"""The lists that departments handed over, and the households on them."""

from __future__ import annotations

from django.urls import reverse

from households.models import DepartmentList, DepartmentRow
from households.office.departments import selectors
from households.office.departments.filters import DepartmentListFilters, DepartmentRowFilters
from households.office.proposals.lists import put_heads
from povreg.kit.pages.columns import FIGURE, NUMBER, TITLE, UNDER, Column, along, day_text, short_moment_text
from povreg.kit.pages.listing import Action, Empty, Listing, Sheet
from povreg.kit.sheets.kinds import Day
from villages.models import User
from villages.rights import Right

SEEN = (Right.JOB_VIEW_ALL,)


def rows_url(row: DepartmentList, user: User) -> str:
    return reverse("department-list", args=[row.pk])


def remedy(user: User) -> str:
    return "在“导入”中上传“部门名单”表格。" if user.can(Right.COUNTY_REVIEW) else "部门名单由县主管部门接收。"


DEPARTMENT_LISTS = Listing(
    code="department-lists",
    title="部门名单",
    subtitle="民政部门认定的低保、特困、低保边缘、刚性支出困难家庭，以部门名单为准",
    heading="已接收的名单",
    unit="份",
    rights=SEEN,
    rows=selectors.department_lists,
    columns=(
        Column("document", "文件号或批次", link=rows_url, phone=TITLE, width=24),
        Column("department", "部门", phone=UNDER, width=16),
        Column("county", "县", lambda row: str(row.county), api=""),
        Column("as_of", "名单日期", kind=Day(), text=day_text, css="nowrap"),
        Column("lines", "户数", kind=NUMBER, phone=FIGURE),
        Column("taken_at", "接收", text=short_moment_text, under=lambda row: row.taken_by or "系统", css="nowrap",
               api=""),
    ),
    filters=DepartmentListFilters,
    actions=(Action("接收部门名单", "sheets", (Right.COUNTY_REVIEW,), main=True),),
    empty=Empty("还没有接收过部门名单", remedy),
    sheet=Sheet(Right.EXPORT, "部门名单"),
    orderings={"as_of": ("as_of",)},
)  # fmt: skip


def people(row: DepartmentRow) -> str:
    names = [member.name for member in row.members.all()]
    return "、".join(names) if names else "全户"


def household_page(row: DepartmentRow, user: User) -> str:
    return reverse("household-standing", args=[row.household_id])


def paper(row: DepartmentRow) -> str:
    return f"{row.list.department} {row.list.document}"


DEPARTMENT_ROWS = Listing(
    code="department-rows",
    title="名单上的户",
    heading="名单上的户",
    unit="户",
    rights=(Right.HOUSEHOLD_VIEW,),
    rows=selectors.rows_of,
    fetch=put_heads,
    columns=(
        Column("head_name", "户主", link=household_page, under=along("household__household_no"),
               blank="（未登记户主）", api="", phone=TITLE, width=12),
        Column("village", "村", lambda row: str(row.village), under=along("village__parent"), api="", phone=UNDER),
        Column("klass", "类别", lambda row: str(row.klass), api="klass_label", phone=FIGURE, width=16),
        Column("people", "人员", people, api="", width=20),
        Column("since", "起", kind=Day(), text=day_text, css="nowrap"),
        Column("until", "止", kind=Day(), text=day_text, blank="至今", css="nowrap"),
        Column("paper", "名单", paper, api="", width=24),
    ),
    filters=DepartmentRowFilters,
    bar=("place", "klass"),
    empty=Empty("没有这样的户", "部门名单由县主管部门在“导入”中接收。"),
    sheet=Sheet(Right.EXPORT, "名单上的户"),
    orderings={"since": ("since",)},
)  # fmt: skip
