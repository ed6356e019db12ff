"""What the dashboard declares."""

from povreg.kit.menu import Entry, declare
from villages.rights import Right

MENU = (Entry("figures", "看板", "dashboard", (Right.DASHBOARD_VIEW,), 10, hint="结论、收入、致贫原因"),)


def connect() -> None:
    declare(*MENU)
