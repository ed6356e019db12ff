"""What the closing of years declares."""

from households.closed.verbs import VERBS
from households.closing.lists import LISTS
from households.entry.declared import Aside, add_aside
from povreg.kit.history import declare_verbs
from povreg.kit.menu import Entry, declare
from povreg.kit.pages.listing import declare_lists
from villages.rights import Right

LATE = Aside("late", "households/closing/late_card.html", lambda page: page.bundle.late if page.bundle.closed else None)
MENU = (
    Entry("rules", "年度封存", "closings", (Right.STANDARD_VIEW,), 16, also=("late-facts",), hint="封存、核对、补登"),
)


def connect() -> None:
    declare(*MENU)
    declare_verbs(VERBS)
    declare_lists(*LISTS)
    add_aside(LATE, order=5)
