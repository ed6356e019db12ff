"""What the dashboard declares."""

from povreg.kit.menu import Entry, declare
from povreg.kit.pages.listing import declare_lists
from povreg.overview.dashboard.lists import LISTS
from villages.rights import Right

MENU = (Entry("figures", "看板", "dashboard", (Right.DASHBOARD_VIEW,), 10, hint="结论、收入、致贫原因"),)


def connect() -> None:
    declare(*MENU)
    declare_lists(*LISTS)
