"""What follows verdicts: subjects above say here what they do once a set of households was judged for a year.

Followers run inside the recompute's transaction, under its locks, once for a set and not once for a household: with the
range of village codes ``low`` to ``high``, or the ``ids`` of a few households.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Judged:
    """The households that were judged for ``year``."""

    year: int
    scope: Mapping[str, Any]

    @property
    def by_id(self) -> bool:
        return "ids" in self.scope

    def condition(self, alias: str) -> str:
        """SQL: a row of ``alias`` (``household_id``, ``village_id``) belongs to them; its parameters are ``scope``."""
        if self.by_id:
            return f"{alias}.household_id = ANY(%(ids)s)"
        return f"{alias}.village_id >= %(low)s AND {alias}.village_id < %(high)s"


Follower = Callable[[Judged], None]
_followers: list[Follower] = []


def after_verdicts(follower: Follower) -> Follower:
    """Register ``follower(judged)``; call it from a subject's ``connect()``."""
    if follower not in _followers:
        _followers.append(follower)
    return follower


def tell(judged: Judged) -> None:
    """Let every follower do its part."""
    for follower in _followers:
        follower(judged)
