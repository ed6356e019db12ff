"""Verbs of long work: launch, advance, finish, fail, cancel, retry, find again what a dead worker left."""

import logging
from datetime import datetime
from pathlib import Path
from typing import Any

from celery import current_app
from django.core.files import File
from django.db import transaction
from django.db.models import F, QuerySet, Sum
from django.utils import timezone

from povreg.jobs.alive import alive
from povreg.jobs.models import Job, JobPart
from povreg.jobs.registry import PartResult, Report, kind_of, tell_ended
from povreg.kit.reach import EVERYWHERE, Reach, at, reaching
from povreg.kit.scopes import county_of

log = logging.getLogger(__name__)

UNEXPECTED = "处理时发生意外错误，已记录。请稍后重试；若再次失败，请把任务编号告诉系统管理员。"


class JobError(Exception):
    """An expected failure; its text is shown to the person who waits."""


class JobCancelled(Exception):  # noqa: N818 - an outcome, not an error
    """Somebody cancelled the job while it ran, or it was given up and runs elsewhere; the runner stops quietly."""


def launch(
    *, by: Any, kind: str, title: str, place_code: str = "", params: dict[str, Any] | None = None, expected: int = 0
) -> Job:
    """Create the row, and send its task once the transaction is committed. ``by`` is None for the system's own work."""
    job = Job.objects.create(
        owner=by, kind=kind, title=title, place_code=place_code, params=params or {}, expected=expected
    )
    send(job)
    return job


def send(job: Job, part: str | None = None) -> None:
    """Send the task of a job, or of a part, after commit. Without Redis whoever asked is told nothing of it: the row
    stands, and its message is sent later (povreg.jobs.lost)."""
    name, args = ("povreg.jobs.run", [str(job.pk)]) if part is None else ("povreg.jobs.run_part", [str(job.pk), part])
    transaction.on_commit(lambda: current_app.send_task(name, args=args), robust=True)


def prepare(*, by: Any, kind: str, title: str, place_code: str = "", params: dict[str, Any] | None = None) -> Job:
    """Create the row without sending a task, for :func:`run_here`."""
    return Job.objects.create(owner=by, kind=kind, title=title, place_code=place_code, params=params or {})


def start(job_id: Any) -> Job | None:
    """Flip a queued job to running and return it; None when it is not queued (a second delivery, or cancelled)."""
    now = timezone.now()
    with transaction.atomic():
        job = Job.objects.select_for_update(of=("self",)).filter(pk=job_id).first()
        if job is None or job.status != Job.Status.QUEUED:
            return None
        job.status, job.started_at, job.heartbeat_at = Job.Status.RUNNING, now, now
        job.attempts = F("attempts") + 1
        job.save(update_fields=["status", "started_at", "heartbeat_at", "attempts"])
    job.refresh_from_db()
    return job


def advance(job: Job, *, done: int | None = None, expected: int | None = None, message: str | None = None) -> None:
    """Report progress and sign of life. Raises :class:`JobCancelled` when somebody cancelled the job meanwhile."""
    values: dict[str, Any] = {"heartbeat_at": timezone.now()}
    values |= {} if done is None else {"done": done}
    values |= {} if expected is None else {"expected": expected}
    values |= {} if message is None else {"message": message[:200]}
    if not _mine(job).update(**values):
        raise JobCancelled
    for name, value in values.items():
        setattr(job, name, value)


def _mine(job: Job) -> QuerySet[Job]:
    """The job while this attempt of it is the one at work."""
    return Job.objects.filter(pk=job.pk, status=Job.Status.RUNNING, attempts=job.attempts)


def finish(job: Job, report: Report | None = None) -> None:
    """End a running job well; ``changed`` and ``done`` are taken from the report when it names them."""
    report = report or {}
    values = {name: report[name] for name in ("done", "changed", "expected") if isinstance(report.get(name), int)}
    with transaction.atomic():
        ended = _mine(job).update(status=Job.Status.DONE, ended_at=timezone.now(), report=report, error="", **values)
        if ended:
            tell_ended(Job.objects.get(pk=job.pk))


def fail(job: Job, reason: str, attempt: int | None = None) -> None:
    """End a job badly, with a reason its owner can read; with ``attempt`` only while that one is at work."""
    with transaction.atomic():
        ended = (
            (Job.objects.filter(pk=job.pk) if attempt is None else _mine(job))
            .exclude(status__in=Job.ENDED)
            .update(status=Job.Status.FAILED, ended_at=timezone.now(), error=reason)
        )
        if ended:
            tell_ended(Job.objects.get(pk=job.pk))


