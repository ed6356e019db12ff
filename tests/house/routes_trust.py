"""What the addresses of operations answer to whom; read by routes.py."""

from __future__ import annotations

from typing import Any

from villages.rights import Role

ADMINS = frozenset({Role.ACCOUNTS_ADMIN, Role.SECURITY_ADMIN})


def pages(route: Any) -> dict[str, Any]:
    """``route`` is that of routes.py. Without a token of its own nobody learns that there are numbers."""
    return {
        "metrics": route(may=frozenset(), refused=404, anonymous=404),
        "system/": route(may=ADMINS | {Role.LOG_OFFICER}),
        "sign-ins/": route(may=frozenset({Role.LOG_OFFICER})),
    }
