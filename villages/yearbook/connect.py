"""What yearly files of villages declare."""

from povreg.kit.history import declare_verbs
from povreg.kit.menu import Entry, declare
from povreg.kit.pages.listing import declare_lists
from villages.places.cards import CARDS
from villages.rights import Right
from villages.yearbook.cards import village_card
from villages.yearbook.lists import LISTS
from villages.yearbook.verbs import VERBS

MENU = (Entry("households", "村情台账", "village-files", (Right.VILLAGE_FILE_VIEW,), 80, hint="设施、产业、集体经济"),)


def connect() -> None:
    declare(*MENU)
    declare_verbs(VERBS)
    declare_lists(*LISTS)
    CARDS.add("yearbook", village_card)
