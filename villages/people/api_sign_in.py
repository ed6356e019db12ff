"""Who calls the API: the bearer of a token, or the session of the pages."""

from __future__ import annotations

from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication, SessionAuthentication, get_authorization_header
from rest_framework.request import Request

from villages.models import ApiToken, User
from villages.people.tokens import bearer

SCHEME = "Bearer"


class BearerToken(BaseAuthentication):
    """``Authorization: Bearer <token>``."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        words = get_authorization_header(request).decode("latin-1").split()
        if not words or words[0].lower() != SCHEME.lower():
            return None
        row = bearer(words[1]) if len(words) == 2 else None
        if row is None:
            raise exceptions.AuthenticationFailed
        request._request._cached_user = row.user  # type: ignore[attr-defined]  # the access log names the account
        return row.user, row

    def authenticate_header(self, request: Request) -> str:
        return f'{SCHEME} realm="povreg"'


class PageSession(SessionAuthentication):
    """The session of the pages, with their CSRF token on everything that changes something."""

    def enforce_csrf(self, request: Request) -> None:
        try:
            super().enforce_csrf(request)
        except exceptions.PermissionDenied as refused:
            words = "用会话登录的请求要带上请求头 X-CSRFToken；程序调用请改用令牌。"
            raise exceptions.PermissionDenied(words, code="csrf_failed") from refused
