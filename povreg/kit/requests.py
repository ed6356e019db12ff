"""What happens around every request: its id, who asked for what, no copies on the way, forced password change."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import resolve, reverse
from django.utils.cache import patch_cache_control

from povreg.kit.logs import request_id
from povreg.kit.metrics import count_request
from povreg.kit.throttle import address_of
from povreg.kit.trail import HEADER, address, id_for
from povreg.kit.views import is_fragment

access = logging.getLogger("povreg.access")
Handler = Callable[[HttpRequest], HttpResponse]
BEFORE_PASSWORD = frozenset({"password_change", "logout", "login"})
QUIET, BAD = ("/healthz", "/readyz"), 400  # asked every few seconds: only what is amiss is written
TOUCH_AFTER = 60  # seconds
API = "/api/"


class RequestTrail:
    """Gives the request an id that the history of its changes carries, and writes one line of access log.

    The line holds the path without its query, the account's number, the address and the outcome: no name, no identity
    number (policy.md 11.8).
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.monotonic()
        token, came_from = request_id.set(id_for(request)), address.set(address_of(request))
        try:
            response = self.get_response(request)
            response.headers[HEADER] = request_id.get()
            took = time.monotonic() - started
            count_request(request.method or "", response.status_code, took)
            self.write(request, response, took * 1000)
            return response
        finally:
            request_id.reset(token)
            address.reset(came_from)

    def write(self, request: HttpRequest, response: HttpResponse, took: float) -> None:
        if request.path in QUIET and response.status_code < BAD:
            return
        who = getattr(getattr(request, "_cached_user", None), "pk", None) or "-"
        access.info(
            "%s %s %s user=%s ms=%.0f from=%s",
            request.method, request.path, response.status_code, who, took, address.get() or "-",
        )  # fmt: skip


class PrivatePages:
    """What a signed-in person sees is kept by no cache and no shared computer's disk, unless a view says otherwise."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            patch_cache_control(response, private=True, no_store=True)
        return response


class LivingSession:
    """Half an hour without a request ends a session (policy.md 11.11), twelve hours end it however busy it was.

    A request prolongs it, written at most once a minute. Requests that a page makes by itself (header
    ``X-Background``: progress, polling) do not count."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and not request.headers.get("X-Background"):
            now = int(time.time())
            if now - request.session.setdefault("began", now) > settings.SESSION_LONGEST:
                logout(request)
                return self.get_response(request)
            if now - request.session.get("seen", 0) >= TOUCH_AFTER:
                request.session["seen"] = now
        return self.get_response(request)


class PasswordFirst:
    """With an initial password nothing opens but the page to change it (policy.md 11.11)."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not self.applies(request):
            return self.get_response(request)
        target = reverse("password_change")
        if is_fragment(request):
            return HttpResponse("请先修改初始密码。", status=403, headers={"HX-Redirect": target})
        return redirect(target)

    def applies(self, request: HttpRequest) -> bool:
        user = request.user
        if not user.is_authenticated or not user.must_change_password:
            return False
        if request.path.startswith((f"/{settings.STATIC_URL.lstrip('/')}", API)):
            return False  # the API refuses in its own words (povreg.kit.api.policy)
        return resolve(request.path_info).url_name not in BEFORE_PASSWORD
