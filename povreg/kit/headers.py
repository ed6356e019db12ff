"""Response headers that Django does not set itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePath

from django.conf import settings
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase

FILE_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"
"""Of a file that is handed out: whatever it turns out to be, it runs nothing and reaches nothing of ours."""


def handed_out(file: FieldFile, content_type: str) -> FileResponse:
    """A stored file, for its page: an image is shown, anything else is saved. ``content_type`` is that of the check
    when it was uploaded. Raises OSError when the file is gone."""
    kept = not content_type.startswith("image/")
    name = PurePath(file.name or "").name
    return FileResponse(file.open("rb"), as_attachment=kept, filename=name, content_type=content_type)


class ContentSecurityPolicy:
    """Scripts come from our own files only: an inserted `<script>` in a villager's objection stays text."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.policy = "; ".join(f"{name} {value}" for name, value in settings.CONTENT_SECURITY_POLICY.items())

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if is_file(response):
            lock_up(response)
        response.headers.setdefault("Content-Security-Policy", self.policy)
        return response


def is_file(response: HttpResponseBase) -> bool:
    """Whether the answer is a file to look at or to keep, no page."""
    return isinstance(response, FileResponse) or response.has_header("Content-Disposition")


def lock_up(response: HttpResponse) -> None:
    """A file stays on no shared computer's disk beyond what the person saves, is never taken for another type, and runs
    nothing. One place for all views: a new one cannot forget it. (Chromium shows no PDF under ``sandbox``: PDFs are
    handed out to be saved.)"""
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = FILE_POLICY
