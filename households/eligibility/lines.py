"""The line that a county still owes for a year: asked of its office each January, never made up."""

from django.core.cache import caches

from povreg.kit.scopes import county_of
from villages.models import PovertyLine
from villages.periods.selectors import era_of
from villages.standards.selectors import line_for

KEEP = 60  # seconds


def line_owed(year: int, county: str) -> str:
    """The kind of line that judges a county in a year, where it has none; empty where it has one. Kept by each process
    for a minute: every workbench of an office asks."""
    cache, key = caches["process"], f"line-owed:{county}:{year}"
    found: str | None = cache.get(key)
    if found is None:
        kind = era_of(year, county).line
        found = "" if line_for(kind, year, county) else kind
        cache.set(key, found, KEEP)
    return found


def forget_lines(place: str, year: int) -> None:
    """A line of a place was entered or withdrawn: this process asks anew."""
    caches["process"].delete(f"line-owed:{county_of(place)}:{year}")


def line_label(kind: str) -> str:
    return str(PovertyLine.Kind(kind).label)
