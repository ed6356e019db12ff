"""The exact size of a list behind one figure of a dashboard: lists are counted to a cap, the summaries know it all."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Sum

from households.eligibility.measures import BY_CODE
from households.eligibility.selectors import covers
from households.models import Tally
from villages.models import User
from villages.rights import Right

YES = {"borderline", "eligible"}
CODES = {name: name for name in ("verdict", "failed", "missing", "gap", "cause", "exit_status")} | {
    "attr": "household_attr"
}


def tallied(user: User, place: str, year: int, conditions: Mapping[str, Any]) -> int | None:
    """How many households of a place and year meet the conditions of a list (names as in an address of the list).

    None where the conditions are no single figure, or where the user does not see the whole place.
    """
    wanted = dict(conditions)
    poor = wanted.pop("poor", "")
    bucket = _bucket(wanted)
    if not place or bucket is None or not covers(user, Right.DASHBOARD_VIEW, place):
        return None
    rows = Tally.objects.filter(place_id=place, year=year, measure=bucket[0], bucket=bucket[1])
    rows = rows.filter(poor=poor == "yes") if poor else rows
    found: int | None = rows.aggregate(sum=Sum("households"))["sum"]
    return found


def people_tallied(user: User, place: str, year: int) -> int | None:
    """How many people the verdicts of a place and year count; None where the user does not see the whole place."""
    if not place or not covers(user, Right.DASHBOARD_VIEW, place):
        return None
    rows = Tally.objects.filter(place_id=place, year=year, measure="total")
    found: int | None = rows.aggregate(sum=Sum("people"))["sum"]
    return found


def _bucket(wanted: Mapping[str, Any]) -> tuple[str, str] | None:
    if not wanted:
        return "total", "all"
    if len(wanted) > 1:
        return None
    name, value = next(iter(wanted.items()))
    if name in YES:
        return name, "yes"
    if name in CODES:
        return CODES[name], value
    measure, _, bucket = value.partition(".") if name == "figure" else ("", "", "")
    return (measure, bucket) if measure in BY_CODE else None
