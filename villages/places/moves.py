"""What moves along when a village is merged or split.

Households lie above this layer: whoever keeps rows that carry a village code registers here, when the app starts
(``apps.py``), how those rows move.
"""

from collections.abc import Callable, Sequence
from typing import Any

from villages.models import User

Mover = Callable[[str, str, Sequence[int] | None, Any], int]
GroupFinder = Callable[[str, Sequence[str]], list[int]]

_movers: list[Mover] = []
_finders: list[GroupFinder] = []


def on_village_move(move: Mover, *, first: bool = False) -> Mover:
    """Register ``move(source_code, target_code, household_ids or None, by) -> households moved``.

    None moves every row of the village. It runs inside the verb's transaction; ``first``: before the others, for one
    that may refuse.
    """
    if move not in _movers:
        _movers.insert(0 if first else len(_movers), move)
    return move


def on_group_lookup(find: GroupFinder) -> GroupFinder:
    """Register ``find(village_code, group_names) -> household ids`` for splits by group (村民小组)."""
    if find not in _finders:
        _finders.append(find)
    return find


def move_rows(source: str, target: str, household_ids: Sequence[int] | None, by: User | None) -> int:
    """Move the rows of every registered app; returns the households moved."""
    return sum(move(source, target, household_ids, by) for move in _movers)


def households_of_groups(village: str, group_names: Sequence[str]) -> list[int]:
    """Ids of the households that live in the named groups of a village."""
    return sorted({pk for find in _finders for pk in find(village, group_names)})
