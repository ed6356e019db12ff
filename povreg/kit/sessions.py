"""Sessions lie in the database and, for speed, in Redis; without Redis they are read from the database alone."""

from __future__ import annotations

import logging
from typing import Any

from django.contrib.sessions.backends import cached_db

from povreg.kit.redis_gone import is_gone

log = logging.getLogger(__name__)


class SessionStore(cached_db.SessionStore):
    """The session engine (SESSION_ENGINE)."""

    def load(self) -> Any:
        try:
            return super().load()
        except Exception as fault:
            if not is_gone(fault):
                raise
            log.warning("sessions are read from the database: %s", type(fault).__name__)
            stored = self._get_session_from_db()  # type: ignore[attr-defined]
            return self.decode(stored.session_data) if stored else {}

    def exists(self, session_key: str) -> bool:
        """The database holds every session: Redis need not be asked."""
        return bool(session_key) and super(cached_db.SessionStore, self).exists(session_key)
