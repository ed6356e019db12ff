"""What a pair costs, and why: travel, whether the unit can do something about the need, whom the household has now.

Each part is a number that can be told; the solver only sees their sum. Smaller is better.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assistance.pairing.matching.solver import Matrix
from assistance.pairing.rules import Trade, answers
from povreg.kit.scopes import TOWNSHIP

HERE, NEAR, FAR = 0.0, 1.0, 3.0
"""Same village, same township, farther."""
NO_ANSWER = 1.5
"""The helper's unit can do nothing about what the household needs."""
STRANGER = 1.0
"""Somebody else helps the household now, or nobody does: existing pairs are kept where good."""
URGENT = 50.0
"""What leaving out a household costs more where it is poor or at risk: they go first where room is short."""


@dataclass(frozen=True)
class Home:
    """A household to be matched; ``urgent``: poor, or monitored with the risk there."""

    pk: int
    village: str
    cause: str
    needs: tuple[str, ...]
    urgent: bool
    helper: int | None = None


@dataclass(frozen=True)
class Hand:
    """A helper with room for ``room`` households, working at ``place``."""

    pk: int
    name: str
    place: str
    trade: Trade | None
    room: int


def matrix(homes: Sequence[Home], hands: Sequence[Hand]) -> Matrix:
    """The cost of every pair."""
    costs = np.zeros((len(homes), len(hands)))
    places = np.array([hand.place for hand in hands])
    towns = np.array([hand.place[:TOWNSHIP] for hand in hands])
    wide = np.array([len(hand.place) <= TOWNSHIP for hand in hands])
    keys = np.array([hand.pk for hand in hands])
    fits: dict[tuple[str, tuple[str, ...]], Matrix] = {}
    for row, home in enumerate(homes):
        same_town = towns == home.village[:TOWNSHIP]
        near = np.where(places == home.village, HERE, np.where(same_town, np.where(wide, HERE + 0.5, NEAR), FAR))
        asked = home.cause, home.needs
        if asked not in fits:
            fits[asked] = np.array([0.0 if answers(hand.trade, *asked) else NO_ANSWER for hand in hands])
        costs[row] = (
            near + fits[asked] + np.where(keys == home.helper, 0.0, STRANGER) - (URGENT if home.urgent else 0.0)
        )
    return costs


def reasons(home: Home, hand: Hand) -> str:
    """Why this helper, in words."""
    if hand.place == home.village:
        said = ["就在本村"]
    elif hand.place[:TOWNSHIP] == home.village[:TOWNSHIP]:
        said = ["在本乡镇"]
    else:
        said = ["不在本乡镇，路程较远"]
    if answers(hand.trade, home.cause, home.needs):
        said.append("单位职能对应该户的需求")
    if hand.pk == home.helper:
        said.append("保留现有结对")
    if home.urgent:
        said.append("该户优先安排")
    return "；".join(said)
