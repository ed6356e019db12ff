"""What sessions and caches keep is sealed: searches that people typed hold names and identity numbers.

Numbers that are only counted up stay as they are (Redis counts). What does not open any more is as good as gone: a
cached value is computed again, a session ends.
"""

from typing import Any

from django.contrib.sessions.serializers import JSONSerializer
from django.core.cache.backends.redis import RedisCache, RedisCacheClient, RedisSerializer

from povreg.kit.crypto import DecryptionError, keyring


class SealedValues(RedisSerializer):
    """Values of the Redis cache."""

    def dumps(self, obj: Any) -> Any:
        plain: Any = super().dumps(obj)
        return plain if isinstance(plain, int) else keyring().stash(plain)

    def loads(self, data: Any) -> Any:
        try:
            return int(data)
        except ValueError:
            pass
        try:
            return super().loads(keyring().unstash(data))
        except DecryptionError:
            return None


class KeptClients(RedisCacheClient):
    """Django makes a client for each question, which takes as long as asking; one serves all threads."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._kept: dict[int, Any] = {}

    def get_client(self, key: Any = None, *, write: bool = False) -> Any:
        pool = self._get_connection_pool(write)  # type: ignore[attr-defined]
        if id(pool) not in self._kept:
            self._kept[id(pool)] = self._client(connection_pool=pool)  # type: ignore[attr-defined]
        return self._kept[id(pool)]


class SealedCache(RedisCache):
    """The cache in Redis."""

    def __init__(self, server: Any, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = KeptClients


class SealedSession(JSONSerializer):
    """The rows of the session table. One that does not open makes Django start an empty session."""

    def dumps(self, obj: Any) -> bytes:
        return keyring().stash(super().dumps(obj))

    def loads(self, data: bytes) -> Any:
        return super().loads(keyring().unstash(data))
