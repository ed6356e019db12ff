"""What follows a saved change: subjects above the register (the verdict) say here what they do with changed households.

Functions run once the change is committed, outside its transaction, with the ids of the households.
"""

import logging
from collections.abc import Callable, Iterable

from django.db import transaction

logger = logging.getLogger(__name__)
Follower = Callable[[list[int]], None]
_followers: list[Follower] = []


def after_change(follower: Follower) -> Follower:
    """Register ``follower(household_ids)``; call it from an app's ``ready()``."""
    if follower not in _followers:
        _followers.append(follower)
    return follower


def changed(household_ids: Iterable[int]) -> None:
    """Tell the followers after commit. A follower that fails is logged and never undoes what was saved."""
    ids = sorted(set(household_ids))
    if ids:
        transaction.on_commit(lambda: _tell(ids))


def _tell(ids: list[int]) -> None:
    for follower in _followers:
        try:
            follower(ids)
        except Exception:
            logger.exception("follow-up %s failed for %d households", follower.__name__, len(ids))
