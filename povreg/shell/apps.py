from django.apps import AppConfig


class ShellConfig(AppConfig):
    name = "povreg.shell"

    def ready(self) -> None:
        from povreg.kit.commands import before_commands
        from povreg.shell import deploy_checks
        from povreg.shell.keys import check_keys

        deploy_checks.connect()
        before_commands(check_keys)
