"""What standing declares: its verbs."""

from households.standing.verbs import VERBS
from povreg.kit.history import declare_verbs


def connect() -> None:
    declare_verbs(VERBS)
