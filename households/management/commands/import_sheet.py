"""``import_sheet FILE --layout L --county CODE``: a workbook into the register (contract.md section 3)."""

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from households.sheets.imports import import_sheet
from households.sheets.layouts import LAYOUTS
from households.sheets.outcome import QUESTIONS, Outcome
from households.sheets.rejects import write_rejects
from povreg.kit.commands import HouseCommand
from povreg.kit.sheets.finding import Wishes
from povreg.kit.sheets.reader import SheetError


class Command(HouseCommand):
    """Exit code 0 when the file could be read, rejects included; 2 when it could not."""

    help = "导入表格：名单（roster-2022、roster-2019、roster-2016）、年度记录（annual）或部门名单（department-list）"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--layout", required=True, choices=sorted(LAYOUTS))
        parser.add_argument("--county", required=True, help="6 位县代码")
        parser.add_argument("--year", type=int, help="年度；年度记录以表中的“年度”列为准")
        parser.add_argument("--dry-run", action="store_true", help="只检查，不写入")
        parser.add_argument("--confirm", action="append", default=[], choices=sorted(QUESTIONS), metavar="CODE",
                            help="对一类存疑回答“是”，可重复：" + "、".join(QUESTIONS))  # fmt: skip
        parser.add_argument("--report", type=Path, help="把结果写成 JSON")
        parser.add_argument("--rejects", type=Path, help="把退回的行写成工作簿，改正后可直接再导入")

    def handle(self, *, file: Path, layout: str, county: str, dry_run: bool, report: Path | None,
               rejects: Path | None, confirm: list[str], **options: Any) -> None:  # fmt: skip
        chosen = LAYOUTS[layout]
        try:
            wishes = Wishes(confirmed=frozenset(confirm))
            outcome = import_sheet(by=None, path=file, layout=chosen, county=county, dry_run=dry_run, wishes=wishes)
            if rejects:
                write_rejects(file, rejects, chosen, outcome, wishes)
        except (SheetError, FileNotFoundError) as fault:
            message = fault if isinstance(fault, SheetError) else f"找不到文件 {file}，请核对路径。"
            self.stderr.write(self.style.ERROR(f"文件没有导入：{message}"))
            sys.exit(2)
        if report:
            report.write_text(json.dumps(outcome.report(), ensure_ascii=False, indent=1), encoding="utf-8")
        self._say(outcome)

    def _say(self, outcome: Outcome) -> None:
        counts = outcome.counts
        self.stdout.write(
            f"{'检查' if outcome.dry_run else '导入'}完成：读 {counts.rows_read} 行，新增 {counts.created}，"
            f"更新 {counts.updated}，未变 {counts.unchanged}，退回 {counts.rejected}；提示 {len(outcome.warnings)} 条。"
        )
        for each in outcome.sheets:
            said = f"读 {each.rows} 行，跳过 {len(each.skipped)} 行" if each.used else f"未读：{each.why}"
            self.stdout.write(f"  工作表“{each.name}”：{said}")
        if outcome.questions:
            codes = "、".join(dict.fromkeys(each.code for each in outcome.questions))
            self.stdout.write(f"存疑 {len(outcome.questions)} 处没有写入（{codes}），核对无误后用 --confirm 写入")
        if outcome.unknown_columns:
            self.stdout.write(f"未识别、已忽略的列：{'、'.join(outcome.unknown_columns)}")
        for row in outcome.rejects[:10]:
            self.stdout.write(f"  {row.sheet} 第 {row.row} 行 {row.code}：{row.message}")
        if len(outcome.rejects) > 10:
            self.stdout.write(f"  …… 共 {len(outcome.rejects)} 行退回，用 --rejects 保存为工作簿")
