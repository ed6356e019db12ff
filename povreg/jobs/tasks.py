"""Celery's side of jobs: each task is one verb, its arguments are ids."""

from celery import shared_task

from povreg.jobs import services


@shared_task(name="povreg.jobs.run")
def run(job_id: str) -> None:
    services.run(job_id)


@shared_task(name="povreg.jobs.run_part")
def run_part(job_id: str, key: str) -> None:
    services.run_part(job_id, key)


@shared_task(name="povreg.jobs.requeue_lost")
def requeue_lost() -> None:
    services.requeue_lost()
