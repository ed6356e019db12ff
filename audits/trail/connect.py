"""What the trail declares."""

from audits.trail.lists import LISTS
from audits.trail.selectors import address_of
from povreg.kit.menu import Entry, declare
from povreg.kit.pages.listing import declare_lists
from povreg.kit.ways import declare_way
from villages.rights import Right


def connect() -> None:
    declare(Entry("trail", "留痕", "trail", (Right.TRAIL_VIEW,), 10, hint="谁、何时、做了什么、为什么"))
    declare_lists(*LISTS)
    declare_way("trail", address_of)
