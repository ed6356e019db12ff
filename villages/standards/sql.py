"""Which set and which line are in force, as SQL for statements over sets of villages; the parameter is ``year``.

The same choice as :mod:`villages.standards.selectors` makes for one place.
"""

# ruff: noqa: S608 - the text is put together from declarations in this package only

from villages.standards.selectors import LATER_FIRST

_HOLDS = "({village} LIKE {row}.place_id || '%%' OR {row}.place_id IS NULL)"


def _latest(row: str) -> str:
    """Of rows of one place the one that counts, as ORDER BY has it."""
    return ", ".join(f"{row}.{name.removeprefix('-')} DESC" for name in LATER_FIRST)


def set_in_force(village: str) -> str:
    """A lateral row of the set that judges a village (SQL expression) in the year: id, criteria, params."""
    return f"""(SELECT s.id, s.criteria, s.params FROM villages_criteriaset s
        WHERE s.is_active AND s.year_from <= %(year)s AND (s.year_to IS NULL OR s.year_to >= %(year)s)
        AND {_HOLDS.format(village=village, row="s")}
        ORDER BY length(s.place_id) DESC NULLS LAST, {_latest("s")} LIMIT 1)"""


def line_in_force(kind: str, village: str) -> str:
    """A lateral row of the line of a kind for a village (SQL expressions) and the year: id, amount."""
    return f"""(SELECT l.id, l.amount FROM villages_povertyline l
        WHERE l.kind = {kind} AND l.year = %(year)s AND l.withdrawn_at IS NULL
        AND {_HOLDS.format(village=village, row="l")}
        ORDER BY length(l.place_id) DESC NULLS LAST, l.id DESC LIMIT 1)"""
