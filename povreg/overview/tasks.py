"""Tasks of the roof."""

from celery import shared_task

from povreg.overview import cleanup


@shared_task(name="povreg.clean_up")
def clean_up() -> None:
    cleanup.clean_up()
