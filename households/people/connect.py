"""What the list of people declares."""

from households.people.jobs import KINDS
from povreg.jobs.registry import register
from povreg.kit.menu import Entry, declare
from villages.rights import Right

MENU = (Entry("households", "人员", "people", (Right.HOUSEHOLD_VIEW,), 20, hint="查到人"),)


def connect() -> None:
    declare(*MENU)
    for kind in KINDS:
        register(kind)
