"""What appraisal declares."""

from assistance.appraisal.lists import LISTS
from assistance.appraisal.verbs import VERBS
from povreg.kit.history import declare_verbs
from povreg.kit.menu import Entry, declare
from povreg.kit.pages.listing import declare_lists
from villages.rights import Right

MENU = Entry(
    "figures", "帮扶考核", "appraisals", (Right.HELPER_APPRAISE,), 60, hint="每名帮扶责任人的走访、措施、满意度"
)


def connect() -> None:
    declare(MENU)
    declare_verbs(VERBS)
    declare_lists(*LISTS)
