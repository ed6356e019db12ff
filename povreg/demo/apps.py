"""The demonstration county, above everything it shows."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "povreg.demo"
    label = "demo"
    verbose_name = "演示数据"

    def ready(self) -> None:
        from povreg.demo.verbs import VERBS
        from povreg.kit.history import declare_verbs

        declare_verbs(VERBS)
