"""What standing declares: its verbs, and what the history tells of it."""

from households.history.sources import add_source
from households.standing.told import SOURCES
from households.standing.verbs import VERBS
from povreg.kit.history import declare_verbs


def connect() -> None:
    declare_verbs(VERBS)
    for source in SOURCES:
        add_source(source)
