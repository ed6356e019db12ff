"""Celery's side of the counts."""

from celery import shared_task

from assistance.situation import tallies
from povreg.jobs.gathering import taken
from povreg.kit.reach import EVERYWHERE, reaching


@shared_task(name="assistance.count_the_day")
def count_the_day() -> None:
    """What is due for a visit, and whose helper is still his, changes with the day."""
    with reaching(EVERYWHERE):
        tallies.recount_all()


@shared_task(name=tallies.COUNT_PLACES)
def count_places(about: str = "") -> None:
    with taken(tallies.COUNT_PLACES, about) as codes, reaching(EVERYWHERE):
        if codes:
            tallies.recount(codes)
