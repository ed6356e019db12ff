"""``verify_export FILE``: whether a file that povreg wrote is unaltered (exit code 0), altered (1) or not ours (2)."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from povreg.kit.commands import HouseCommand
from povreg.proof.verifying import ALTERED, UNALTERED, Verdict, checked

CODES = {UNALTERED: 0, ALTERED: 1}
OTHER = 2


class Command(HouseCommand):
    """The operator sees the rows."""

    help = "核验导出的文件有没有被改动：是谁、何时、从什么导出的；被改动的行"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *, file: Path, **_: Any) -> None:
        if not file.is_file():
            self.stderr.write(f"没有文件 {file}，请核对路径。")
            sys.exit(OTHER)
        verdict = checked(file)
        for line in words(verdict):
            self.stdout.write(line)
        if code := CODES.get(verdict.state, OTHER):
            sys.exit(code)


def words(verdict: Verdict) -> list[str]:
    """What the command says."""
    if verdict.state == UNALTERED:
        return ["核验通过：与导出时一致，签名有效。", *provenance(verdict)]
    if verdict.state != ALTERED:
        return [verdict.why]
    rows = [
        f"工作表“{row.sheet}”{f'第 {row.row} 行' if row.row else f'原第 {row.was} 条数据'}"
        f"{f'（{row.name}）' if row.name else ''}：{row.words}"
        for row in verdict.rows
    ]
    return [
        f"核验不通过：文件被改动过。{verdict.why}",
        *provenance(verdict),
        *verdict.faults,
        *rows,
        *([f"还有 {verdict.more} 行不同"] if verdict.more else []),
    ]


def provenance(verdict: Verdict) -> list[str]:
    """Who took it, when, from what."""
    record = verdict.record
    if record is None:
        return ["登记里没有这个导出编号。"]
    who = f"{record.by.name}（{record.by.username}）" if record.by else "系统命令"
    return [
        f"{record.title}，{record.rows} 行，导出编号 {record.pk}",
        f"{who}，{timezone.localtime(record.at):%Y-%m-%d %H:%M:%S}，范围 {record.place_code or '本人负责的全部'}，"
        f"筛选 {record.narrowed or '无'}{f'，理由 {record.reason}' if record.reason else ''}",
    ]
