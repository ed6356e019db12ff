"""What periods declare."""

from povreg.kit.history import declare_verbs
from povreg.kit.menu import Entry, declare
from povreg.kit.pages.listing import declare_lists
from villages.periods.lists import LISTS
from villages.periods.verbs import VERBS
from villages.rights import Right

MENU = (Entry("rules", "年度与机构", "working-years", (Right.STANDARD_VIEW,), 15, hint="工作年度、机构名称、省定项目"),)


def connect() -> None:
    declare(*MENU)
    declare_verbs(VERBS)
    declare_lists(*LISTS)
