"""Jurisdiction as a range of place codes.

A child's code starts with its parent's, so everything under a place is one range on an indexed column with C
collation: from the code itself up to, but not including, the code followed by ":" (the character after "9").
"""

from collections.abc import Iterable

from django.db.models import Q

LEVEL_BY_LENGTH = {0: "country", 2: "province", 4: "prefecture", 6: "county", 9: "township", 12: "village", 15: "group"}
LENGTH_OF_COUNTY = 6
PARENT_LENGTH = {2: 0, 4: 2, 6: 4, 9: 6, 12: 9, 15: 12}


def within(field: str, code: str) -> Q:
    """Rows whose ``field`` lies in the place ``code`` (itself included); the empty code is the whole country."""
    if not code:
        return Q()
    return Q(**{f"{field}__gte": code, f"{field}__lt": f"{code}:"})


def within_any(field: str, codes: Iterable[str]) -> Q:
    """Rows within any of the places; no place at all matches nothing."""
    condition = Q(pk__in=[])
    for code in codes:
        condition |= within(field, code)
    return condition


def counties_of(field: str, codes: Iterable[str]) -> Q:
    """Rows whose ``field`` (the first six digits of a place code) is a county of one of the places, or lies in one;
    no place at all is the whole country. For indexes that begin with the county."""
    condition = Q()
    for code in codes:
        condition |= Q(**{field: code[:6]}) if len(code) >= LENGTH_OF_COUNTY else within(field, code)
    return condition


def covers(outer: str, inner: str) -> bool:
    """Whether the place ``outer`` contains the place ``inner``."""
    return inner.startswith(outer)


def ancestors(code: str) -> list[str]:
    """Codes of the places above ``code``, province first."""
    return [code[:length] for length in sorted(PARENT_LENGTH) if length < len(code)]


def parent(code: str) -> str:
    """Code of the place one level up; empty for a province."""
    return code[: PARENT_LENGTH[len(code)]]
