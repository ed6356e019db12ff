"""Celery's side of the procedures' clock."""

from celery import shared_task

from households.procedures.lists import watch


@shared_task(name="households.procedures.tick")
def tick() -> None:
    watch.tick()


@shared_task(name=watch.TELL)
def tell(keys: list[str]) -> None:
    watch.tell(keys)
