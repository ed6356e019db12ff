"""Who may call the API at all, how often, and in which form it answers (named in the settings)."""

from __future__ import annotations

from typing import Any

from rest_framework import exceptions
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.throttling import AnonRateThrottle

from povreg.kit.throttle import address_of

CHANGE_FIRST = "请先在网页上修改初始密码，再使用接口。"


class SignedIn(BasePermission):
    """Somebody whose password is no initial one (policy.md 11.11)."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if not request.user or not request.user.is_authenticated:
            return False
        if request.user.must_change_password:
            raise exceptions.PermissionDenied(CHANGE_FIRST, code="password_change_required")
        return True


class AlwaysJson(DefaultContentNegotiation):
    """Whatever the client accepts, it gets JSON; errors included."""

    def select_renderer(self, request: Any, renderers: Any, format_suffix: Any = None) -> Any:
        return renderers[0], renderers[0].media_type


class TokenThrottle(AnonRateThrottle):
    """How often one address may ask for a token."""

    scope = "token"

    def get_cache_key(self, request: Request, view: Any) -> str:
        return self.cache_format % {"scope": self.scope, "ident": address_of(request)}
