"""Counters of this process for Prometheus, written only where METRICS_TOKEN is set (povreg.shell.status.metrics reads
those of all processes). Labels are few: method and status, never an address."""

from __future__ import annotations

import os
from functools import cache
from typing import Any

from django.conf import settings

FOLDER = "PROMETHEUS_MULTIPROC_DIR"  # prometheus_client's own name
BUCKETS = (0.05, 0.1, 0.3, 1, 3, 10, 30)  # seconds


@cache
def _counters() -> tuple[Any, Any]:
    from prometheus_client import Counter, Histogram  # noqa: PLC0415  reads the environment when imported

    return (
        Counter("povreg_requests", "Requests answered", ["method", "status"]),
        Histogram("povreg_request_seconds", "Time to answer", buckets=BUCKETS),
    )


def count_request(method: str, status: int, seconds: float) -> None:
    if not (settings.METRICS_TOKEN and os.environ.get(FOLDER)):
        return
    requests, times = _counters()
    requests.labels(method, str(status)).inc()
    times.observe(seconds)
