"""``seal_trail``: seal now what the nightly task would, every day that is over."""

from typing import Any

from povreg.kit.commands import HouseCommand
from povreg.proof.seals.services import seal_days


class Command(HouseCommand):
    """For an installation whose worker was down, and before a visit of auditors."""

    help = "封印已经过去、还没有封印的各天的变更历史"

    def handle(self, **_: Any) -> None:
        self.stdout.write(f"新增 {seal_days()} 号封印。")
