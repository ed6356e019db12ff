"""The one question of every verb before it acts: may this person do it here?"""

from typing import Protocol

from django.core.exceptions import PermissionDenied

from villages.rights import Right


class Holder(Protocol):
    """Who may hold rights at places: an account."""

    def can(self, right: Right, code: str | None = None) -> bool: ...


def check_right(by: Holder | None, right: Right, code: str | None = None) -> None:
    """Raises PermissionDenied unless ``by`` holds ``right`` at the place, or anywhere where none is named (None, the
    operator, holds all)."""
    if by is not None and not by.can(right, code):
        raise PermissionDenied
