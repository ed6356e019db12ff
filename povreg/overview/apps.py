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
        from povreg.overview.dashboard import connect as dashboard
        from povreg.overview.jobs import connect as jobs
        from povreg.overview.messages import connect as messages
        from povreg.overview.reports import connect as reports
        from povreg.overview.workbench import connect as workbench

        for subject in (workbench, dashboard, reports, messages, jobs, api, health):
            subject.connect()
