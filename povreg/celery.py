"""The Celery application. Tasks are sent after the transaction's commit: use `task.delay_on_commit(...)`."""

import os
import sys
from pathlib import Path

from celery import Celery
from celery.signals import beat_init, worker_init
from django.apps import apps
from django.utils.module_loading import import_string

from povreg.kit import trail  # noqa: F401 - carries the id of a request into its tasks
from povreg.shell.embedded import ServerError

BASE_DIR = Path(__file__).resolve().parents[1]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "povreg.settings")

app = Celery("povreg", task_cls="povreg.kit.work:HouseTask")
app.config_from_object("django.conf:settings", namespace="CELERY")


def task_packages() -> list[str]:
    """Packages of our apps that hold a ``tasks.py``: a new subject's tasks are found without being named here."""
    return [
        ".".join(path.parent.relative_to(BASE_DIR).parts)
        for config in apps.get_app_configs()
        if Path(config.path).is_relative_to(BASE_DIR) and "site-packages" not in config.path
        for path in sorted(Path(config.path).rglob("tasks.py"))
    ]


app.autodiscover_tasks(task_packages)


@worker_init.connect
@beat_init.connect
def own_keys(**_: object) -> None:
    """No job runs with keys that are not those of the database: whoever starts us reads why."""
    try:
        import_string("povreg.shell.keys.check_keys")()
    except ServerError as fault:
        sys.exit(str(fault))  # a signal's receiver may raise nothing else
