"""When and by whom records were changed: at night before an approval, in bulk, by one account."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from audits.detection.signs.chance import Floats, Sign, sums, unusual_counts

NIGHT_FROM, NIGHT_TO = 22, 6
"""Hours of the county's clock between which offices sleep."""
DAYS_BEFORE = 3
"""Days before an approval in which a correction wants a second look."""
BULK_MINUTES, BULK = 10.0, 8
"""So many records of different households changed by one account within so many minutes are not typed."""
LEAST = 4
"""Changes under which a village or account is not judged."""


@dataclass(frozen=True)
class Edits:
    """Changes of income records: of which group (village or account), by whom, at which hour, at which minute (counted
    from anywhere), how many days before the next approval of the village (nan: none), of which household."""

    group: Floats
    account: Floats
    hour: Floats
    minute: Floats
    days_before: Floats
    household: Floats

    @property
    def night(self) -> Floats:
        return (self.hour >= NIGHT_FROM) | (self.hour < NIGHT_TO)

    @property
    def late(self) -> Floats:
        """Whether an approval followed within days."""
        return self.days_before <= DAYS_BEFORE  # nan is not


def edits(found: Edits, groups: int) -> dict[str, Sign]:
    """The signs by group, with the households changed. Each look is compared with the county: where everybody corrects
    late before a deadline, that alone is no news."""
    return {
        "night": looked(found, found.night, groups),
        "night_before": looked(found, found.night & found.late, groups),
        "just_before": just_before(found, groups),
        "bulk": in_bulk(found, groups),
    }


def just_before(found: Edits, groups: int) -> Sign:
    return looked(found, found.late, groups)


def in_bulk(found: Edits, groups: int) -> Sign:
    return looked(found, bulk(found.account, found.minute, found.household), groups)


def looked(found: Edits, marked: Floats, groups: int) -> Sign:
    count = sums(found.group, groups, marked.astype(float))
    size = sums(found.group, groups)
    p, expected = unusual_counts(count, size, LEAST)
    rows: dict[int, list[int]] = {}
    for row in np.flatnonzero(marked):
        rows.setdefault(int(found.group[row]), []).append(int(found.household[row]))
    return Sign(p, count, expected, size >= LEAST, {each: list(dict.fromkeys(some)) for each, some in rows.items()})


def bulk(account: Floats, minute: Floats, household: Floats) -> Floats:
    """Which changes stand in a run of BULK households by one account within BULK_MINUTES."""
    order = np.lexsort((minute, account))
    marked = np.zeros(len(order), dtype=bool)
    if len(order) < BULK:
        return marked
    who, when, whose = account[order], minute[order], household[order]
    first, last = slice(None, len(order) - BULK + 1), slice(BULK - 1, None)
    starts = np.flatnonzero((who[first] == who[last]) & (when[last] - when[first] <= BULK_MINUTES))
    for start in starts:
        run = slice(start, start + BULK)
        if len(np.unique(whose[run])) == BULK:
            marked[order[run]] = True
    return marked
