"""What places declare."""

from povreg.kit.history import declare_verbs
from povreg.kit.menu import Entry, declare
from povreg.kit.pages.listing import declare_lists
from villages.places.lists import LISTS
from villages.places.verbs import VERBS
from villages.rights import Right

MENU = (Entry("places", "区划与村情", "places", (Right.PLACE_EDIT,), 10, hint="乡镇、村、组"),)


def connect() -> None:
    declare(*MENU)
    declare_verbs(VERBS)
    declare_lists(*LISTS)
