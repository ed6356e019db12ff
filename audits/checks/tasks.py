"""Celery's side of checks: each task is one verb, its arguments are ids."""

from celery import shared_task

from audits.checks import services
from povreg.jobs.gathering import taken


@shared_task(name=services.LOOK_AGAIN)
def look_again(year: str) -> None:
    """``year`` is empty where what holds now was changed, too."""
    with taken(services.LOOK_AGAIN, year) as households:
        services.look_again_now(list(map(int, households)), int(year) if year else None)


@shared_task(name="audits.nightly")
def nightly() -> None:
    services.nightly()
