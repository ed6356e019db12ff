"""The roof: pages that read across all apps."""

from django.apps import AppConfig


class OverviewConfig(AppConfig):
    name = "povreg.overview"
    label = "overview"
    verbose_name = "工作台与总览"

    def ready(self) -> None:
        from povreg.kit.history import declare_verbs
        from povreg.overview.demo.verbs import VERBS
        from povreg.overview.workbench import accounts, beforehand, entry, lists, objections, office, watch

        declare_verbs(VERBS)
        self.offering = (
            accounts,
            beforehand,
            entry,
            lists,
            objections,
            office,
            watch,
        )  # importing them fills the workbench's registry
