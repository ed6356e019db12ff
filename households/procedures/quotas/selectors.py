"""What the page of a place's quota shows: its own, those below it, and every difference that was ever given."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from households.models import Quota
from households.procedures.quotas.services import KIND
from povreg.kit.scopes import COUNTY, VILLAGE, within_any
from povreg.kit.values import names_of
from villages.models import Place, User, VillageProfile
from villages.rights import Right

SHOWN = 50  # latest changes


@dataclass(frozen=True)
class Change:
    """One version of a quota whose number was not the computed one."""

    at: Any
    who: str
    place: str
    computed: int
    amount: int
    reason: str


def places(user: User) -> QuerySet[Place]:
    """The counties, townships and villages whose figures the person may see."""
    inside = within_any("code", user.places_with(Right.DASHBOARD_VIEW))
    return Place.objects.visible_to(user).filter(inside, level__in=(3, 4, 5))


def first_place(user: User) -> str:
    """The widest place of a person's postings that can have a quota; empty when there is none."""
    codes = sorted(user.places_with(Right.DASHBOARD_VIEW), key=len)
    return next((code for code in codes if COUNTY <= len(code) <= VILLAGE), "")


def own(user: User, place: Place, year: int, kind: str = KIND) -> Quota | None:
    return (
        Quota.objects.visible_to(user).select_related("place", "by").filter(place=place, year=year, kind=kind).first()
    )


def below(user: User, place: Place, year: int, kind: str = KIND) -> list[tuple[Place, Quota | None]]:
    """Every place directly below with its quota, in two statements; a village has none."""
    if len(place.pk) >= VILLAGE:
        return []
    found = Quota.objects.visible_to(user).filter(place__parent=place, year=year, kind=kind)
    quotas = {row.place_id: row for row in found}
    return [(each, quotas.get(each.pk)) for each in place.children.current().order_by("pk")]


def populations(codes: list[str]) -> dict[str, int]:
    """Recorded population under each place; those without a record are left out."""
    rows = VillageProfile.objects.filter(within_any("village_id", codes)).exclude(population=None)
    found: dict[str, int] = {}
    length = len(codes[0]) if codes else 0
    for village, count in rows.values_list("village_id", "population"):
        found[village[:length]] = found.get(village[:length], 0) + (count or 0)
    return found


def total(rows: list[tuple[Place, Quota | None]]) -> Mapping[str, int]:
    there = [row for _, row in rows if row]
    return {"computed": sum(row.computed for row in there), "amount": sum(row.amount for row in there)}


def overrides(user: User, place: Place, year: int, kind: str = KIND) -> list[Change]:
    """Differences given to the place and those directly below it, the latest first, in three statements."""
    shown = [place.pk, *place.children.values_list("pk", flat=True)] if len(place.pk) < VILLAGE else [place.pk]
    seen = Quota.objects.visible_to(user).filter(place__in=shown, year=year, kind=kind)
    events = Quota.history.rel.related_model.objects  # type: ignore[attr-defined]
    rows = events.filter(pgh_obj_id__in=seen.values("pk"), confirmed_on=None).exclude(reason="")
    rows = list(rows.select_related("place").order_by("-pgh_id")[:SHOWN])
    names = names_of({row.by_id for row in rows})
    return [
        Change(row.pgh_created_at, names.get(row.by_id, ""), str(row.place), row.computed, row.amount, row.reason)
        for row in rows
    ]
