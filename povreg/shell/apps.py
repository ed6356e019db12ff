from django.apps import AppConfig


class ShellConfig(AppConfig):
    name = "povreg.shell"

    def ready(self) -> None:
        from povreg.kit.commands import before_commands
        from povreg.kit.crypto import ask_hashing
        from povreg.shell import deploy_checks
        from povreg.shell.keys import check_keys, hashing_keys
        from povreg.shell.status import connect as status

        deploy_checks.connect()
        status.connect()
        ask_hashing(hashing_keys)
        before_commands(check_keys)
