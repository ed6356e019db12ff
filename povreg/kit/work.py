"""The base of our Celery tasks."""

from typing import Any

from celery import Task

from povreg.kit.reach import EVERYWHERE, reaching


class HouseTask(Task):
    """Work of the house itself reaches everywhere; a job narrows that to its own (povreg.jobs)."""

    abstract = True

    def __call__(self, *args: Any, **options: Any) -> Any:
        with reaching(EVERYWHERE):
            return super().__call__(*args, **options)
