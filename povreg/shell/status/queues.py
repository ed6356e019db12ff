"""How much work waits, and for how long."""

from __future__ import annotations

from datetime import datetime

import redis
from django.conf import settings
from django.db.models import Count, Min

from povreg.jobs.models import Job

QUEUES = ("celery", "clock")


def messages(name: str) -> int:
    """Messages in a queue of the broker."""
    prefix = str(settings.CELERY_BROKER_TRANSPORT_OPTIONS["global_keyprefix"])
    return int(redis.Redis.from_url(settings.REDIS_URL, socket_timeout=3).llen(f"{prefix}{name}"))  # type: ignore[arg-type]


def depth() -> int:
    """Jobs that wait."""
    return Job.objects.filter(status=Job.Status.QUEUED).count()


def oldest_waiting() -> datetime | None:
    found: datetime | None = Job.objects.filter(status=Job.Status.QUEUED).aggregate(at=Min("created_at"))["at"]
    return found


def by_state() -> list[tuple[str, str, int]]:
    """Kind, state, how many."""
    rows = Job.objects.order_by().values_list("kind", "status").annotate(count=Count("pk"))
    return [(str(kind), str(status), int(count)) for kind, status, count in rows]
