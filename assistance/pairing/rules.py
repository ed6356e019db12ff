"""What pairing goes by, as data (assistance/data/pairing.json): how many households a helper of a rank may take, what a
team must be, which trades answer which causes and needs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from assistance.models import PairingLimit

DATA = Path(__file__).resolve().parent.parent / "data" / "pairing.json"


@dataclass(frozen=True)
class Limit:
    """A rank, the words by which a cadre's rank is known to be it, and how many households are the most."""

    rank: str
    words: tuple[str, ...]
    most: int


@dataclass(frozen=True)
class Trade:
    """Words of a unit's name, the causes of poverty and the needs that such a unit can do something about."""

    words: tuple[str, ...]
    causes: frozenset[str]
    needs: frozenset[str]


@dataclass(frozen=True)
class TeamRule:
    """What a resident team must be (policy.md 8.2; policy-2026.md 11)."""

    least_members: int
    least_years: int
    days_a_year: int


@cache
def _read() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(DATA.read_text(encoding="utf-8"))
    return found


@cache
def shipped_limits() -> tuple[Limit, ...]:
    return tuple(Limit(row["rank"], tuple(row["words"]), row["most"]) for row in _read()["limits"])


def most_of_all() -> int:
    """No helper takes more than this, whatever his rank (policy.md 8.4)."""
    return int(_read()["most_of_all"])


@cache
def trades() -> tuple[Trade, ...]:
    return tuple(
        Trade(tuple(row["words"]), frozenset(row["causes"]), frozenset(row["needs"])) for row in _read()["trades"]
    )


@cache
def team_rule() -> TeamRule:
    row = _read()["team"]
    return TeamRule(row["least_members"], row["least_years"], row["days_a_year"])


def limits_of(county: str) -> Mapping[str, int]:
    """How many households a helper of each rank may take in a county."""
    own = dict(PairingLimit.objects.filter(place_id=county).values_list("rank", "most"))
    return {limit.rank: own.get(limit.rank, limit.most) for limit in shipped_limits()}


def rank_of(said: str) -> str:
    """The rank a cadre's words name; the last one where they name none."""
    for limit in shipped_limits():
        if any(word in said for word in limit.words):
            return limit.rank
    return shipped_limits()[-1].rank


def trade_of(unit: str) -> Trade | None:
    """What a unit of this name can do something about."""
    return next((trade for trade in trades() if any(word in unit for word in trade.words)), None)


def answers(trade: Trade | None, cause: str, needs: Iterable[str]) -> bool:
    """Whether a unit of the trade can do something about the cause or one of the needs."""
    return trade is not None and (cause in trade.causes or bool(trade.needs & set(needs)))
