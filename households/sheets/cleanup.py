"""Uploaded workbooks hold whole identity numbers, so they are not kept for ever.

One that was never imported goes after some weeks. One that was imported is evidence of what was handed in and stays
until its audits are over. The row stays in any case, with digest, counts and what was rejected by code.
"""

from datetime import datetime

from django.db.models import Q

from households.models import SheetImport
from povreg.jobs.models import Job

Status = SheetImport.Status


def forget_uploads(*, unused: datetime, imported: datetime | None) -> int:
    """Delete workbooks uploaded before ``unused`` that were not imported, and those imported before ``imported``
    (None: none of them); returns how many. What a job is still at work on stays."""
    old = Q(created_at__lt=unused) & ~Q(status=Status.DONE)
    if imported is not None:
        old |= Q(created_at__lt=imported, status=Status.DONE)
    rows = SheetImport.objects.filter(old).exclude(file="", rejects="")
    rows = rows.exclude(job__status__in=(Job.Status.QUEUED, Job.Status.RUNNING))
    found = list(rows.only("pk", "file", "rejects", "status"))
    for row in found:
        _forget(row)
    return len(found)


def _forget(row: SheetImport) -> None:
    for kept in (row.file, row.rejects):
        if kept:
            kept.delete(save=False)
    ended = Status.DONE if row.status == Status.DONE else Status.CANCELLED
    SheetImport.objects.filter(pk=row.pk).update(file="", rejects="", status=ended)
