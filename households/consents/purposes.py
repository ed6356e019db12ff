"""The purposes for which a household's data are used, as data (households/data/purposes.json)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).parents[1] / "data" / "purposes.json"
QUERY = "query"
"""The purpose that an application's authorisation (承诺授权) consents to."""


@dataclass(frozen=True)
class Purpose:
    """``what`` is used, ``shared`` with whom; ``consent``: only because the household agreed, else by the law of
    ``basis``; ``paper``: the form on which it agrees."""

    code: str
    label: str
    what: str
    shared: str
    consent: bool
    basis: str
    paper: str


@cache
def purposes() -> dict[str, Purpose]:
    given = json.loads(FILE.read_text(encoding="utf-8"))
    return {row["code"]: Purpose(**row) for row in given}


def asked_for() -> list[tuple[str, str]]:
    """Code and label of those that need consent."""
    return [(each.code, each.label) for each in purposes().values() if each.consent]