def reach_of(job: Job) -> Reach:
    """How far the statements of a job reach (povreg.kit.reach)."""
    if kind_of(job).own and job.owner is not None:
        reach: Reach = job.owner.reach()
        return reach
    return at(county_of(job.place_code)) if job.place_code else EVERYWHERE


def create_parts(job: Job) -> list[str]:
    """Rows for the slices; returns those still to do (a retry goes on where the last attempt stopped)."""
    parts = kind_of(job).parts
    assert parts is not None
    now = timezone.now()
    rows = [JobPart(job=job, key=key, heartbeat_at=now) for key in parts(job)]
    JobPart.objects.bulk_create(rows, ignore_conflicts=True)
    job.parts.filter(ended_at__isnull=True).update(running=False, attempts=0, heartbeat_at=now)
    return list(job.parts.filter(ended_at__isnull=True).order_by("key").values_list("key", flat=True))


def record_part(job: Job, key: str, result: PartResult) -> bool:
    """Note a slice's outcome once, and say whether it was the last one. The job row is the lock."""
    with transaction.atomic():
        Job.objects.select_for_update().get(pk=job.pk)
        ended = job.parts.filter(key=key, ended_at__isnull=True).update(
            ended_at=timezone.now(), running=False, done=result.done, changed=result.changed, report=result.report
        )
        sums = job.parts.aggregate(done=Sum("done"), changed=Sum("changed"))
        Job.objects.filter(pk=job.pk).update(
            done=sums["done"] or 0, changed=sums["changed"] or 0, heartbeat_at=timezone.now()
        )
        return bool(ended) and not job.parts.filter(ended_at__isnull=True).exists()


def finish_parts(job: Job) -> None:
    """What follows the last part; the job ends."""
    kind = kind_of(job)
    job.refresh_from_db()
    finish(job, kind.finish(job) if kind.finish else None)


def run_here(job: Job) -> Job:
    """Do the whole job in this process (commands, tests). Failures raise instead of being noted only."""
    started = start(job.pk)
    if started is None:
        raise JobError("这个任务已经开始或已经结束，不能再次执行。")
    try:
        with reaching(reach_of(started)), alive(started):
            _run_all(started)
    except JobError as error:
        fail(started, str(error))
        raise
    except Exception:
        fail(started, UNEXPECTED)
        raise
    started.refresh_from_db()
    return started


def _run_all(job: Job) -> None:
    kind = kind_of(job)
    if kind.run is not None:
        finish(job, kind.run(job))
        return
    assert kind.run_part is not None
    for key in create_parts(job):
        record_part(job, key, kind.run_part(job, key))
    finish_parts(job)


def attach_result(job: Job, path: Path, name: str) -> None:
    """Keep a file as the job's result; ``name`` is what a download is called."""
    with path.open("rb") as content:
        job.result_file.save(f"{job.pk}{path.suffix}", File(content), save=False)
    job.result_name = name
    job.save(update_fields=["result_file", "result_name"])


def cancel(*, by: Any, job: Job) -> bool:
    """Stop a queued or running job at its next sign of life; False when it has ended already."""
    changed = (
        Job.objects.filter(pk=job.pk)
        .exclude(status__in=Job.ENDED)
        .update(status=Job.Status.CANCELLED, ended_at=timezone.now(), message=f"由{by}取消")
    )
    return bool(changed)


def retry(*, by: Any, job: Job) -> bool:
    """Queue a failed or cancelled job again; slices that ended well are not repeated."""
    changed = Job.objects.filter(pk=job.pk, status__in=(Job.Status.FAILED, Job.Status.CANCELLED)).update(
        status=Job.Status.QUEUED, ended_at=None, error="", message=f"由{by}重试", attempts=0
    )
    if changed:
        send(job)
    return bool(changed)


def forget_results(before: datetime) -> int:
    """Delete the result files of jobs that ended before a moment, and return how many; the rows with their reports and
    digests stay."""
    old = list(Job.objects.filter(ended_at__lt=before).exclude(result_file="").only("pk", "result_file"))
    for job in old:
        job.result_file.delete(save=False)
        Job.objects.filter(pk=job.pk).update(result_file="")
    return len(old)
