"""What follows a saved change: subjects above the register (the verdict) say here what they do with changed households.

Functions run once the change is committed, outside its transaction, with the ids of the households, the villages that
households have moved away from, and the year where only facts of one year were changed (None: what holds now, too).
"""

import logging
from collections.abc import Callable, Iterable

from django.db import transaction

from povreg.kit.reach import wider

logger = logging.getLogger(__name__)
Follower = Callable[[list[int], list[str], int | None], None]
_followers: list[Follower] = []


def after_change(follower: Follower) -> Follower:
    """Register ``follower(household_ids, left_villages, year)``; call it from an app's ``ready()``."""
    if follower not in _followers:
        _followers.append(follower)
    return follower


def changed(household_ids: Iterable[int], left: Iterable[str] = (), year: int | None = None) -> None:
    """Tell the followers after commit; ``left`` are villages the households moved away from, ``year`` the only year
    whose facts were changed.

    A follower that fails is logged and never undoes what was saved.
    """
    ids = sorted(set(household_ids))
    if ids:
        villages = sorted(set(left))
        transaction.on_commit(lambda: _tell(ids, villages, year))


@wider("follow_up")
def _tell(ids: list[int], left: list[str], year: int | None) -> None:
    for follower in _followers:
        try:
            follower(ids, left, year)
        except Exception:
            logger.exception("follow-up %s failed for %d households", follower.__name__, len(ids))
