"""``backup_facts``: rows by table and the last seals, in one line; how a restored database is compared."""

from typing import Any

from povreg.kit.app_role import as_owner
from povreg.kit.commands import HouseCommand
from povreg.shell.backup import sets


class Command(HouseCommand):
    help = "各表行数和最后的封印（一行 JSON），用来核对恢复出的数据库"
    checks_keys = False

    def handle(self, *_args: Any, **options: Any) -> None:
        with as_owner():
            self.stdout.write(sets.facts_text(sets.counts(), sets.last_seals()))
