"""How long a session of the database may take and wait, by what its process does (seconds; settings).

Commands have no limits of their own. A process that froze inside a transaction would keep its locks for ever: the
server ends a session that does nothing in an open transaction.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.backends.signals import connection_created

WEB, WORKER = "web", "worker"
LIMIT = "SELECT set_config(name, seconds || 's', false) FROM (VALUES {}) AS limits (name, seconds)"
_part: list[str] = []


def limit_sessions(part: str) -> None:
    """Have every connection of this process limited as its part says. Behind a pooler that shares connections the
    role is limited instead (docs/architecture.md)."""
    _part[:] = [part]
    connection_created.connect(limit, dispatch_uid="limit_sessions")


def limits_of(part: str) -> dict[str, int]:
    statement, lock = {
        WEB: (settings.WEB_STATEMENT_SECONDS, settings.WEB_LOCK_SECONDS),
        WORKER: (settings.WORKER_STATEMENT_SECONDS, settings.WORKER_LOCK_SECONDS),
    }[part]
    return {
        "statement_timeout": statement,
        "lock_timeout": lock,
        "idle_in_transaction_session_timeout": settings.IDLE_TRANSACTION_SECONDS,
    }


def limit(connection: Any, **_: object) -> None:
    if not _part or not settings.PREPARE_STATEMENTS:
        return
    wanted = limits_of(_part[0])
    pairs = ", ".join(["(%s, %s)"] * len(wanted))
    with connection.cursor() as cursor:
        cursor.execute(LIMIT.format(pairs), [each for pair in wanted.items() for each in pair])
