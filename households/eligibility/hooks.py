"""Where verdicts join the layers below them when the app starts."""

from households.eligibility.criteria import CRITERIA
from households.eligibility.jobs import RECOMPUTE
from households.eligibility.services import reassess, standard_changed
from households.register.after import after_change
from povreg.jobs.registry import register
from villages.standards.hooks import declare_criteria, on_standard_change


def connect() -> None:
    """Register the job, the criteria a set may hold, and what a saved change or a changed standard leads to."""
    register(RECOMPUTE)
    declare_criteria({criterion.code: criterion.label for criterion in CRITERIA})
    after_change(reassess)
    on_standard_change(standard_changed)
