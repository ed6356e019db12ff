"""What standards declare."""

from povreg.kit.history import declare_verbs
from povreg.kit.menu import Entry, declare
from povreg.kit.pages.listing import declare_lists
from villages.rights import Right
from villages.standards.lists import LISTS
from villages.standards.verbs import VERBS

MENU = (Entry("rules", "标准与规则", "standards", (Right.STANDARD_VIEW,), 10, hint="标准线、评定标准"),)


def connect() -> None:
    declare(*MENU)
    declare_verbs(VERBS)
    declare_lists(*LISTS)
