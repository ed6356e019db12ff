"""What the page declares."""

from assistance.situation.dimensions import DIMENSIONS
from households.figures.dimensions import declare_dimensions
from povreg.kit.menu import Entry, declare
from villages.rights import Right

MENU = Entry("assistance", "概况", "assistance", (Right.DASHBOARD_VIEW,), 10, hint="走访、计划、结对、资金到哪一步")


def connect() -> None:
    declare(MENU)
    declare_dimensions(*DIMENSIONS)
