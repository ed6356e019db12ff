"""The roof: pages that read across all apps."""

from collections.abc import Callable
from typing import Any

from django.apps import AppConfig


class OverviewConfig(AppConfig):
    name = "povreg.overview"
    label = "overview"
    verbose_name = "工作台与总览"

    def ready(self) -> None:
        """Every subject declares what it has for the layers below it."""
        from povreg.kit.api.resources import RESOURCES
        from povreg.kit.health import PARTS
        from povreg.overview.dashboard import connect as dashboard
        from povreg.overview.jobs import connect as jobs
        from povreg.overview.messages import connect as messages
        from povreg.overview.reports import connect as reports
        from povreg.overview.workbench import connect as workbench

        for subject in (workbench, dashboard, reports, messages, jobs):
            subject.connect()
        RESOURCES.later(resources)
        PARTS.later(health_parts)


def resources() -> dict[str, Any]:
    """The API's resources of the roof."""
    from povreg.overview.api import figures, jobs

    return {**figures.RESOURCES, **jobs.RESOURCES}


def health_parts() -> dict[str, Callable[[], bool]]:
    """What must answer before the product is ready."""
    from povreg.overview import health

    return {
        "database": health.database_answers,
        "redis": health.redis_answers,
        "worker": health.worker_answers,
        "clock": health.clock_answers,
        "disk": health.disk_has_room,
    }
