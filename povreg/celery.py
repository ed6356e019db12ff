"""The Celery application. Tasks are sent after the transaction's commit: use `task.delay_on_commit(...)`."""

import os

from celery import Celery
from celery.signals import worker_ready

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "povreg.settings")

app = Celery("povreg")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(
    [
        "povreg.jobs",
        "povreg.overview",
        "villages.places",
        "households.eligibility",
        "households.procedures.lists",
        "households.sheets",
    ]
)


@worker_ready.connect
def first_heartbeat(**_: object) -> None:
    """Ready as soon as the worker is, not at beat's next turn."""
    app.send_task("povreg.worker_heartbeat")
