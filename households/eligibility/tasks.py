"""Celery's side of verdicts: each task is one verb, its arguments are ids."""

from celery import shared_task

from households.eligibility import services


@shared_task(name=services.REASSESS)
def reassess(household_ids: list[int], left: list[str]) -> None:
    services.reassess_now(household_ids, left)


@shared_task(name="households.nightly")
def nightly() -> None:
    services.nightly()
