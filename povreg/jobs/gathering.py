"""Work after a save that may wait a moment: what it is about gathers, and one task takes all of it.

Three hundred cadres save several times a second; the rules, looked at again for each save, cost more than all their
pages. What gathers is ids and codes, kept in Redis for a day at most: whatever is lost with it, the night does anyway.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from typing import Any

from celery import current_app
from django.conf import settings

PAUSE = 20  # seconds for which it gathers
KEPT = 24 * 3600  # seconds
PATIENCE = 3  # seconds for Redis to answer


@cache
def _store() -> Any:
    """The package is read when something gathers: most commands gather nothing."""
    return import_module("redis").Redis.from_url(settings.REDIS_URL, socket_timeout=PATIENCE, decode_responses=True)


def _key(task: str, about: str) -> str:
    return f"povreg{settings.REDIS_DB}:gathered:{task}:{about}"


def gather(task: str, things: Iterable[int | str], about: str = "") -> None:
    """Have ``task`` called with ``about`` within about twenty seconds, which finds these things and those that come
    meanwhile in :func:`taken`. Raises redis.RedisError."""
    found = sorted(set(map(str, things)))
    if not found:
        return
    key = _key(task, about)
    with _store().pipeline() as pipe:
        pipe.sadd(key, *found)
        pipe.expire(key, KEPT)
        pipe.set(f"{key}:soon", 1, nx=True, ex=PAUSE)
        *_, first = pipe.execute()
    if first:
        current_app.send_task(task, args=[about], countdown=PAUSE, retry=False)


@contextmanager
def taken(task: str, about: str = "") -> Iterator[list[str]]:
    """What has gathered: from now on it gathers anew. A task that fails or is killed leaves its things to the next."""
    key = _key(task, about)
    held = f"{key}:held"
    with _store().pipeline() as pipe:
        pipe.delete(f"{key}:soon")
        pipe.sunionstore(held, held, key)
        pipe.delete(key)
        pipe.expire(held, KEPT)
        pipe.smembers(held)
        found = sorted(pipe.execute()[-1])
    yield found
    if found:
        _store().srem(held, *found)
