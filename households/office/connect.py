"""What the offices' pages on standing declare."""

from households.office.corrections.lists import CORRECTIONS
from households.office.departments.lists import DEPARTMENT_LISTS, DEPARTMENT_ROWS
from households.office.opening.lists import OPENINGS
from households.office.proposals.lists import PROPOSALS
from povreg.kit.menu import Entry, declare
from povreg.kit.pages.listing import declare_lists
from villages.rights import Right

MENU = (
    Entry("households", "身份差异", "proposals", (Right.BATCH_DRAFT, Right.COUNTY_REVIEW), 25, hint="名册与在册不同"),
    Entry("households", "部门名单", "department-lists", (Right.JOB_VIEW_ALL,), 90, hint="民政部门的低保、特困等名单",
          also=("department-rows",)),
    Entry("households", "更正令", "corrections", (Right.COUNTY_REVIEW,), 27, hint="凭文件更正登记错的身份"),
    Entry("jobs", "建库期", "openings", (Right.JOB_VIEW_ALL,), 90, hint="名册登记身份，清点后结束"),
)  # fmt: skip


def connect() -> None:
    declare(*MENU)
    declare_lists(CORRECTIONS, OPENINGS, PROPOSALS, DEPARTMENT_LISTS, DEPARTMENT_ROWS)
