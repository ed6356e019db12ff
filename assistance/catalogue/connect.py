"""What the catalogue declares."""

from assistance.catalogue.lists import LISTS
from assistance.catalogue.verbs import VERBS
from povreg.kit.history import declare_verbs
from povreg.kit.menu import Entry, declare
from povreg.kit.pages.listing import declare_lists
from villages.rights import Right

MENU = (
    Entry("rules", "措施目录", "catalogue", (Right.STANDARD_VIEW,), 50, hint="有哪些措施，针对什么，多少钱，谁主管"),
)


def connect() -> None:
    declare_verbs(VERBS)
    declare_lists(*LISTS)
    declare(*MENU)
