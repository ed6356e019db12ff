"""Where verdicts join the layers below them when the app starts."""

from households.eligibility.criteria import enrol, registered
from households.eligibility.jobs import RECOMPUTE
from households.eligibility.lists import LISTS
from households.eligibility.services import programme_changed, reassess, standard_changed
from households.eligibility.verbs import VERBS
from households.register.after import after_change
from povreg.jobs.registry import register
from povreg.kit.history import declare_verbs
from povreg.kit.menu import Entry, declare
from povreg.kit.pages.listing import declare_lists
from villages.periods.hooks import on_programme_change
from villages.rights import Right
from villages.standards.hooks import on_standard_change

MENU = (Entry("households", "结论变化", "flips", (Right.ASSESSMENT_VIEW,), 30, hint="哪些户的结论变了，为什么"),)


def connect() -> None:
    """Declare verbs, the job, the criteria a set may hold, and what a saved change or a changed standard leads to."""
    declare(*MENU)
    declare_lists(*LISTS)
    declare_verbs(VERBS)
    register(RECOMPUTE)
    enrol(*registered())
    after_change(reassess)
    on_standard_change(standard_changed)
    on_programme_change(programme_changed)
