"""The counties of a person and how far the opening of their registers is."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet

from households.models import OpeningStock
from households.standing.opening import count_sheet
from povreg.kit.scopes import COUNTY, county_of, within_any
from villages.models import Place, User
from villages.rights import Right


def counties(user: User) -> QuerySet[Place]:
    """The counties of the person's postings that let him see the jobs of an office, by code."""
    codes = user.places_with(Right.JOB_VIEW_ALL)
    own = {county_of(code) for code in codes if len(code) >= COUNTY}
    above = [code for code in codes if len(code) < COUNTY]
    rows = Place.objects.filter(level=Place.Level.COUNTY)
    found = rows.filter(pk__in=own)
    return (found | rows.filter(within_any("code", above)) if above else found).order_by("pk")


def put_stock(rows: Sequence[Any], user: Any) -> None:
    """Put ``stock`` on counties: their row of the opening, or None while it goes on and nobody touched it."""
    known = {each.county_id: each for each in OpeningStock.objects.filter(pk__in=[row.pk for row in rows])}
    for row in rows:
        row.stock = known.get(row.pk)


def counts_of(county: Place) -> dict[str, Any]:
    """The count sheet: as it was signed, or as it would be today."""
    stock = OpeningStock.objects.filter(pk=county.pk).select_related("closed_by").first()
    return stock.counts if stock and stock.closed_on else count_sheet(county.pk)
