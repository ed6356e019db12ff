"""How the OpenAPI description names the ways to sign in. Importing this module makes them known."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension


class BearerScheme(OpenApiAuthenticationExtension):
    target_class = "villages.people.api_sign_in.BearerToken"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "由 /api/v1/auth/token/ 领取，12 小时有效"}


class SessionScheme(OpenApiAuthenticationExtension):
    target_class = "villages.people.api_sign_in.PageSession"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "apiKey", "in": "cookie", "name": "sessionid", "description": "网页的会话"}
