"""Celery's side of the look for invented data."""

from celery import shared_task

from audits.detection import jobs


@shared_task(name="audits.detect_nightly")
def detect_nightly() -> None:
    jobs.nightly()
