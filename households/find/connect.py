"""What the list of households declares."""

from households.find.printing import CODE
from households.find.saved.lists import LISTS
from povreg.kit.menu import Entry, Quick, declare
from povreg.kit.pages.listing import declare_lists
from povreg.kit.pages.printed import print_also
from villages.rights import Right

MENU = (
    Entry("households", "户名单", "households", (Right.HOUSEHOLD_VIEW,), 10, hint="查到户，录入资料"),
    Quick("年度资料", "找到这一户，逐项录入", "households", (Right.HOUSEHOLD_EDIT,), 10),
)


def connect() -> None:
    declare(*MENU)
    declare_lists(*LISTS)
    print_also(CODE)
