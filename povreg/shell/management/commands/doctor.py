"""``doctor``: how the installation is; ends with 1 when something is wrong."""

import sys
from typing import Any

from povreg.kit.commands import HouseCommand
from povreg.shell.status.checks import GOOD, LOOK, WRONG, findings

SIGNS = {GOOD: "好", LOOK: "注意", WRONG: "有问题"}


class Command(HouseCommand):
    help = "检查密钥、文件、版本、磁盘、时钟、队列、备份、证书；有问题时退出码为 1"
    checks_keys = False

    def handle(self, *_args: Any, **options: Any) -> None:
        found = list(findings())
        for each in found:
            remedy = f" → {each.remedy}" if each.remedy else ""
            self.stdout.write(f"{SIGNS[each.state]}\t{each.name}：{each.words}{remedy}")
        if any(each.state == WRONG for each in found):
            sys.exit(1)
