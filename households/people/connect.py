"""What the list of people declares."""

from households.people.jobs import KINDS
from households.people.lists import LISTS
from households.people.printing import CODE
from povreg.jobs.registry import register
from povreg.kit.menu import Entry, declare
from povreg.kit.pages.listing import declare_lists
from povreg.kit.pages.printed import print_also
from villages.rights import Right

MENU = (
    Entry("households", "人员", "people", (Right.HOUSEHOLD_VIEW,), 20, hint="查到人"),
    Entry(
        "households", "疑似重复", "people-doubles", (Right.HOUSEHOLD_MOVE,), 25, hint="可能登记了两次的人，核对后合并"
    ),
)


def connect() -> None:
    declare(*MENU)
    declare_lists(*LISTS)
    print_also(CODE)
    for kind in KINDS:
        register(kind)
