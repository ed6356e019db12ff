"""The resources of this app."""

from povreg.kit.api.resources import add_resources
from villages.api import RESOURCES


def connect() -> None:
    add_resources(RESOURCES)
