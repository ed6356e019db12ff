"""The rows figures look at: registered households, and the people who count in a year, with their rows of that year."""

from collections.abc import Iterable
from functools import reduce
from operator import or_

from django.db.models import FilteredRelation, Q, QuerySet

from households.figures.frozen import frozen_households, frozen_people, is_frozen
from households.models import Member
from households.register.years import born_by, lived_in
from households.standing.selectors import counts_for
from povreg.kit.scopes import within
from villages.models import User
from villages.rights import Right
from villages.rights.scope import Scope


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
    if is_frozen(year):
        return joined_households(frozen_households(rows, year), year)
    return joined_households(rows.filter(counts_for(year)), year)


def under(field: str, places: Iterable[str]) -> Q:
    """Rows under one of the places; no place at all is anywhere."""
    return reduce(or_, (within(field, place) for place in places), Q())


def with_their_year(rows: QuerySet, year: int, places: Iterable[str] = ()) -> QuerySet:
    """Of members those who lived somewhere on 30 September, as in the verdicts, with ``lived``, their presence on that
    day (it names the household that counts them), and ``its``, their row of the year (households.eligibility.sql counts
    the same).

    ``places`` where they lived, if it is known: only rows under them are looked at, not the country's."""
    if is_frozen(year):
        return frozen_people(rows, year)
    places = list(places)
    there = lived_in(year) & under("presences__village_id", places)
    here = Q(years__year=year) & under("years__village_id", places)
    rows = rows.annotate(lived=FilteredRelation("presences", condition=there)).filter(
        born_by(year), lived__isnull=False
    )
    return rows.annotate(its=FilteredRelation("years", condition=here))


def counted(rows: QuerySet, year: int) -> QuerySet:
    """Of members those who lived in a household that figures of a year count, with ``lived`` and ``its``."""
    if is_frozen(year):
        return frozen_people(rows, year).filter(lived__counted=True)
    return with_their_year(rows, year).filter(counts_for(year, "lived__household"))


LIVED = Scope(place="lived__village_id", household="lived__household_id", right=Right.HOUSEHOLD_VIEW)
"""Who may see the people of a year: who sees the household that counts them."""


def counted_people(user: User, year: int) -> QuerySet:
    """The people who count in a year, of the households a user may see."""
    return counted(Member.objects.all(), year).filter(LIVED.rows(user))
