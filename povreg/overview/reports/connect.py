"""What reports declare."""

from povreg.kit.menu import Entry, declare
from villages.rights import Right

MENU = (Entry("figures", "报表", "reports", (Right.DASHBOARD_VIEW,), 20, hint="户、人、收入的统计表"),)


def connect() -> None:
    declare(*MENU)
