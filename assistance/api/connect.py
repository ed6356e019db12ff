"""The resources of this app."""

from assistance.api import RESOURCES
from povreg.kit.api.resources import add_resources


def connect() -> None:
    add_resources(RESOURCES)
