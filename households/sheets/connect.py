"""What workbooks declare."""

from households.sheets.jobs import KINDS
from households.sheets.verbs import HANDS, VERBS
from povreg.jobs.registry import register
from povreg.kit.history import declare_verbs


def connect() -> None:
    declare_verbs(VERBS, HANDS)
    for kind in KINDS:
        register(kind)
