"""Jurisdiction as a range of place codes.

A child's code starts with its parent's, so everything under a place is one range on an indexed column with C
collation: from the code itself up to, but not including, the code followed by ":" (the character after "9").
"""

from collections.abc import Iterable
from itertools import pairwise

from django.db.models import Q

PROVINCE, PREFECTURE, COUNTY, TOWNSHIP, VILLAGE, GROUP = 2, 4, 6, 9, 12, 15
"""Digits of the code of a place of each level."""
LEVEL_BY_LENGTH = {
    0: "country",
    PROVINCE: "province",
    PREFECTURE: "prefecture",
    COUNTY: "county",
    TOWNSHIP: "township",
    VILLAGE: "village",
    GROUP: "group",
}
PARENT_LENGTH = {length: above for above, length in pairwise(LEVEL_BY_LENGTH)}
ABOVE_VILLAGES = (PROVINCE, PREFECTURE, COUNTY, TOWNSHIP)


def within(field: str, code: str) -> Q:
    """Rows whose ``field`` lies in the place ``code`` (itself included); the empty code is the whole country."""
    if not code:
        return Q()
    return Q(**{f"{field}__gte": code, f"{field}__lt": end_of(code)})


def end_of(code: str) -> str:
    """Where the range of a place's codes ends, itself not in it."""
    return f"{code}:"


def within_any(field: str, codes: Iterable[str]) -> Q:
    """Rows within any of the places; no place at all matches nothing."""
    condition = Q(pk__in=[])
    for code in codes:
        condition |= within(field, code)
    return condition


def counties_of(field: str, codes: Iterable[str]) -> Q:
    """Rows whose ``field`` (the digits of a county) is a county of one of the places, or lies in one;
    no place at all is the whole country. For indexes that begin with the county."""
    condition = Q()
    for code in codes:
        condition |= Q(**{field: county_of(code)}) if len(code) >= COUNTY else within(field, code)
    return condition


def covers(outer: str, inner: str) -> bool:
    """Whether the place ``outer`` contains the place ``inner``."""
    return inner.startswith(outer)


def ancestors(code: str) -> list[str]:
    """Codes of the places above ``code``, province first."""
    return [code[:length] for length in sorted(PARENT_LENGTH) if length < len(code)]


def county_of(code: str) -> str:
    """The code of the county that a place lies in; a place above counties gives itself."""
    return code[:COUNTY]


def township_of(code: str) -> str:
    """The code of the township that a place lies in; a place above townships gives itself."""
    return code[:TOWNSHIP]


def parent(code: str) -> str:
    """Code of the place one level up; empty for a province."""
    return code[: PARENT_LENGTH[len(code)]]
