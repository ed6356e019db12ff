"""Which entries of the catalogue hold at a place on a day."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from decimal import Decimal

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce, Length
from django.utils import timezone

from assistance.models import CatalogueItem
from assistance.models.catalogue import Per, tiers_in
from povreg.kit.scopes import COUNTY, ancestors
from villages.models import User

Level = CatalogueItem.Level


def held_at(code: str) -> Q:
    """Shipped rows and those of the places around ``code``."""
    return Q(place__isnull=True) | Q(place_id__in=[*ancestors(code), code])


def versions_at(code: str) -> QuerySet[CatalogueItem]:
    """Every version of every entry that is known at a place, of one code the one that goes before others last."""
    rows = CatalogueItem.objects.filter(held_at(code)).annotate(nearness=Coalesce(Length("place_id"), 0))
    return rows.order_by("code", "nearness", "starts_on")


def holding(versions: Iterable[CatalogueItem], day: date) -> dict[str, CatalogueItem]:
    """Of :func:`versions_at` what holds on a day, by code; of two versions the most specific one."""
    newest = {row.code: row for row in versions if row.starts_on <= day}
    return {code: row for code, row in newest.items() if row.ends_on is None or row.ends_on >= day}


def in_force(code: str, day: date | None = None) -> list[CatalogueItem]:
    """The entries that hold at a place on a day (today), by code; of two versions the most specific one."""
    day = day or timezone.localdate()
    return list(holding(versions_at(code).filter(starts_on__lte=day), day).values())


class CountyCatalogue:
    """The measures that may be given in a county on any day, read once: for who notes many."""

    def __init__(self, county: str) -> None:
        self._versions = list(versions_at(county).filter(level=Level.MEASURE))
        self._held: dict[date, dict[str, CatalogueItem]] = {}

    def on(self, day: date) -> Mapping[str, CatalogueItem]:
        """The measures of a day by code."""
        if day not in self._held:
            self._held[day] = holding(self._versions, day)
        return self._held[day]


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


def per_words(item: CatalogueItem) -> str:
    """每户, 每亩; nothing where the whole amount is meant."""
    return f"每{item.unit}" if item.per == Per.UNIT else item.get_per_display() if item.per else ""


def tiers_words(item: CatalogueItem) -> str:
    """每人 8,000 元（一般贫困户）、16,000 元（深度贫困户）."""
    said = "、".join(f"{yuan:,.0f} 元（{label}）" for label, yuan in tiers_in(item.tiers).items())
    return f"{per_words(item)} {said}".strip()


def limits_words(item: CatalogueItem) -> str:
    """每户 300—900 元; nothing where the amount is free."""
    if item.tiers:
        return tiers_words(item)
    low, high = (f"{value:,.0f}" if value is not None else "" for value in bounds_of(item))
    if not low and not high:
        return ""
    per = per_words(item)
    if low == high:
        return f"{per} {low} 元".strip()
    if low and high:
        return f"{per} {low}—{high} 元".strip()
    return f"{per}不超过 {high} 元" if high else f"{per}不低于 {low} 元"
