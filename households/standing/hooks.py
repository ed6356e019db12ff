"""What the subject above, which judges and counts, does when standing was put right."""

from collections.abc import Callable, Iterable

Follower = Callable[[Iterable[int]], None]
_followers: list[Follower] = []


def on_standing_change(follower: Follower) -> None:
    """Register ``follower(household_ids)``; it is called inside the transaction that changed their spells."""
    if follower not in _followers:
        _followers.append(follower)


def announce(household_ids: Iterable[int]) -> None:
    """Tell every follower whose standing has changed."""
    ids = list(household_ids)
    for follower in _followers:
        follower(ids)
