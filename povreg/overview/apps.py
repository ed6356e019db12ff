"""The roof: pages that read across all apps."""

from django.apps import AppConfig


class OverviewConfig(AppConfig):
    name = "povreg.overview"
    label = "overview"
    verbose_name = "工作台与总览"

    def ready(self) -> None:
        from povreg.overview.workbench import accounts, beforehand, entry, lists, objections, office, watch

        self.offering = (
            accounts,
            beforehand,
            entry,
            lists,
            objections,
            office,
            watch,
        )  # importing them fills the workbench's registry
