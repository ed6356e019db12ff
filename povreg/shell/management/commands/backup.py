"""``backup``: database and files into a sealed set; ``--try`` restores it into a throw-away server and compares."""

import getpass
import os
from pathlib import Path
from typing import Any

from django.core.management import CommandError, CommandParser

from povreg.kit.app_role import as_owner
from povreg.kit.commands import HouseCommand
from povreg.shell.backup import keys, services
from povreg.shell.embedded import ServerError


class Command(HouseCommand):
    help = "备份数据库和文件（加密）；密钥用 --keys 另存一处"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--to", type=Path, required=True, help="放备份的目录（最好在另一台机器上）")
        parser.add_argument("--keep", type=int, default=0, help="只留最近几份；0 不删")
        parser.add_argument("--try", dest="attempt", action="store_true", help="恢复到临时数据库，核对行数和封印")
        parser.add_argument("--keys", type=Path, help="把全部密钥另存为这个文件，用口令加密")

    def handle(self, *, to: Path, keep: int, attempt: bool, keys: Path | None, **_: Any) -> None:
        try:
            if keys is not None:
                self.keep_keys(keys, to)
            with as_owner():
                made = services.make(to)
                self.stdout.write(
                    f"已备份到 {made.folder}：{sum(made.said.tables.values())} 行、{made.said.files} 个文件，"
                    f"{made.size / 2**20:.1f} MB。"
                )
                if attempt:
                    tried = services.drill(made.folder)
                    self.stdout.write(f"已试恢复：行数、封印、文件相符，用时 {tried.seconds:.0f} 秒。{tried.trail}")
                if gone := services.forget(to, keep):
                    self.stdout.write(f"删去 {len(gone)} 份旧备份。")
        except (ServerError, OSError) as fault:
            raise CommandError(str(fault)) from fault

    def keep_keys(self, path: Path, to: Path) -> None:
        if path.resolve().is_relative_to(to.resolve()):
            raise ServerError("密钥不能和备份放在一起：拿到备份的人就能读出全部号码。请换一个地方。")
        phrase = os.environ.get("BACKUP_PASSPHRASE") or getpass.getpass("密钥文件的口令（至少 16 个字符）：")
        keys.write(path, phrase)
        self.stdout.write(f"密钥已另存到 {path}。请和备份分开保管，口令写在纸上。")
