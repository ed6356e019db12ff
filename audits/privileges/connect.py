"""What the privilege review declares: its verb, menu and workbench."""

from audits.privileges import dues  # noqa: F401  offers what is due
from audits.privileges.verbs import VERBS
from povreg.kit.history import declare_verbs
from povreg.kit.menu import Entry, declare
from villages.rights import Right


def connect() -> None:
    declare(Entry("trail", "权限复核", "privileges", (Right.TRAIL_VIEW,), 60, hint="谁能做什么，每季度签字"))
    declare_verbs(VERBS)
