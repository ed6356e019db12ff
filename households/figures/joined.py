"""The rows figures look at: registered households, and the people who count in a year, with their rows of that year."""

from collections.abc import Iterable
from functools import reduce
from operator import or_

from django.db.models import FilteredRelation, Q, QuerySet

from households.models import Member
from households.register.years import counted_in
from households.standing.selectors import counts_for
from povreg.kit.scopes import within
from villages.models import User


def joined_households(rows: QuerySet, year: int, places: Iterable[str] = ()) -> QuerySet:
    """Households with ``record`` and ``judged``: their record and their verdict of a year. A join that no condition
    asks for is not made. ``places`` where the rows lie, if it is known."""
    places = list(places)
    recorded = Q(annual_records__year=year) & under("annual_records__village_id", places)
    assessed = Q(assessments__year=year) & under("assessments__village_id", places)
    return rows.annotate(
        record=FilteredRelation("annual_records", condition=recorded),
        judged=FilteredRelation("assessments", condition=assessed),
    )


def counted_households(rows: QuerySet, year: int) -> QuerySet:
    """Of households those that figures of a year count: who had a class on some day of it; with ``record`` and
    ``judged``."""
    return joined_households(rows.filter(counts_for(year)), year)


def under(field: str, places: Iterable[str]) -> Q:
    """Rows under one of the places; no place at all is anywhere."""
    return reduce(or_, (within(field, place) for place in places), Q())


def with_their_year(rows: QuerySet, year: int, places: Iterable[str] = ()) -> QuerySet:
    """Of members those who are with their household on 30 September, as in the verdicts, with ``its``, their row of
    the year (households.eligibility.sql counts the same).

    ``places`` where the rows lie, if it is known: only rows of the year under them are looked at, not the country's."""
    here = Q(years__year=year) & under("years__village_id", places)
    return rows.filter(counted_in(year)).annotate(its=FilteredRelation("years", condition=here))


def counted(rows: QuerySet, year: int) -> QuerySet:
    """Of members those of registered households who count in a year, with ``its``."""
    return with_their_year(rows, year).filter(counts_for(year, "household"))


def counted_people(user: User, year: int) -> QuerySet:
    """The people a user may see who count in a year."""
    return counted(Member.objects.visible_to(user), year)
