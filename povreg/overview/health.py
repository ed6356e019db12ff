"""Health checks for the reverse proxy and for whoever operates povreg."""

from __future__ import annotations

import logging
import os
import shutil
from pathlib import Path

import redis
from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis.backoff import NoBackoff
from redis.retry import Retry

from povreg.jobs.workers import CLOCK_KEY, KEY
from povreg.kit.health import parts_answering

log = logging.getLogger(__name__)
NEEDED = frozenset({"database", "disk"})
LEAST_ROOM = 64 * 2**20  # bytes: less holds no upload


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Whether the web may serve: 200 with a database and room on the disk, else 503. Pages do without Redis and worker
    for a while; that they are missing is said (``degraded``), and takes no web process out of service. Names only what
    is wrong, no detail for strangers."""
    parts = parts_answering()
    serves = all(answers for name, answers in parts.items() if name in NEEDED)
    status = "ok" if all(parts.values()) else "degraded" if serves else "unavailable"
    return JsonResponse({"status": status, **parts}, status=200 if serves else 503)


def database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        log.exception("readyz: database does not answer")
        return False
    return True


def redis_answers() -> bool:
    try:
        redis.Redis.from_url(settings.REDIS_URL, socket_timeout=3, retry=Retry(NoBackoff(), 0)).ping()
    except (redis.exceptions.RedisError, OSError):
        log.exception("readyz: Redis does not answer")
        return False
    return True


def worker_answers() -> bool:
    """A worker has shown a sign of life within :data:`povreg.jobs.workers.KEY_LIFE`; a busy one does, too."""
    return _shows_life(KEY)


def clock_answers() -> bool:
    """The worker that finds lost jobs and keeps the procedures' clock has shown a sign of life."""
    return _shows_life(CLOCK_KEY)


def _shows_life(key: str) -> bool:
    try:
        return cache.get(key) is not None
    except redis.exceptions.RedisError:
        return False


def disk_has_room() -> bool:
    """Whether uploads can be stored: the place can be written to and is not full."""
    folder = Path(settings.MEDIA_ROOT)
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    try:
        return os.access(folder, os.W_OK) and shutil.disk_usage(folder).free >= LEAST_ROOM
    except OSError:
        log.exception("readyz: the disk does not answer")
        return False
