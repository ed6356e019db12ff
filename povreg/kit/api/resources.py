"""The resources of the API: every app declares its own; the roof puts them under /api/v1/ (povreg.overview.api)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from povreg.kit.registry import Registry

if TYPE_CHECKING:
    from rest_framework.viewsets import ViewSetMixin

RESOURCES: Registry[type[ViewSetMixin]] = Registry("API resource")
"""Viewset by its name in the address. Apps declare theirs with ``later``, so that no command has to import the API."""
