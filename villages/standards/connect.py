"""What standards declare."""

from povreg.kit.history import declare_verbs
from villages.standards.verbs import VERBS


def connect() -> None:
    declare_verbs(VERBS)
