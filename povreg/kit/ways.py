"""Ways from a page to what lies in a layer above it: the trail of a household, a finding opened from an objection."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Finder = Callable[..., str]
_finders: dict[str, Finder] = {}


def declare_way(name: str, find: Finder) -> None:
    """Have ``find`` (user, and what the page tells of itself) answer with an address, empty for whoever may not go
    there. Raises ValueError for a name that is taken."""
    if _finders.setdefault(name, find) is not find:
        raise ValueError(f"way {name!r} is declared twice")


def way_to(name: str, user: Any, **of: Any) -> str:
    """The address that a page offers somebody; empty where he may not go there, or nobody declared the way."""
    find = _finders.get(name)
    return find(user, **of) if find and all(of.values()) else ""
