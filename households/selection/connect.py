"""What bulk actions declare."""

from households.selection.jobs import JOBS
from povreg.jobs.registry import register


def connect() -> None:
    for kind in JOBS:
        register(kind)
