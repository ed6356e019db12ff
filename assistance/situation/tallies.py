"""The counts that dashboards read (:class:`~assistance.models.AssistanceTally`): taken in a few grouped statements by
the same conditions as the lists, read back by the places below."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any

from django.db import transaction
from django.db.models import Count, Max, Q, QuerySet, Sum
from django.db.models.functions import ExtractYear, Left
from django.utils import timezone

from assistance.models import AssistanceTally, Measure, Project
from assistance.situation.selectors import Numbers, by_village
from households.eligibility.selectors import counties
from households.models import Household
from households.register.homes import villages_of
from povreg.jobs.gathering import gather
from povreg.kit.locks import hold
from povreg.kit.prepared import Ready
from povreg.kit.scopes import COUNTY, within

At = Callable[[str], Q]
COUNT_PLACES = "assistance.count_places"
SUMS = tuple(
    field.name for field in AssistanceTally._meta.concrete_fields if field.name not in ("id", "place", "year", "as_of")
)
"""The figures of a row; places are added up by them."""
NOTHING: Numbers = dict.fromkeys(SUMS, 0)


def recount(places: Collection[str]) -> None:
    """Count these places anew, and nothing else. Call it where everything is seen."""
    for county in sorted({code[:COUNTY] for code in places}):
        here = [code for code in places if code.startswith(county)]
        _write(county, lambda name, here=here: Q(**{f"{name}__in": here}))  # type: ignore[misc]


def recount_county(county: str) -> None:
    """Count a county with everything in it anew. Call it where everything is seen."""
    _write(county, lambda name: within(name, county))


def recount_all() -> int:
    """Every county, as each night: what is due changes with the day. How many there were."""
    codes = counties()
    for code in codes:
        recount_county(code)
    return len(codes)


def after_register(household_ids: list[int], left: list[str], year: int | None) -> None:
    """Who was taken in, moved or left counts elsewhere or otherwise: a worker counts these villages anew, so that a
    save at entry does not wait for it. Facts of one year alone change nothing here."""
    if year is None:
        villages = {*villages_of(household_ids).values(), *left}
        gather(COUNT_PLACES, villages)


def _write(county: str, at: At) -> None:
    with transaction.atomic():
        hold("assistance-tally", county)
        found = figures(at)
        AssistanceTally.objects.filter(at("place_id")).delete()
        now = timezone.now()
        AssistanceTally.objects.bulk_create(
            AssistanceTally(place_id=place, year=year, as_of=now, **values) for (place, year), values in found.items()
        )


def figures(at: At) -> dict[tuple[str, int], Numbers]:
    """The figures by place and year. Visits, plans and helpers are today's and stand in the running year."""
    found: dict[tuple[str, int], Numbers] = defaultdict(dict)
    today = timezone.localdate().year
    for row in by_village(Household.objects.filter(at("village_id")).registered()):
        found[row.pop("at"), today].update(row)
    for row in given(at):
        found[row.pop("village_id"), row.pop("year")].update(row)
    for row in money(at):
        found[row.pop("place_id"), row.pop("year")].update(row)
    return {key: {name: value or 0 for name, value in row.items()} for key, row in found.items()}


def given(at: At) -> list[Numbers]:
    rows = Measure.objects.standing().filter(at("village_id")).order_by()
    grouped = rows.annotate(year=ExtractYear("delivered_on")).values("village_id", "year")
    homes = Count("household", distinct=True)
    return list(grouped.annotate(measures=Count("pk"), given_to=homes, spent=Sum("amount")))


def money(at: At) -> list[Numbers]:
    rows = Project.objects.filter(at("place_id")).order_by()
    rows = rows.exclude(state__in=(Project.State.RETURNED, Project.State.STOPPED))
    sums = rows.values("place_id", "year").annotate(given=Sum("allocated"), got=Sum("paid"), want=Sum("budget"))
    return [
        {"place_id": row["place_id"], "year": row["year"], "asked": row["want"], "allocated": row["given"],
         "paid": row["got"]}
        for row in sums
    ]  # fmt: skip


def read(place: str, year: int, below: int) -> tuple[dict[str, Numbers], datetime | None]:
    """The figures of a year by the places below a place (codes of ``below`` digits; what belongs to the place itself
    under its own code), and since when they hold. One statement over counts."""
    found, moments = {}, []
    for at, as_of, *sums in _sums_below(below)(place, year):
        found[at] = dict(zip(SUMS, sums, strict=True))
        moments.append(as_of)
    return found, min(moments, default=None)


@cache
def _sums_below(digits: int) -> Ready:
    """The figures of a year under a place, by the first so many digits of the code."""

    def rows(place: str, year: int) -> QuerySet[Any, Any]:
        found = AssistanceTally.objects.filter(within("place_id", place), year=year).order_by()
        grouped = found.annotate(at=Left("place_id", digits)).values("at")
        sums = {f"{name}_": Sum(name) for name in SUMS}
        return grouped.annotate(as_of_=Max("as_of"), **sums).order_by("at").values_list("at", "as_of_", *sums)

    return Ready(rows, str, int, alike=False)


def added(rows: Collection[Numbers]) -> Numbers:
    return {name: sum((row[name] for row in rows), start=Decimal(0) if name in MONEY else 0) for name in SUMS}


MONEY = frozenset({"spent", "asked", "allocated", "paid"})
