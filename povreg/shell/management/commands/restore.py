"""``restore``: a set into an empty database and folder; ``--try`` in a scratch server; ``--keys`` opens keys."""

import getpass
import os
from pathlib import Path
from typing import Any

from django.core.management import CommandError, CommandParser, call_command

from povreg.kit.app_role import as_owner
from povreg.kit.commands import HouseCommand
from povreg.shell.backup import keys as kept, services
from povreg.shell.embedded import ServerError


class Command(HouseCommand):
    help = "从备份恢复到空的数据库和文件目录；--try 只试恢复，不影响使用"
    checks_keys = False  # the database is empty, or is another one

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--from", dest="source", type=Path, help="一份备份的文件夹")
        parser.add_argument("--try", dest="attempt", action="store_true", help="恢复到临时数据库，核对行数和封印")
        parser.add_argument("--keys", type=Path, help="显示另存的密钥文件的内容（需要口令）")

    def handle(self, *, source: Path | None, attempt: bool, keys: Path | None, **_: Any) -> None:
        try:
            if keys is not None:
                phrase = os.environ.get("BACKUP_PASSPHRASE") or getpass.getpass("密钥文件的口令：")
                for name, value in kept.opened(keys.read_bytes(), phrase).items():
                    self.stdout.write(f"{name}={value}")
                return
            if source is None:
                raise ServerError("请用 --from 指明一份备份的文件夹。")
            if attempt:
                self.attempt(source)
            else:
                self.restore(source)
        except (ServerError, OSError) as fault:
            raise CommandError(str(fault)) from fault

    def attempt(self, source: Path) -> None:
        with as_owner():
            tried = services.drill(source)
        self.stdout.write(
            f"试恢复 {source.name} 成功：{tried.rows} 行、{tried.files} 个文件相符，"
            f"用时 {tried.seconds:.0f} 秒。{tried.trail}"
        )

    def restore(self, source: Path) -> None:
        with as_owner():
            said = services.restore(source)
        call_command("migrate", verbosity=0)
        self.stdout.write(
            f"已恢复 {said.made_at} 的备份：{sum(said.tables.values())} 行、{said.files} 个文件。"
            "请运行 verify_trail 和 doctor，再启动各进程。"
        )
