"""The job that reads a department's list and compares it."""

from typing import Any

from django.core.exceptions import ValidationError
from django.urls import reverse

from audits.comparisons.services import KIND, give_up, take_in
from audits.models import ComparisonList
from povreg.jobs.models import Job
from povreg.jobs.registry import JobKind
from povreg.jobs.services import JobError, advance
from povreg.kit.sheets.reader import SheetError


def run(job: Job) -> dict[str, Any]:
    """Rows read, kept, left out; hits by number and by name. Raises JobError for a file that cannot be read."""
    row = ComparisonList.objects.select_related("by").get(pk=job.params["list"])
    try:
        row = take_in(row)
    except (SheetError, ValidationError) as fault:
        give_up(row)
        said = "；".join(fault.messages) if isinstance(fault, ValidationError) else str(fault)
        raise JobError(said) from fault
    counts = row.counts
    advance(job, done=counts["read"], expected=counts["read"])
    return {**counts, "expected": counts["read"], "done": counts["read"], "changed": counts["strong"] + counts["weak"]}


def links(job: Job) -> list[tuple[str, str]]:
    return [("看命中", f"{reverse('audit-hits')}?list={job.params['list']}")]


COMPARISON = JobKind(KIND, run=run, links=links)
