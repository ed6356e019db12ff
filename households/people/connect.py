"""What the list of people declares."""

from households.people.jobs import KINDS
from povreg.jobs.registry import register


def connect() -> None:
    for kind in KINDS:
        register(kind)
