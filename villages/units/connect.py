"""What units and cadres declare."""

from povreg.kit.history import declare_verbs
from villages.units.verbs import VERBS


def connect() -> None:
    declare_verbs(VERBS)
