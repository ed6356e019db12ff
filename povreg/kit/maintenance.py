"""Maintenance mode: everybody reads that work is being done, and until when. It is a file, so that it holds while the
database is away; health checks and static files are answered as ever."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string

from povreg.kit.views import is_fragment

OPEN = ("/healthz", "/readyz", "/metrics")
RETRY_AFTER = "120"  # seconds
API = "/api/"
PLAIN = "系统正在维护，请稍后再试。"


def words() -> str | None:
    """What is told to people, None while there is no maintenance."""
    try:
        return Path(settings.MAINTENANCE_FILE).read_text(encoding="utf-8").strip() or PLAIN
    except OSError:
        return None


class Maintenance:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        said = None if request.path in OPEN else words()
        return self.get_response(request) if said is None else refused(request, said)


def refused(request: HttpRequest, said: str) -> HttpResponse:
    headers = {"Retry-After": RETRY_AFTER, "Cache-Control": "no-store"}
    if request.path.startswith(API):
        body = {"error": {"code": "maintenance", "message": said}}
        return JsonResponse(body, status=503, headers=headers, json_dumps_params={"ensure_ascii": False})
    content = said if is_fragment(request) else render_to_string("maintenance.html", {"said": said})
    return HttpResponse(content, status=503, headers=headers)
