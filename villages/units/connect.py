"""What units and cadres declare."""

from povreg.kit.history import declare_verbs
from povreg.kit.menu import Entry, declare
from povreg.kit.pages.listing import declare_lists
from villages.rights import Right
from villages.units.lists import LISTS
from villages.units.verbs import VERBS

MENU = (
    Entry("units", "单位", "units", (Right.UNIT_VIEW,), 10, hint="帮扶单位"),
    Entry("units", "干部", "cadres", (Right.UNIT_VIEW,), 20, hint="帮扶干部"),
)


def connect() -> None:
    declare(*MENU)
    declare_verbs(VERBS)
    declare_lists(*LISTS)
