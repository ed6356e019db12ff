"""``backup_facts``: rows by table and the last seals, in one line; how a restored database is compared."""

from itertools import islice
from typing import Any

from django.core.management import CommandError, CommandParser

from povreg.kit.app_role import as_owner, grant_app
from povreg.kit.commands import HouseCommand
from povreg.proof.seals.verifying import Verification
from povreg.shell.backup import sets


class Command(HouseCommand):
    help = "各表行数和最后的封印（一行 JSON），用来核对恢复出的数据库；--verify 再核对全部变更历史"
    checks_keys = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--verify", action="store_true")

    def handle(self, *, verify: bool, **_: Any) -> None:
        with as_owner():
            self.stdout.write(sets.facts_text(sets.counts(), sets.last_seals()))
            if not verify:
                return
            grant_app()
            run = Verification()
            if found := [str(each) for each in islice(run.breaks(), 1)]:
                raise CommandError(f"变更历史有断裂：{found[0]}")
            self.stdout.write(f"已核对 {run.checked.links} 号封印、{run.checked.versions} 个版本。")
