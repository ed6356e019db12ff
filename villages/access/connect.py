"""What access for some hours declares."""

from povreg.kit.history import declare_verbs
from povreg.kit.menu import Entry, declare
from povreg.kit.pages.listing import declare_lists
from villages.access.lists import LISTS
from villages.access.verbs import VERBS
from villages.rights import Right

MENU = (Entry("accounts", "限时查阅", "timed-access", (Right.ACCESS_VIEW,), 40, hint="督查组临时查阅，到时自动结束"),)


def connect() -> None:
    declare(*MENU)
    declare_verbs(VERBS)
    declare_lists(*LISTS)
