"""What a worker does with a job: the whole of it, or a part; and what becomes of the job when the work raises."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from celery.exceptions import SoftTimeLimitExceeded
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.db.models import F
from django.utils import timezone

from povreg.jobs.alive import alive
from povreg.jobs.lost import put_back
from povreg.jobs.models import Job, JobPart
from povreg.jobs.registry import kind_of
from povreg.jobs.services import (
    UNEXPECTED,
    JobCancelled,
    JobError,
    advance,
    create_parts,
    fail,
    finish,
    finish_parts,
    reach_of,
    record_part,
    send,
    start,
)
from povreg.kit.history import in_job
from povreg.kit.locks import Busy, code_of, is_not_now
from povreg.kit.reach import reaching
from povreg.kit.room import is_full

log = logging.getLogger(__name__)
COME_AGAIN = timedelta(seconds=5)
WAITS = "同一范围的另一项工作正在写入，稍后自动继续"
TOO_LONG = "处理时间过长，已停止，没有写入的部分不受影响。请缩小范围（例如按乡镇）后重试。"
NO_ROOM = "服务器磁盘已满，没有写入的部分不受影响。请系统管理员腾出空间，再点“重试”。"
TIMED_OUT = "57014"  # query_canceled


def run(job_id: Any) -> None:
    """A queued job: the whole of it, or sending its parts. A second delivery does nothing."""
    job = start(job_id)
    if job is not None:
        with alive(job):
            guarded(job, lambda: _run_or_split(job))


def _run_or_split(job: Job) -> None:
    kind = kind_of(job)
    if kind.run is not None:
        finish(job, kind.run(job))
        return
    keys = create_parts(job)
    if not keys:
        finish_parts(job)
    for key in keys:
        send(job, key)


def run_part(job_id: Any, key: str) -> None:
    """One slice in a worker; whoever ends the last slice finishes the job. A second delivery does nothing."""
    part = claim(job_id, key)
    if part is not None:
        with alive(part.job, part):
            guarded(part.job, lambda: _run_one(part.job, key), part)


def claim(job_id: Any, key: str) -> JobPart | None:
    """The part, now at work here; None when it ended, is at work elsewhere, or its job does not run."""
    rows = JobPart.objects.filter(job=job_id, key=key)
    free = rows.filter(job__status=Job.Status.RUNNING, ended_at=None, running=False)
    if not free.update(running=True, heartbeat_at=timezone.now(), attempts=F("attempts") + 1):
        return None
    return rows.select_related("job").get()


def _run_one(job: Job, key: str) -> None:
    kind = kind_of(job)
    assert kind.run_part is not None
    advance(job)
    if record_part(job, key, kind.run_part(job, key)):
        finish_parts(job)


def guarded(job: Job, work: Callable[[], None], part: JobPart | None = None) -> None:
    """Run ``work`` and turn what it raises into the state of the job."""
    try:
        with reaching(reach_of(job)), in_job(job.pk):
            work()
    except JobCancelled:
        log.info("job %s was cancelled or taken over", job.pk)
    except Busy:
        put_back(job, part, WAITS, COME_AGAIN)
    except JobError as error:
        _fail(job, part, str(error))
    except SoftTimeLimitExceeded:
        log.exception("job %s took too long", job.pk)
        _fail(job, part, TOO_LONG)
    except (DatabaseError, InterfaceError) as fault:
        _after_database(job, part, fault)
    except Exception as fault:
        log.exception("job %s failed", job.pk)
        _fail(job, part, _words_for(fault))


def _after_database(job: Job, part: JobPart | None, fault: Exception) -> None:
    """Locks are tried again; a lost connection leaves the job silent, so that it is found and queued again."""
    if not connection.in_atomic_block and not connection.is_usable():
        connection.close()
    if is_not_now(fault):
        put_back(job, part, WAITS, COME_AGAIN)
    elif isinstance(fault, (InterfaceError, OperationalError)) and code_of(fault)[:2] in ("", "08", "25", "57"):
        _lost_or_too_long(job, part, fault)
    else:
        log.error("job %s failed", job.pk, exc_info=fault)
        _fail(job, part, _words_for(fault))


def _words_for(fault: Exception) -> str:
    return NO_ROOM if is_full(fault) else UNEXPECTED


def _lost_or_too_long(job: Job, part: JobPart | None, fault: Exception) -> None:
    if code_of(fault) == TIMED_OUT:
        log.error("job %s: a statement took too long", job.pk, exc_info=fault)
        _fail(job, part, TOO_LONG)
        return
    log.warning("job %s lost its database, it will be queued again", job.pk)


def _fail(job: Job, part: JobPart | None, reason: str) -> None:
    """Only the attempt that is still at work ends its job: one that was given up and woke again does not."""
    if part is None or JobPart.objects.filter(pk=part.pk, running=True, attempts=part.attempts).exists():
        fail(job, reason, attempt=job.attempts)
