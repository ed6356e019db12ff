"""``migrate`` as the owner of the tables; afterwards the application role gets its rights to what is new."""

from typing import Any

from django.core.management import call_command
from django.core.management.commands import migrate

from povreg.kit.app_role import as_owner


class Command(migrate.Command):
    def execute(self, *args: Any, **options: Any) -> None:
        with as_owner():
            super().execute(*args, **options)
        if not (options["plan"] or options["check_unapplied"]):
            call_command("grant_app", verbosity=max(options["verbosity"] - 1, 0), stderr=self.stderr)
