"""What is deleted every night, by the rules of povreg.overview.retention: files nobody needs any more, ended tokens and
sessions. Evidence is never touched. Each night leaves a report: a job that says how many of each went.

How long things are kept is set by KEEP_RESULTS_DAYS, KEEP_UPLOADS_DAYS, KEEP_IMPORTED_DAYS and KEEP_TOKENS_DAYS
(docs/architecture.md); 0 keeps them for ever.
"""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from households.looks.services import forget_looks
from households.sheets.cleanup import forget_uploads
from povreg.jobs.models import Job
from povreg.jobs.services import forget_results
from povreg.kit.history import act
from villages.people.attempts import forget_attempts
from villages.people.once import forget_sent
from villages.people.tokens import forget_tokens

log = logging.getLogger(__name__)
KIND = "retention"


def clean_up() -> dict[str, int]:
    """One night's work; returns how many of each were deleted. Safe to run twice, and after nights left out."""
    gone = {"results": 0, "uploads": 0, "tokens": 0, "requests": forget_sent(), "sign_ins": 0, "looks": 0}
    if results := _before(settings.KEEP_RESULTS_DAYS):
        gone["results"] = forget_results(results)
    if unused := _before(settings.KEEP_UPLOADS_DAYS):
        gone["uploads"] = forget_uploads(unused=unused, imported=_before(settings.KEEP_IMPORTED_DAYS))
    if tokens := _before(settings.KEEP_TOKENS_DAYS):
        gone["tokens"] = forget_tokens(ended_before=tokens)
    if attempts := _before(settings.KEEP_SIGN_INS_DAYS):
        gone["sign_ins"] = forget_attempts(before=attempts)
    if looks := _before(settings.KEEP_LOOKS_DAYS):
        gone["looks"] = forget_looks(before=timezone.localdate(looks))
    call_command("clearsessions")
    _report(gone)
    log.info("clean-up: %s", " ".join(f"{name}={count}" for name, count in gone.items()))
    return gone


def _report(gone: dict[str, int]) -> None:
    """The night's report, among the jobs of the house."""
    now = timezone.now()
    with act(by=None, verb="clean_up"):
        Job.objects.create(
            kind=KIND, title="到期清理", status=Job.Status.DONE, report=gone, changed=sum(gone.values()),
            started_at=now, ended_at=now,
        )  # fmt: skip


def last_report() -> Job | None:
    """The report of the last night."""
    return Job.objects.filter(kind=KIND).order_by("-created_at").first()


def _before(days: int) -> datetime | None:
    return timezone.now() - timedelta(days=days) if days else None
