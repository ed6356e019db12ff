"""The pages of long work: list, one job with its progress, its result file."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from povreg.jobs import services
from povreg.jobs.models import Job
from povreg.jobs.registry import links_of
from povreg.kit.views import require
from povreg.overview.health import worker_answers
from povreg.overview.jobs.lists import STATE_TONES
from povreg.overview.jobs.selectors import (
    is_silent,
    may_download,
    may_steer,
    time_left_text,
    visible_jobs,
    waiting_before,
)
from villages.messages.services import mark_all_read
from villages.models.signed_in import SignedInRequest


def _job_or_404(request: SignedInRequest, pk: UUID) -> Job:
    return get_object_or_404(visible_jobs(request.user), pk=pk)


def _steerable(request: SignedInRequest, pk: UUID) -> Job:
    job = _job_or_404(request, pk)
    if not may_steer(request.user, job):
        raise PermissionDenied
    return job


def _context(request: SignedInRequest, job: Job) -> dict[str, Any]:
    return {
        "job": job,
        "ended": job.status in Job.ENDED,
        "running": job.status not in Job.ENDED,
        "tone": STATE_TONES[job.status],
        "time_left": time_left_text(job),
        "waiting_before": waiting_before(job),
        "may_download": may_download(request.user, job),
        "may_steer": may_steer(request.user, job),
        "can_retry": job.status in (Job.Status.FAILED, Job.Status.CANCELLED),
        "nobody_works": job.status == Job.Status.QUEUED and not worker_answers(),
        "is_silent": is_silent(job),
        "was_cleaned": job.status == Job.Status.DONE and bool(job.result_name) and not job.result_file,
        "links": [{"label": label, "url": url} for label, url in links_of(job)],
    }


@require_GET
@require()
def job_page(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """One job: progress, time left, reason of failure, retry, cancel, result."""
    job = _job_or_404(request, pk)
    if job.status in Job.ENDED and job.owner_id == request.user.pk:
        mark_all_read(by=request.user, url=request.path)  # who sees the outcome need not be told of it
    return render(request, "overview/jobs/job.html", _context(request, job))


@require_GET
@require()
def job_progress(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """The part of the page that asks again while the job runs; the whole page is loaded anew when it has ended."""
    context = _context(request, _job_or_404(request, pk))
    response = render(request, "overview/jobs/progress.html", context)
    if context["ended"]:
        response["HX-Refresh"] = "true"
    return response


@require_POST
@require()
def job_cancel(request: SignedInRequest, pk: UUID) -> HttpResponse:
    job = _steerable(request, pk)
    if services.cancel(by=request.user, job=job):
        messages.info(request, "任务已取消。已经完成的部分不受影响。")
    else:
        messages.warning(request, "任务已经结束，不能再取消。")
    return redirect("job", pk=pk)


@require_POST
@require()
def job_retry(request: SignedInRequest, pk: UUID) -> HttpResponse:
    job = _steerable(request, pk)
    if not services.retry(by=request.user, job=job):
        messages.warning(request, "只有失败或已取消的任务可以重试。")
    return redirect("job", pk=pk)


@require_GET
@require()
def job_result(request: SignedInRequest, pk: UUID) -> Any:
    """The result file, for its owner while he holds the right it was made with."""
    job = _job_or_404(request, pk)
    if not may_download(request.user, job):
        raise Http404(reverse("job", args=[pk]))
    return FileResponse(job.result_file.open("rb"), as_attachment=True, filename=job.result_name)
