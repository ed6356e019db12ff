"""What the page declares."""

from assistance.situation.dimensions import DIMENSIONS
from assistance.situation.tallies import after_register, recount
from assistance.tallies.after import WIDER, recount_with
from households.figures.dimensions import declare_dimensions
from households.register.after import after_change
from povreg.kit.menu import Entry, declare
from povreg.kit.reach import declare_wider
from villages.rights import Right

MENU = Entry("assistance", "概况", "assistance", (Right.DASHBOARD_VIEW,), 10, hint="走访、计划、结对、资金到哪一步")


def connect() -> None:
    declare(MENU)
    declare_dimensions(*DIMENSIONS)
    declare_wider(WIDER)
    recount_with(recount)
    after_change(after_register)
