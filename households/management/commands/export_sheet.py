"""``export_sheet --layout L --place CODE --out FILE``: the register as a workbook (contract.md section 3)."""

from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError, CommandParser

from households.sheets.exports import Export, export_sheet
from households.sheets.layouts import EXPORTED
from povreg.kit.commands import HouseCommand
from villages.models import Place


class Command(HouseCommand):
    """Writes a workbook; ``verify_export`` proves later that it was not altered."""

    help = "导出表格"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--layout", choices=sorted(EXPORTED), required=True)
        parser.add_argument("--place", required=True, help="区划代码：县 6 位、乡镇 9 位、村 12 位")
        parser.add_argument("--year", type=int, help="年度记录的年度")
        parser.add_argument("--unmasked", action="store_true", help="完整的证件、电话和银行卡号码")
        parser.add_argument("--reason", default="", help="导出完整号码的理由，会登记")
        parser.add_argument("--out", type=Path, required=True)

    def handle(self, **options: Any) -> None:
        try:
            self._export(**options)
        except ValidationError as fault:
            raise CommandError("；".join(fault.messages)) from fault

    def _export(self, *, layout: str, place: str, year: int | None, unmasked: bool, reason: str, out: Path,
                **_: Any) -> None:  # fmt: skip
        where = Place.objects.filter(code=place).first()
        if where is None:
            raise CommandError(f"没有代码为 {place} 的区划，请核对。")
        digest = export_sheet(Export(EXPORTED[layout], where, year, unmasked, reason), out)
        self.stdout.write(f"已导出 {digest.rows} 行到 {out}，数据摘要 {digest.hexdigest()}")
