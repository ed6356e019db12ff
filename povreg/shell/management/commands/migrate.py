"""``migrate`` as the owner of the tables; afterwards the application role gets its rights to what is new.

A change of a table that waits for its lock makes everybody who comes after it wait, readers too. So it waits a short
time only (MIGRATE_LOCK_TIMEOUT), lets the others go on, and tries again: what is migrated already stays so.
"""

import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.management import CommandError, call_command
from django.core.management.commands import migrate
from django.db import OperationalError, connection
from psycopg2.errors import LockNotAvailable

from povreg.kit.app_role import as_owner
from povreg.shell.keys import record_keys
from povreg.shell.migrating import models_alone
from povreg.shell.models import KeyMark
from povreg.shell.status.media import sign_media

TRIES, PAUSE = 10, 5.0  # how often; seconds for the others in between


class Command(migrate.Command):
    def execute(self, *args: Any, **options: Any) -> None:
        with as_owner(), models_alone():
            in_short_waits(lambda: super(Command, self).execute(*args, **options), self.stderr.write)
            if not (options["plan"] or options["check_unapplied"]) and whole():
                record_keys()
                sign_media()
        if not (options["plan"] or options["check_unapplied"]):
            call_command("grant_app", verbosity=max(options["verbosity"] - 1, 0), stderr=self.stderr)


def whole() -> bool:
    """Whether the table of key marks is there: it may not have been migrated to, or back from."""
    return KeyMark._meta.db_table in connection.introspection.table_names()


def in_short_waits(work: Callable[[], Any], tell: Callable[[str], object]) -> None:
    """Do it with a limit on each wait for a lock, again when one ran out. Raises CommandError after TRIES."""
    for left in reversed(range(TRIES)):
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, false)", [f"{settings.MIGRATE_LOCK_TIMEOUT}s"])
        try:
            work()
        except OperationalError as fault:
            if not isinstance(fault.__cause__, LockNotAvailable):
                raise
            if not left:
                raise CommandError(
                    "数据库的表一直有人在用，没有等到锁，迁移没有做完（已完成的保留）。请在使用的人少时再运行 migrate，"
                    "或调大 MIGRATE_LOCK_TIMEOUT（秒）。"
                ) from fault
            tell(f"有人在用要修改的表，{PAUSE:g} 秒后再试（还可以试 {left} 次）。")
            time.sleep(PAUSE)
        else:
            return
