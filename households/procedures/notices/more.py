"""What higher apps post besides lists of households: named on the public page of its place, shown by their own page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from povreg.kit.registry import Registry


@dataclass(frozen=True)
class MorePublic:
    """One more thing that is posted: what it is, and the address ``url_name`` with its unguessable ``token``."""

    title: str
    kind: str
    token: str
    url_name: str
    posted_on: date
    ends_on: date
    is_open: bool


MORE: Registry[Callable[[str], list[MorePublic]]] = Registry("public notices")
"""By code: what is posted under a place (its code)."""


def more_at(place: str) -> list[MorePublic]:
    """Everything that is posted besides lists under a place, the latest first."""
    found = [each for posted in MORE for each in posted(place)]
    return sorted(found, key=lambda each: each.posted_on, reverse=True)
