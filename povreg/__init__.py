"""povreg: the working register of a county's poor households."""

from .celery import app as celery_app

__all__ = ["celery_app"]
