"""Celery's side of checks: each task is one verb, its arguments are ids."""

from celery import shared_task

from audits.checks import services


@shared_task(name=services.LOOK_AGAIN)
def look_again(household_ids: list[int], year: int | None) -> None:
    services.look_again_now(household_ids, year)


@shared_task(name="audits.nightly")
def nightly() -> None:
    services.nightly()
