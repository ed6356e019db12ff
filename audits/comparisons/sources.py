"""The kinds of departments' lists and the negative list (硬伤户, 七清四严): data, with what a hit says.

A hit of severity E asks for removal to be looked into, W for a strict review, N only says that two registers differ.
None removes anybody: that is the business of a list and its procedure (policy.md 10.8).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).parents[1] / "data" / "negative_list.json"


@dataclass(frozen=True)
class Source:
    """A kind of list. ``says`` is what a hit says, ``keeps`` the columns beside name and number that are kept sealed,
    ``where`` SQL (member ``m``, his yearly row ``y``, household ``h``) that must hold for a hit."""

    code: str
    label: str
    department: str
    severity: str
    says: str
    advice: str
    source: str
    keeps: tuple[str, ...]
    where: str = ""
    present: bool = False


@cache
def sources() -> Mapping[str, Source]:
    """By code, in the order of the file."""
    rows = json.loads(FILE.read_text())
    return {row["code"]: Source(**row | {"keeps": tuple(row["keeps"])}) for row in rows}


def label_of(code: str) -> str:
    found = sources().get(code)
    return found.label if found else code


def says(code: str) -> str:
    found = sources().get(code)
    return found.says if found else code
