"""Which entries of the catalogue hold at a place on a day."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from decimal import Decimal

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce, Length
from django.utils import timezone

from assistance.models import CatalogueItem
from assistance.models.catalogue import Per
from povreg.kit.scopes import COUNTY, ancestors
from villages.models import User

Level = CatalogueItem.Level


def held_at(code: str) -> Q:
    """Shipped rows and those of the places around ``code``."""
    return Q(place__isnull=True) | Q(place_id__in=[*ancestors(code), code])


def in_force(code: str, day: date | None = None) -> list[CatalogueItem]:
    """The entries that hold at a place on a day (today), by code; of two versions the most specific one."""
    day = day or timezone.localdate()
    rows = CatalogueItem.objects.filter(held_at(code), starts_on__lte=day).annotate(
        nearness=Coalesce(Length("place_id"), 0)
    )
    newest: dict[str, CatalogueItem] = {}
    for row in rows.order_by("code", "nearness", "starts_on"):
        newest[row.code] = row
    return [row for row in newest.values() if row.ends_on is None or row.ends_on >= day]


def measures_at(code: str, day: date | None = None) -> list[CatalogueItem]:
    """The measures (level 4) that may be given at a place on a day."""
    return [row for row in in_force(code, day) if row.level == Level.MEASURE]


def answering(items: Iterable[CatalogueItem], risks: Collection[str], causes: Collection[str]) -> list[CatalogueItem]:
    """Those that answer one of the risks or causes, the risks' first."""
    rest = list(items)
    first = [row for row in rest if set(row.risks) & set(risks)]
    return first + [row for row in rest if row not in first and set(row.causes) & set(causes)]


def tree_at(code: str) -> list[tuple[CatalogueItem, list[CatalogueItem]]]:
    """Each project with its measures, in order: how a page lets one choose."""
    rows = in_force(code)
    below: dict[str, list[CatalogueItem]] = {}
    for row in rows:
        if row.level == Level.MEASURE:
            below.setdefault(row.code[:4], []).append(row)
    return [(row, below[row.code]) for row in rows if row.level == Level.PROJECT and row.code in below]


def county_of_user(user: User) -> str:
    """The county (or what lies above it) whose catalogue a person works with."""
    return next((place[:COUNTY] for _role, place in user.postings_today()), "")


def versions_for(user: User) -> QuerySet[CatalogueItem]:
    """Every version of every entry that holds, held or will hold in the person's county."""
    return (
        CatalogueItem.objects.filter(held_at(county_of_user(user)))
        .select_related("place")
        .order_by("code", "starts_on", "pk")
    )


def counted_by(item: CatalogueItem, quantity: Decimal | None) -> Decimal:
    """By what an amount is divided before it is held against the limits."""
    return quantity or Decimal(1) if item.per in (Per.PERSON, Per.UNIT) else Decimal(1)


def bounds_of(item: CatalogueItem) -> tuple[Decimal | None, Decimal | None]:
    """The least and the most that one household, person or unit may get; None where the entry sets none."""
    return item.low, item.high


def limits_words(item: CatalogueItem) -> str:
    """每户 300—900 元; nothing where the amount is free."""
    low, high = (f"{value:,.0f}" if value is not None else "" for value in bounds_of(item))
    if not low and not high:
        return ""
    per = f"每{item.unit}" if item.per == Per.UNIT else item.get_per_display() if item.per else ""
    if low == high:
        return f"{per} {low} 元".strip()
    if low and high:
        return f"{per} {low}—{high} 元".strip()
    return f"{per}不超过 {high} 元" if high else f"{per}不低于 {low} 元"
