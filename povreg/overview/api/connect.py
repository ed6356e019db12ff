"""The resources of the roof."""

from povreg.kit.api.resources import add_resources
from povreg.overview.api import figures, jobs


def connect() -> None:
    add_resources(figures.RESOURCES)
    add_resources(jobs.RESOURCES)
