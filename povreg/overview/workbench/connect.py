"""What the workbench offers to each role stands in the modules named here; importing them declares it."""

from povreg.kit.menu import Entry, declare
from povreg.overview.workbench import (
    accounts,
    beforehand,
    entry,
    january,
    late,
    leads,
    lists,
    logs,
    objections,
    office,
    standing,
    watch,
)

OFFERING = (accounts, beforehand, january, entry, late, leads, lists, logs, objections, office, standing, watch)


def connect() -> None:
    """``@offer`` has declared what OFFERING holds, in the order of a workbench."""
    declare(Entry("work", "工作台", "workbench", order=10))
