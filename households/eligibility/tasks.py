"""Celery's side of verdicts: each task is one verb, its arguments are ids."""

from typing import Any

from celery import shared_task
from django.db import OperationalError

from households.eligibility import services
from povreg.kit.locks import is_not_now

COME_AGAIN = 10  # seconds


@shared_task(name=services.REASSESS, bind=True, max_retries=None)
def reassess(self: Any, household_ids: list[int], left: list[str]) -> None:
    """Who waits too long for a lock comes again and leaves the worker's place to others."""
    try:
        services.reassess_now(household_ids, left)
    except OperationalError as fault:
        if not is_not_now(fault):
            raise
        raise self.retry(countdown=COME_AGAIN) from fault


@shared_task(name="households.nightly")
def nightly() -> None:
    services.nightly()
