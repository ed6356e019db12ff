"""Whether a household was asked what it needs: what stands before a pairing is confirmed (document 004)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from assistance.models import NeedsSurvey
from households.models import Episode

Known = Callable[[Iterable[int]], Mapping[int, tuple[str, ...]]]
_known: list[Known] = []


def needs_known(find: Known) -> None:
    """Declare who knows the needs of households: ``find(ids)`` gives them by household, those asked only."""
    if find not in _known:
        _known.append(find)


def needs_of(households: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """The needs of those households that were asked."""
    ids = list(households)
    found: dict[int, tuple[str, ...]] = {}
    for find in _known:
        found.update(find(ids))
    return found


def wanted_of_episodes(households: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """Monitored households whose needed help was noted when they were taken in; in words, not in codes."""
    rows = Episode.objects.filter(spell__household__in=list(households), spell__until=None).exclude(wanted="")
    return dict.fromkeys(rows.values_list("spell__household_id", flat=True), ())


def surveyed(households: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """What was said in the latest needs survey of each household that had one."""
    rows = NeedsSurvey.objects.filter(household__in=list(households)).order_by("household_id", "-surveyed_on", "-pk")
    latest = rows.distinct("household_id").values_list("household_id", "needs")
    return {household: tuple(needs) for household, needs in latest}
