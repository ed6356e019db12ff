"""The resources of the API: every app declares its own; the roof puts them under /api/v1/ (povreg.overview.api)."""

from collections.abc import Mapping

from rest_framework.viewsets import ViewSetMixin

from povreg.kit.registry import Registry

RESOURCES: Registry[type[ViewSetMixin]] = Registry("API resource")


def add_resources(views: Mapping[str, type[ViewSetMixin]]) -> None:
    """Declare resources: their name in the address, and the viewset that answers."""
    for name, view in views.items():
        RESOURCES.add(name, view)
