"""Work that was lost is found and queued again: its process died or froze, or its message is gone.

Runs every ten seconds in a worker of its own (queue ``clock``), which no long work can block. Work counts as lost after
:data:`LOST_AFTER` without a sign of life (povreg.jobs.alive); a message is sent again after :data:`UNSENT_AFTER`, for a
second delivery does nothing.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from povreg.jobs.models import Job, JobPart
from povreg.jobs.services import fail, send

LOST_AFTER = timedelta(seconds=30)
UNSENT_AFTER = timedelta(seconds=25)
MAX_ATTEMPTS = 3
INTERRUPTED = "处理程序中断，已重新排队"


def requeue_lost() -> int:
    """Queue lost jobs and parts again; returns how many. After :data:`MAX_ATTEMPTS` the job fails with a reason.
    Safe to run at any time and twice at once."""
    return _requeue_jobs() + _requeue_parts()


def _requeue_jobs() -> int:
    now = timezone.now()
    silent = Q(status=Job.Status.RUNNING, heartbeat_at__lt=now - LOST_AFTER)
    unsent = Q(status=Job.Status.QUEUED) & (
        Q(heartbeat_at__isnull=True, created_at__lt=now - UNSENT_AFTER) | Q(heartbeat_at__lt=now - UNSENT_AFTER)
    )
    with transaction.atomic():
        jobs = list(Job.objects.select_for_update(skip_locked=True).filter(silent | unsent))
        waiting = set(JobPart.objects.filter(job__in=jobs, ended_at=None).values_list("job_id", flat=True))
        lost = [job for job in jobs if job.status == Job.Status.QUEUED or job.pk not in waiting]
        for job in lost:
            _requeue(job)
    return len(lost)


def _requeue(job: Job) -> None:
    if job.status == Job.Status.RUNNING and job.attempts >= MAX_ATTEMPTS:
        _give_up(job, job.attempts)
        return
    if job.status == Job.Status.RUNNING:
        job.status, job.message = Job.Status.QUEUED, INTERRUPTED
    job.heartbeat_at = timezone.now()
    job.save(update_fields=["status", "heartbeat_at", "message"])
    send(job)


def _give_up(job: Job, attempts: int) -> None:
    fail(job, f"任务中断了 {attempts} 次，已停止。请检查后台处理程序，再点“重试”。")


def _requeue_parts() -> int:
    """Parts of running jobs: those at work without a sign of life, and those whose message was lost."""
    now = timezone.now()
    silent = Q(running=True, heartbeat_at__lt=now - LOST_AFTER)
    unsent = Q(running=False) & (Q(heartbeat_at=None) | Q(heartbeat_at__lt=now - UNSENT_AFTER))
    with transaction.atomic():
        rows = JobPart.objects.select_for_update(skip_locked=True, of=("self",)).select_related("job")
        parts = list(rows.filter(silent | unsent, job__status=Job.Status.RUNNING, ended_at=None).order_by("pk"))
        for part in parts:
            _requeue_part(part)
    return len(parts)


def _requeue_part(part: JobPart) -> None:
    if part.running and part.attempts >= MAX_ATTEMPTS:
        _give_up(part.job, part.attempts)
        return
    if part.running:
        Job.objects.filter(pk=part.job_id).update(message=INTERRUPTED)
    part.running, part.heartbeat_at = False, timezone.now()
    part.save(update_fields=["running", "heartbeat_at"])
    send(part.job, part.key)


def put_back(job: Job, part: JobPart | None, message: str, after: timedelta) -> None:
    """Leave the worker's place to others and come again a little later: the clock sends it. No attempt is used up."""
    sent_at = timezone.now() - UNSENT_AFTER + after
    if part is None:
        rows = Job.objects.filter(pk=job.pk, status=Job.Status.RUNNING, attempts=job.attempts)
        rows.update(status=Job.Status.QUEUED, attempts=F("attempts") - 1, heartbeat_at=sent_at, message=message)
        return
    parts = JobPart.objects.filter(pk=part.pk, running=True, attempts=part.attempts)
    if parts.update(running=False, attempts=F("attempts") - 1, heartbeat_at=sent_at):
        Job.objects.filter(pk=job.pk).update(message=message)
