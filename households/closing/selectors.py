"""What the office looks at before it closes a year, and the years of its county with their state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.db.models.functions import Left
from django.urls import reverse

from households.closed.selectors import is_closed
from households.models import AnnualRecord, Assessment, Batch, LateFact, Spell, YearClosing
from households.register.years import calendar_year, years_with_data
from households.standing.opening import is_opening
from households.standing.services import in_year
from povreg.kit.scopes import COUNTY, within
from villages.models import Place, User
from villages.rights import Right


@dataclass(frozen=True)
class Item:
    """A line of the count sheet: how many there are, what to do about them, where they are listed."""

    code: str
    label: str
    count: int
    remedy: str
    url: str = ""


def missing_items(county: str, year: int) -> list[Item]:
    """The count sheet of a year: what should be there before it is closed."""
    query = urlencode({"place": county, "year": year})
    homes = f"{reverse('households')}?{query}"
    return [
        Item("record", "没有本年记录的户", _without_record(county, year).count(), "请补录年度记录。",
             f"{homes}&figure=recorded.no"),
        Item("unjudged", "没有评定的户", _unjudged(county, year), "请重新评定本县该年度。", f"{homes}&verdict=none"),
        Item("lists", "没有办结的名单", _open_lists(county, year).count(), "请办结或终止。",
             f"{reverse('procedures')}?{query}"),
        Item("opening", "没有结束建库期", int(is_opening(county)), "请先结束建库期，否则身份还会变动。"),
    ]  # fmt: skip


def _without_record(county: str, year: int) -> QuerySet[Assessment]:
    recorded = AnnualRecord.objects.filter(household=OuterRef("household"), year=year)
    return Assessment.objects.filter(within("village_id", county), ~Exists(recorded), year=year, counted=True)


def _unjudged(county: str, year: int) -> int:
    """Households that had a class in the year, lived on at the count day, and have no verdict of it."""
    judged = Assessment.objects.filter(household=OuterRef("household"), year=year)
    rows = Spell.objects.filter(in_year(year), within("village_id", county), ~Exists(judged))
    rows = rows.exclude(household__removed_on__lte=f"{year}-09-30")
    return rows.values("household_id").distinct().count()


def _open_lists(county: str, year: int) -> QuerySet[Batch]:
    return Batch.objects.open().filter(within("place_id", county), year=year)


def closings(user: User) -> QuerySet[YearClosing]:
    """The closed years of the counties a person may see, latest first."""
    rows = YearClosing.objects.visible_to(user).select_related("county", "closed_by")
    return rows.order_by("county_id", "-year")


def with_late_counts(rows: Sequence[YearClosing], user: User) -> None:
    """Put on each closing how many facts came after it, in one statement."""
    near: Any = LateFact.objects.visible_to(user).annotate(county=Left("village_id", COUNTY)).order_by()
    near = near.filter(county__in={row.county_id for row in rows}).values("county", "year")
    counts = {(row["county"], row["year"]): row["count"] for row in near.annotate(count=Count("pk"))}
    for row in rows:
        row.late = counts.get((row.county_id, row.year), 0)  # type: ignore[attr-defined]


def years_to_close(user: User) -> list[tuple[Place, list[int]]]:
    """The counties whose years a person may close, each with the years that have data, are over and are open."""
    counties = [code for code in user.places_with(Right.COUNTY_REVIEW) if len(code) == COUNTY]
    over = [year for year in years_with_data(user) if year < calendar_year()]
    found = [
        (place, [year for year in over if not is_closed(place.pk, year)])
        for place in Place.objects.filter(pk__in=counties).order_by("pk")
    ]
    return [(place, years) for place, years in found if years]
