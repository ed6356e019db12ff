"""Seal what an older installation stored in the clear (povreg.kit.storage)."""

from pathlib import Path
from typing import Any

from django.conf import settings

from povreg.kit.commands import HouseCommand
from povreg.kit.storage import PART, seal_in_place


class Command(HouseCommand):
    help = "把以前明文保存的上传、导出和附件文件加密；已加密的跳过，可以随时中断后再运行，不影响使用。"

    def handle(self, *args: Any, **options: Any) -> None:
        files = [path for path in sorted(Path(settings.MEDIA_ROOT).rglob("*")) if path.is_file()]
        plain = [path for path in files if path.suffix != PART]
        sealed = sum(seal_in_place(path) for path in plain)
        self.stdout.write(f"共 {len(plain)} 个文件，本次加密 {sealed} 个。")
