"""What places declare."""

from povreg.kit.history import declare_verbs
from villages.places.verbs import VERBS


def connect() -> None:
    declare_verbs(VERBS)
