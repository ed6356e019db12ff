"""The base of our commands for the shell."""

from django.core.management.base import BaseCommand


class HouseCommand(BaseCommand):
    """Starts at once. Django's checks before a command read every page of the product, which takes longer than most
    of the work itself; ``make check`` makes them, and so does ``migrate``, which ``make run`` begins with."""

    requires_system_checks: tuple[str, ...] = ()
