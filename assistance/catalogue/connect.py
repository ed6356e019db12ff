"""What the catalogue declares."""

from assistance.catalogue import incomes
from assistance.catalogue.lists import LISTS
from assistance.catalogue.verbs import VERBS
from povreg.kit.history import declare_verbs
from povreg.kit.menu import Entry, declare
from povreg.kit.pages.listing import declare_lists
from villages.rights import Right

MENU = (
    Entry("rules", "措施目录", "catalogue", (Right.STANDARD_VIEW,), 50, hint="有哪些措施，针对什么，多少钱，谁主管"),
    Entry("plans", "增收模式", "income-models", (Right.STANDARD_VIEW,), 30, hint="每种投入、产出、赚多少"),
)


def connect() -> None:
    declare_verbs(VERBS)
    declare_lists(*LISTS, *incomes.LISTS)
    declare(*MENU)
