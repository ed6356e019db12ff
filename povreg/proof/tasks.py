"""Celery's side of proof."""

from celery import shared_task

from povreg.proof.seals.services import seal_days


@shared_task(name="povreg.proof.seal")
def seal() -> None:
    seal_days()
