"""The OpenAPI description as it is served: made once by each process, for it follows from the code alone and takes a
second of work, whoever asks."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.utils.translation import get_language
from drf_spectacular.generators import SchemaGenerator
from rest_framework.request import Request


@lru_cache(maxsize=8)
def description(version: str | None, language: str | None) -> dict[str, Any]:
    """The same for everybody; ``language`` is the active one."""
    made: dict[str, Any] = SchemaGenerator(api_version=version).get_schema(request=None, public=True)
    return made


class KeptDescription(SchemaGenerator):
    """For the view that serves it."""

    def get_schema(self, request: Request | None = None, public: bool = False) -> dict[str, Any]:
        return description(self.api_version, get_language())
