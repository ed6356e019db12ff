"""``maintenance on|off``: everybody reads that work is being done (povreg.kit.maintenance)."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import CommandParser

from povreg.kit.commands import HouseCommand
from povreg.kit.maintenance import PLAIN


class Command(HouseCommand):
    help = "开始或结束维护：on 时所有页面显示“系统正在维护”，健康检查照常"
    checks_keys = False  # the database may be away

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("state", choices=("on", "off"))
        parser.add_argument("--words", default=PLAIN, help="给用户看的一句话，例如：今晚 20:00 至 20:30 升级。")

    def handle(self, *, state: str, words: str, **_: Any) -> None:
        path = Path(settings.MAINTENANCE_FILE)
        if state == "on":
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(words, encoding="utf-8")
        else:
            path.unlink(missing_ok=True)
        self.stdout.write("已开始维护。" if state == "on" else "维护已结束。")
