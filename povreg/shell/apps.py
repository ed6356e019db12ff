from django.apps import AppConfig


class ShellConfig(AppConfig):
    name = "povreg.shell"

    def ready(self) -> None:
        from povreg.shell import deploy_checks

        deploy_checks.connect()
