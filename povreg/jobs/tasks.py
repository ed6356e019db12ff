"""Celery's side of jobs: each task is one verb, its arguments are ids."""

from celery import shared_task

from povreg.jobs import lost, running, workers

__all__ = ["requeue_lost", "run", "run_part", "workers"]


@shared_task(name="povreg.jobs.run")
def run(job_id: str) -> None:
    running.run(job_id)


@shared_task(name="povreg.jobs.run_part")
def run_part(job_id: str, key: str) -> None:
    running.run_part(job_id, key)


@shared_task(name="povreg.jobs.requeue_lost")
def requeue_lost() -> None:
    lost.requeue_lost()
