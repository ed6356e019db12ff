"""Pages are compressed by the product itself, whatever stands before it: a list of fifty households is a ninth."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

TEXTS = ("text/html", "text/plain", "text/css")


class PackedPages(GZipMiddleware):
    """Django's compression (with noise in the length, against guessing by size), for texts that are ready: files that
    are handed out and streams stay as they are, and so does the API, whose ETags compression would make weak."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if response.streaming or not response.headers.get("Content-Type", "").startswith(TEXTS):
            return response
        return super().process_response(request, response)  # type: ignore[return-value, arg-type]
