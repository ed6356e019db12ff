"""The OpenAPI description as it is served: made once by each process, for it follows from the code alone and takes a
second of work, whoever asks."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.http import HttpResponse
from django.utils.translation import get_language
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer
from drf_spectacular.views import SpectacularJSONAPIView
from rest_framework.request import Request


@lru_cache(maxsize=8)
def description(version: str | None, language: str | None) -> dict[str, Any]:
    """The same for everybody; ``language`` is the active one."""
    made: dict[str, Any] = SchemaGenerator(api_version=version).get_schema(request=None, public=True)
    return made


@lru_cache(maxsize=8)
def written(version: str | None, language: str | None) -> bytes:
    """The description as JSON: writing its megabytes takes as long as twenty pages."""
    text: bytes = OpenApiJsonRenderer().render(description(version, language))
    return text


class Description(SpectacularJSONAPIView):
    """The address of the API that says what it can do."""

    def _get_schema_response(self, request: Request) -> HttpResponse:
        version = request.version or self._get_version_parameter(request)
        named = f'inline; filename="{self._get_filename(request, version)}"'
        return HttpResponse(
            written(version, get_language()),
            content_type=OpenApiJsonRenderer.media_type,
            headers={"Content-Disposition": named},
        )
