"""``migrate`` as the owner of the tables; afterwards the application role gets its rights to what is new."""

from typing import Any

from django.core.management import call_command
from django.core.management.commands import migrate
from django.db import connection

from povreg.kit.app_role import as_owner
from povreg.shell.keys import record_keys
from povreg.shell.migrating import models_alone
from povreg.shell.models import KeyMark


class Command(migrate.Command):
    def execute(self, *args: Any, **options: Any) -> None:
        with as_owner(), models_alone():
            super().execute(*args, **options)
            if not (options["plan"] or options["check_unapplied"]) and whole():
                record_keys()
        if not (options["plan"] or options["check_unapplied"]):
            call_command("grant_app", verbosity=max(options["verbosity"] - 1, 0), stderr=self.stderr)


def whole() -> bool:
    """Whether the table of key marks is there: it may not have been migrated to, or back from."""
    return KeyMark._meta.db_table in connection.introspection.table_names()
