"""Whom the search box of the list of people finds; what is typed is read as on the household list."""

from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Left

from households.find.search import Kind, Search
from households.models import Household, Member
from povreg.kit.crypto import lookup_hash
from povreg.kit.idnumber import upgrade
from povreg.kit.scopes import COUNTY, counties_of
from villages.models import User


def narrow(rows: QuerySet, user: User, search: Search, places: list[str]) -> QuerySet:
    """The people that ``search`` finds among ``rows``: by name, pinyin, phone or paper of their own; by the number of
    the person or the beginning of that of the household. Each starts from an index, not from the list."""
    return rows.filter(pk__in=_found(Member.objects.visible_to(user).order_by(), search, places).values("pk"))


def _found(people: Any, search: Search, places: list[str]) -> QuerySet:
    if search.kind == Kind.NAME:
        return people.named(search.value, places)
    if search.kind == Kind.PINYIN:
        return people.spelled(search.value, places)
    if search.kind == Kind.PHONE:
        wanted = lookup_hash(search.value)
        return people.filter(Q(phone_hash=wanted) | Q(household__in=_homes(phone_hash=wanted)))
    homes = _homes(places, household_no__startswith=search.value)
    if search.kind == Kind.ID:
        return people.filter(Q(id_hash__in=_papers(search.value)) | Q(household__in=homes))
    return people.filter(household__in=homes)


def _papers(number: str) -> list[str]:
    """Hashes under which a paper may be kept: as typed, the identity number in a certificate, the one of 15 digits."""
    papers = {number, number[:18], *([upgrade(number)] if len(number) == 15 else [])}
    return [lookup_hash(each) for each in sorted(papers)]


def _homes(places: list[str] | None = None, **wanted: str) -> QuerySet:
    rows = Household.objects.order_by().filter(**wanted)
    if places is not None:
        rows = rows.alias(county=Left("village_id", COUNTY)).filter(counties_of("county", places))
    return rows.values("pk")
