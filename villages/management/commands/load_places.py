"""``manage.py load_places [DIR] [--under CODE]``: the national place files, then the lines that hang on places."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from povreg.kit.commands import HouseCommand
from villages.places.files import SHIPPED, PlaceFileError
from villages.places.loading import LoadReport, load_places
from villages.standards.shipping import ship_local_lines


class Command(HouseCommand):
    help = "载入五级区划（provinces、cities、areas、streets、villages 五个 CSV 文件，可为 .xz）。重复载入不产生变化。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("directory", nargs="?", type=Path, default=SHIPPED, help="文件所在目录；不写则用随附数据")
        parser.add_argument("--under", default="", help="只载入这个代码及其下级（连同各上级）")

    def handle(self, *args: Any, directory: Path, under: str, **options: Any) -> None:
        try:
            report = load_places(directory, under)
        except PlaceFileError as fault:
            raise CommandError(f"未载入：{fault}", returncode=2) from fault
        lines = ship_local_lines()
        self.stdout.write(describe(report))
        if lines:
            self.stdout.write(f"随附的地方标准线新增 {lines} 条。")


def describe(report: LoadReport) -> str:
    """The report in a few lines."""
    text = (
        f"区划文件读取 {report.read}：新增 {report.created}，更新 {report.updated}，未变 {report.unchanged}"
        f"（created {report.created}, updated {report.updated}, unchanged {report.unchanged}）。"
    )
    if report.kept_names:
        text += f"\n{report.kept_names} 个区划在本系统更过名，保留现名。"
    if report.absent:
        codes = "、".join(report.absent_codes) + ("等" if report.absent > len(report.absent_codes) else "")
        text += f"\n库中有而文件中没有的区划 {report.absent} 个，均予保留：{codes}。"
    return text
