"""``verify_trail``: whether the change history is what was sealed day by day (exit code 1 and the first break)."""

from __future__ import annotations

import sys
from itertools import islice
from typing import Any

from django.core.management.base import CommandParser

from povreg.kit.commands import HouseCommand
from povreg.proof.models import Seal
from povreg.proof.seals.verifying import MOST, Verification


class Command(HouseCommand):
    """Reads everything, writes nothing."""

    help = "核对变更历史与每日封印；历史被改动时说出第一处"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--head", action="append", default=[], help="公示页或打印件上的封印，应在链中；可多次")

    def handle(self, *, head: list[str], **_: Any) -> None:
        run = Verification()
        lost = [each for each in head if not Seal.objects.filter(head=each).exists()]
        found = [*(f"公布过的封印 {each} 不在链中" for each in lost), *map(str, islice(run.breaks(), MOST))]
        checked = run.checked
        self.stdout.write(
            f"已核对 {checked.links} 号封印、{checked.versions} 个版本（其中依法删除 {checked.erased} 个）、"
            f"{checked.rows} 条导出记录。"
        )
        if not found:
            self.stdout.write("没有发现改动。")
            return
        self.stdout.write(f"第一处断裂：{found[0]}")
        for each in found[1:]:
            self.stdout.write(f"另有：{each}")
        sys.exit(1)
