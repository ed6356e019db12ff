"""``export_sheet --layout L --place CODE --out FILE``: the register as a workbook (contract.md section 3)."""

from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError, CommandParser

from households.sheets.exports import Export, export_sheet
from households.sheets.layouts import EXPORTED
from povreg.kit.commands import HouseCommand
from povreg.kit.sheets.reader import SheetError
from povreg.kit.sheets.writer import verify_workbook
from villages.models import Place


class Command(HouseCommand):
    """Writes a workbook, or with ``--verify FILE`` proves that one was not altered since it was exported."""

    help = "导出表格；--verify 核验导出的表格是否被改动"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--layout", choices=sorted(EXPORTED))
        parser.add_argument("--place", help="区划代码：县 6 位、乡镇 9 位、村 12 位")
        parser.add_argument("--year", type=int, help="年度记录的年度")
        parser.add_argument("--unmasked", action="store_true", help="完整的证件、电话和银行卡号码")
        parser.add_argument("--reason", default="", help="导出完整号码的理由，会登记")
        parser.add_argument("--out", type=Path)
        parser.add_argument("--verify", type=Path, metavar="FILE")

    def handle(self, *, verify: Path | None, **options: Any) -> None:
        try:
            if verify:
                self._verify(verify)
            else:
                self._export(**options)
        except (SheetError, ValidationError) as fault:
            raise CommandError("；".join(getattr(fault, "messages", [str(fault)]))) from fault

    def _verify(self, path: Path) -> None:
        found = verify_workbook(path)
        if not found.unaltered:
            raise CommandError(f"表格被改动过：说明中的摘要是 {found.stated}，现有数据的摘要是 {found.found}。")
        self.stdout.write(f"核验通过：{found.rows} 行数据与导出时一致。")

    def _export(self, *, layout: str, place: str, year: int | None, unmasked: bool, reason: str, out: Path,
                **_: Any) -> None:  # fmt: skip
        if not (layout and place and out):
            raise CommandError("请同时给出 --layout、--place 和 --out。")
        where = Place.objects.filter(code=place).first()
        if where is None:
            raise CommandError(f"没有代码为 {place} 的区划，请核对。")
        digest = export_sheet(Export(EXPORTED[layout], where, year, unmasked, reason), out)
        self.stdout.write(f"已导出 {digest.rows} 行到 {out}，数据摘要 {digest.hexdigest()}")
