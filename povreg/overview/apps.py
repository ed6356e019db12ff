"""The roof: pages that read across all apps."""

from django.apps import AppConfig


class OverviewConfig(AppConfig):
    name = "povreg.overview"
    label = "overview"
    verbose_name = "工作台与总览"

    def ready(self) -> None:
        """Every subject declares what it has for the layers below it."""
        from povreg.overview import health
        from povreg.overview.api import connect as api
        from povreg.overview.workbench import connect as workbench

        for subject in (workbench, api, health):
            subject.connect()
