"""The job that runs the rules over a place."""

from typing import Any

from django.urls import reverse

from audits.checks.running import run_checks
from povreg.jobs.models import Job
from povreg.jobs.registry import JobKind
from povreg.jobs.services import advance
from povreg.kit.hash_keys import one_hash_key

KIND = "checks"


def run(job: Job) -> dict[str, Any]:
    """Households that were looked at, doubts found, new, solved."""
    one_hash_key()
    outcome = run_checks(job.place_code, int(job.params["year"]))
    advance(job, done=outcome.households, expected=outcome.households)
    return {
        "expected": outcome.households,
        "done": outcome.households,
        "changed": outcome.fresh + outcome.solved,
        "found": outcome.found,
        "fresh": outcome.fresh,
        "solved": outcome.solved,
    }


def links(job: Job) -> list[tuple[str, str]]:
    return [("看疑点", f"{reverse('doubts')}?place={job.place_code}&year={job.params['year']}")]


CHECKS = JobKind(KIND, run=run, links=links)
