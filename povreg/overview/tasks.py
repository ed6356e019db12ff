"""Tasks of the roof."""

from celery import shared_task
from django.core.cache import cache
from django.utils import timezone

from povreg.overview import cleanup

HEARTBEAT_KEY = "worker-heartbeat"
HEARTBEAT_LIFE = 50  # seconds


@shared_task(name="povreg.worker_heartbeat")
def worker_heartbeat() -> None:
    """Beat sends it, a worker runs it: the key proves that both are alive."""
    cache.set(HEARTBEAT_KEY, timezone.now().isoformat(), HEARTBEAT_LIFE)


@shared_task(name="povreg.clean_up")
def clean_up() -> None:
    cleanup.clean_up()
