"""What sessions and caches keep is sealed: searches that people typed hold names and identity numbers.

Numbers that are only counted up stay as they are (Redis counts). What does not open any more is as good as gone: a
cached value is computed again, a session ends.
"""

from typing import Any

from django.contrib.sessions.serializers import JSONSerializer
from django.core.cache.backends.redis import RedisSerializer

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


class SealedSession(JSONSerializer):
    """The rows of the session table. One that does not open makes Django start an empty session."""

    def dumps(self, obj: Any) -> bytes:
        return keyring().stash(super().dumps(obj))

    def loads(self, data: bytes) -> Any:
        return super().loads(keyring().unstash(data))
