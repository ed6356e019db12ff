"""Whom the search box of the list of people finds; what is typed is read as on the household list."""

from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Left

from households.find.search import Kind, Search, people_found
from households.models import Household, Member
from povreg.kit.crypto import lookup_hash
from povreg.kit.scopes import COUNTY, counties_of
from villages.models import User


def narrow(rows: QuerySet, user: User, search: Search, places: list[str]) -> QuerySet:
    """The people that ``search`` finds among ``rows``: by name, pinyin, phone or paper of their own; by the number of
    the person or the beginning of that of the household. Each starts from an index, not from the list."""
    return rows.filter(pk__in=_found(Member.objects.visible_to(user).order_by(), search, places).values("pk"))


def _found(people: Any, search: Search, places: list[str]) -> QuerySet:
    if search.kind in (Kind.NAME, Kind.PINYIN, Kind.MASKED):
        return people_found(people, search, places)
    if search.kind == Kind.PHONE:
        wanted = lookup_hash(search.value)
        return people.filter(Q(phone_hash=wanted) | Q(household__in=_homes(phone_hash=wanted)))
    homes = _homes(places, household_no__startswith=search.value)
    if search.kind == Kind.ID:
        own = people_found(people, search, places).values("pk")
        return people.filter(Q(pk__in=own) | Q(household__in=homes))
    return people.filter(household__in=homes)


def _homes(places: list[str] | None = None, **wanted: str) -> QuerySet:
    rows = Household.objects.order_by().filter(**wanted)
    if places is not None:
        rows = rows.alias(county=Left("village_id", COUNTY)).filter(counties_of("county", places))
    return rows.values("pk")
