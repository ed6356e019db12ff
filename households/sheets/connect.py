"""What workbooks declare."""

from households.sheets.jobs import KINDS
from households.sheets.lists import LISTS
from households.sheets.verbs import HANDS, VERBS
from povreg.jobs.registry import register
from povreg.kit.history import declare_verbs
from povreg.kit.menu import Entry, declare
from povreg.kit.pages.listing import declare_lists
from villages.rights import Right

MENU = (
    Entry("households", "导入", "sheets", (Right.IMPORT,), 40, hint="花名册、年度表"),
    Entry("households", "导出", "sheet-export", (Right.EXPORT,), 50, hint="花名册、年度表"),
)


def connect() -> None:
    declare(*MENU)
    declare_lists(*LISTS)
    declare_verbs(VERBS, HANDS)
    for kind in KINDS:
        register(kind)
