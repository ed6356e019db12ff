"""The page that says what is not there. A stored file that is gone is said to be gone: its row was found."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.views import defaults

from povreg.kit.storage import StoredFileMissing


def not_found(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """Django's handler404."""
    if isinstance(exception, StoredFileMissing):
        return render(request, "file_missing.html", status=404)
    return defaults.page_not_found(request, exception)
