from django.apps import AppConfig


class VillagesConfig(AppConfig):
    name = "villages"
    verbose_name = "基础资料"

    def ready(self) -> None:
        from povreg.jobs.registry import on_end
        from villages.messages.services import tell_owner

        on_end(tell_owner)
