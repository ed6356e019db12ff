"""Signs of life of long work, from a thread of their own: work that is merely slow is not taken for dead."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError, InterfaceError, connection
from django.utils import timezone

from povreg.jobs.models import Job, JobPart

log = logging.getLogger(__name__)
BEAT = 5.0  # seconds


@contextmanager
def alive(job: Job, part: JobPart | None = None) -> Iterator[None]:
    """While the body runs, the job (and the part) shows a sign of life every :data:`BEAT`, whatever the body waits for.
    A process that is frozen or dead shows none."""
    over = threading.Event()
    thread = threading.Thread(target=_beat, args=(job, part, over), daemon=True, name=f"alive-{job.pk}")
    thread.start()
    try:
        yield
    finally:
        over.set()


def _beat(job: Job, part: JobPart | None, over: threading.Event) -> None:
    try:
        while not over.wait(BEAT):
            try:
                beat(job, part)
            except (DatabaseError, InterfaceError):
                log.warning("job %s: no sign of life could be stored", job.pk)
                connection.close()
    finally:
        connection.close()


def beat(job: Job, part: JobPart | None = None) -> None:
    """One sign of life of this attempt; that of one which was given up is not stored."""
    now = timezone.now()
    Job.objects.filter(pk=job.pk, status=Job.Status.RUNNING, attempts=job.attempts).update(heartbeat_at=now)
    if part is not None:
        JobPart.objects.filter(pk=part.pk, running=True, attempts=part.attempts).update(heartbeat_at=now)
