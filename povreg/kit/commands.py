"""The base of our commands for the shell."""

from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand

from povreg.kit.reach import CODE, EVERYWHERE, at, reaching

_before: list[Callable[[], None]] = []


class HouseCommand(BaseCommand):
    """Starts at once. Django's checks before a command read every page of the product, which takes longer than most
    of the work itself; ``make check`` makes them, and so does ``migrate``, which ``make run`` begins with."""

    requires_system_checks: tuple[str, ...] = ()
    checks_keys = True  # False: the command that mends the keys

    def execute(self, *args: Any, **options: Any) -> Any:
        """The operator's statements reach the place that the command names, else everywhere."""
        for ask in _before if self.checks_keys else ():
            ask()
        code = str(options.get("county") or options.get("place") or "")
        known = CODE.fullmatch(code)  # the command itself refuses what is no code
        with reaching(at(code) if known else EVERYWHERE):
            return super().execute(*args, **options)


def before_commands(ask: Callable[[], None]) -> None:
    """Say what must hold before a command of ours touches the register; ``ask`` raises where it does not."""
    _before.append(ask)
