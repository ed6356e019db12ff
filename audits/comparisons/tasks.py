"""Celery's side of comparisons."""

from celery import shared_task

from audits.comparisons import services


@shared_task(name="audits.delete_past_lists")
def delete_past_lists() -> None:
    services.delete_past()
