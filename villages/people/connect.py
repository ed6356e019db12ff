"""What accounts and postings declare."""

from povreg.kit.history import declare_verbs
from villages.people.verbs import VERBS


def connect() -> None:
    declare_verbs(VERBS)
