"""What else changes when a household splits, merges, moves or ends, or people leave and come: subjects above say here
what becomes of what hangs on a household.

Followers run inside the verb's transaction, after the register's own rows were changed: what they refuse, the verb
refuses, and nothing is changed by halves.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from enum import Enum

from django.db.models import F, Value
from django.db.models.functions import Concat

from households.models import Household, RegisterEvent

MERGED_CODE = "03"
MERGED_WORDS = "并入 "


class Turn(Enum):
    """What happened."""

    SPLIT = "split"
    MERGED = "merged"
    MOVED = "moved"
    ENDED = "ended"
    LEFT = "left"
    CAME = "came"


@dataclass(frozen=True)
class Turnover:
    """``household`` split, was merged away, moved, ended, lost or won people ``on`` a day; ``other`` is the new one of
    a split, the one that stays of a merge; ``members`` are the keys of those who went; ``before`` the village that a
    household moved from; ``why`` the code (member_change) by which somebody left. ``undone``: it was registered by
    mistake."""

    turn: Turn
    household: Household
    on: date
    other: Household | None = None
    members: Collection[int] = ()
    before: str = ""
    why: str = ""
    undone: bool = False


Follower = Callable[[Turnover], None]
_followers: list[Follower] = []


def on_turnover(follower: Follower) -> Follower:
    """Register ``follower(turnover)``; call it from a subject's ``connect()``."""
    if follower not in _followers:
        _followers.append(follower)
    return follower


def tell(turnover: Turnover) -> None:
    for follower in _followers:
        follower(turnover)


def merged_into(kept: Household) -> str:
    """Why a household that was merged away is struck off."""
    return f"{MERGED_WORDS}{kept.household_no}"


def homes_behind(households: Collection[int]) -> dict[int, int]:
    """The households whose past belongs to these, by key: themselves, and those that were merged into them, however
    often. One statement a generation."""
    found = {pk: pk for pk in households}
    unread = set(found)
    while unread:
        rows = RegisterEvent.objects.filter(other__in=unread, household_change=MERGED_CODE)
        rows = rows.filter(household__removed_reason=Concat(Value(MERGED_WORDS), F("other__household_no")))
        gone = {pk: found[other] for pk, other in rows.values_list("household", "other") if pk not in found}
        found |= gone
        unread = set(gone)
    return found
