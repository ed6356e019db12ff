"""Which jobs a person sees: his own, and those of his places where the role grants it."""

from datetime import timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from povreg.jobs.models import Job
from povreg.kit.scopes import within
from villages.models import User
from villages.rights import Right

PER_SECOND_AFTER = 2.0
SILENT_AFTER = timedelta(seconds=15)


def visible_jobs(user: User) -> QuerySet[Job]:
    """The person's own jobs, and every job of the places where he may see those of others."""
    condition = Q(owner=user.pk)
    for code in user.places_with(Right.JOB_VIEW_ALL):
        condition |= within("place_code", code) & ~Q(place_code="")
    return Job.objects.filter(condition).select_related("owner")


def may_steer(user: User, job: Job) -> bool:
    """Whether the person may cancel or repeat the job: its owner, and who could have started it there. An auditor sees
    the jobs of others and touches none."""
    return job.owner_id == user.pk or any(
        user.can(right, job.place_code) for right in (Right.RECOMPUTE, Right.IMPORT) if user.can(Right.JOB_VIEW_ALL)
    )


def may_download(user: User, job: Job) -> bool:
    """Whether the person may have the job's workbook now: it was made for a reason that is his, and he must still hold
    the right it was made with at its place (a posting may have ended since)."""
    needed = Right.EXPORT_UNMASKED if job.params.get("unmasked") else Right.EXPORT
    places = job.params.get("places") or [job.place_code]
    return bool(job.result_file) and job.owner_id == user.pk and all(user.can(needed, code) for code in places)


def is_silent(job: Job) -> bool:
    """Whether a running job has shown no sign of life for a while: its process may be gone. It is found and queued
    again by itself (povreg.jobs.lost)."""
    seen = job.heartbeat_at
    return job.status == Job.Status.RUNNING and seen is not None and timezone.now() - seen > SILENT_AFTER


def waiting_before(job: Job) -> int:
    """How many queued jobs stand before this one."""
    if job.status != Job.Status.QUEUED:
        return 0
    return Job.objects.filter(status=Job.Status.QUEUED, created_at__lt=job.created_at).count()


def seconds_left(job: Job) -> int | None:
    """Estimated seconds to the end, from the pace so far; None while that cannot be said."""
    if job.status != Job.Status.RUNNING or not (job.started_at and job.done and job.expected):
        return None
    taken = (timezone.now() - job.started_at).total_seconds()
    if taken < PER_SECOND_AFTER:
        return None
    return max(0, round(taken / job.done * (job.expected - job.done)))


def time_left_text(job: Job) -> str:
    """约 2 分钟 and the like; empty while unknown."""
    seconds = seconds_left(job)
    if seconds is None:
        return ""
    return f"大约还需 {seconds // 60 + 1} 分钟" if seconds >= 60 else f"大约还需 {max(seconds, 1)} 秒"
