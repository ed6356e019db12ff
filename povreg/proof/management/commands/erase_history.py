"""``erase_history --model households.Member --row PK --rule TEXT``: erase the history of a row as a law demands."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.core.management.base import CommandError, CommandParser

from povreg.kit.app_role import as_owner
from povreg.kit.commands import HouseCommand
from povreg.proof.seals.services import erase_history


class Command(HouseCommand):
    """As the owner of the database."""

    help = "依法删除一行数据的历史：值和盐删去，叶和依据留下，封印不断"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--model", required=True, help="例如 households.Member")
        parser.add_argument("--row", required=True, help="行的主键")
        parser.add_argument("--rule", required=True, help="法律依据和批准文号")

    def handle(self, *, model: str, row: str, rule: str, **_: Any) -> None:
        try:
            kind = apps.get_model(model)
            with as_owner():
                count = erase_history(by=None, model=kind, pk=row, rule=rule)
        except (LookupError, AttributeError) as fault:
            raise CommandError(f"{model} 没有历史，请核对名称，例如 households.Member。") from fault
        except ValueError as fault:
            raise CommandError(f"没有删除：{fault}。") from fault
        self.stdout.write(f"已删除 {count} 个版本的内容。")
