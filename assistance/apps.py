from django.apps import AppConfig


class AssistanceConfig(AppConfig):
    name = "assistance"
    verbose_name = "帮扶"

    def ready(self) -> None:
        """Every subject declares what it has for the layers below it."""
        from assistance.api import connect as api
        from assistance.pairing import connect as pairing

        for subject in (
            pairing,
            api,
        ):
            subject.connect()
