"""Who gets what on the workbench: subjects offer functions, one role at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from povreg.overview.workbench.board import Board, Due, Figure, Listing, Viewer
from villages.rights import Role

Offer = Callable[[Viewer], Sequence[Due | Figure | Listing]]
_offers: dict[Role, list[Offer]] = {role: [] for role in Role}


def offer(*roles: Role) -> Callable[[Offer], Offer]:
    """Function decorator: what the function finds due is shown to these roles, in the order of registration."""

    def register(found: Offer) -> Offer:
        for role in roles:
            _offers[role].append(found)
        return found

    return register


def board_of(user: Any, year: int) -> Board:
    """Everything due for the roles the person holds today, the most pressing first."""
    places: dict[Role, list[str]] = {}
    for role, code in user.postings_today():
        places.setdefault(role, []).append(code)
    board = Board()
    for role, codes in places.items():
        viewer = Viewer(user, role, tuple(sorted(codes)), year)
        for find in _offers[role]:
            board.add(find(viewer))
    board.dues.sort(key=lambda due: due.rank)
    return board
