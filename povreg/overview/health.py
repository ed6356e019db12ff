"""Health checks for the reverse proxy and for whoever operates povreg."""

from __future__ import annotations

import logging

import redis
from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis.backoff import NoBackoff
from redis.retry import Retry

from povreg.kit.health import parts_answering
from povreg.overview.tasks import HEARTBEAT_KEY

log = logging.getLogger(__name__)


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Database, Redis and a worker answer: 200, else 503. Names only what is wrong, no detail for strangers."""
    parts = parts_answering()
    return JsonResponse(
        {"status": "ok" if all(parts.values()) else "unavailable", **parts}, status=200 if all(parts.values()) else 503
    )


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
    """A worker has run the heartbeat that beat sends every 20 seconds (the key lives 50)."""
    try:
        return cache.get(HEARTBEAT_KEY) is not None
    except redis.exceptions.RedisError:
        return False
