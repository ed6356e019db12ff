"""All signs over the facts of a county and year: what each says of each village, and what they say together."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from audits.detection.signs.bunching import bunching
from audits.detection.signs.chance import Floats, Sign, earned, together
from audits.detection.signs.copies import copies, repeated
from audits.detection.signs.crossing import carried_jumps, written_up
from audits.detection.signs.digits import last_digits
from audits.detection.signs.edits import Edits, edits
from audits.detection.signs.visits import Due, Visits, visits

STRONG, MIDDLE = 0.0005, 0.005
"""Probabilities among honest villages under which a kind is called strong, or middling."""
FLAGGED = 0.02
"""Of all kinds together, paid for by their number: so few honest villages are sent somebody to look."""
WEIGHTS = {"income": 2.0, "digits": 0.3}
"""Shares of the whole where they are not 1: lifted incomes leave little behind, digits are often mere habit."""
PART_WEIGHTS = {("income", "bunching"): 1.0, ("income", "carried"): 0.3, ("visits", "missing"): 2.0}
TRANSFERS = [3, 4, 5, 6, 7, 8]
"""Columns of the six transfer items among the ten."""


@dataclass(frozen=True)
class Facts:
    """What stands in the books of a county for a year. Rows of the first arrays are records of households: number of
    the village, persons, the ten items and those of the year before (nan: not recorded), net income a head by the line
    of this year, of the year before (nan: no record) and as the record said first (nan: never changed)."""

    villages: int
    village: Floats
    persons: Floats
    items: Floats
    items_before: Floats
    ratio: Floats
    before: Floats
    first: Floats
    visits: Visits | None = None
    due: Due | None = None
    edits: Edits | None = None
    more: dict[str, Sign] = field(default_factory=dict)


@dataclass(frozen=True)
class Judged:
    """Signs by kind, each with the looks it is made of; groups of copied households and digits for the pictures."""

    parts: dict[str, dict[str, Sign]]
    groups: dict[int, list[list[int]]]
    digits: Floats

    @cached_property
    def kinds(self) -> dict[str, Sign]:
        return {code: of_parts(code, parts) for code, parts in self.parts.items()}

    @cached_property
    def overall(self) -> Sign:
        kinds = list(self.kinds.values())
        return together(kinds, earned(kinds, [WEIGHTS.get(code, 1.0) for code in self.kinds]))


def of_parts(kind: str, parts: dict[str, Sign]) -> Sign:
    """One sign of the looks of a kind."""
    signs = list(parts.values())
    return together(signs, earned(signs, [PART_WEIGHTS.get((kind, code), 1.0) for code in parts]))


def judge(facts: Facts) -> Judged:
    """Look for every sign that the facts allow to look for."""
    copied, groups = copies(facts.village, facts.persons, facts.items, facts.villages)
    total = np.nansum(facts.items[:, :-1], axis=1) - np.nan_to_num(facts.items[:, -1])
    digits, table = last_digits(facts.village, np.where(np.isnan(facts.ratio), np.nan, total), facts.villages)
    again = repeated(facts.village, facts.items, facts.items_before, facts.villages)
    parts = {
        "income": income(facts),
        "copies": {"copied": copied, "repeated": again},
        "digits": {"digits": digits},
        **{code: {code: sign} for code, sign in facts.more.items()},
    }
    if facts.edits is not None:
        parts["edits"] = edits(facts.edits, facts.villages)
    if facts.visits is not None and facts.due is not None:
        parts["visits"] = visits(facts.visits, facts.due, facts.villages)
    return Judged(parts, groups, table)


def income(facts: Facts) -> dict[str, Sign]:
    """Whatever carries households just over the line."""
    village, ratio, before, villages = facts.village, facts.ratio, facts.before, facts.villages
    return {
        "bunching": bunching(village, ratio, before, villages, facts.items),
        "written_up": written_up(village, ratio, facts.first, villages),
        "carried": carried_jumps(village, facts.items, facts.items_before, ratio, before, TRANSFERS, villages),
    }


def level(p: float) -> str:
    """The word for a probability."""
    return "strong" if p < STRONG else "middle" if p < MIDDLE else "none"
