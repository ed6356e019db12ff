"""The rows figures look at: registered households, and the people who count in a year, with their rows of that year."""

from typing import Any

from django.db.models import FilteredRelation, Q, QuerySet

from households.models import Member
from households.register.years import reference_day


def joined_households(rows: QuerySet, year: int) -> QuerySet:
    """Households with ``record`` and ``judged``: their record and their verdict of a year. A join that no condition
    asks for is not made."""
    return rows.annotate(
        record=FilteredRelation("annual_records", condition=Q(annual_records__year=year)),
        judged=FilteredRelation("assessments", condition=Q(assessments__year=year)),
    )


def with_their_year(rows: QuerySet, year: int) -> QuerySet:
    """Of members those who are with their household on 30 September, as in the verdicts, with ``its``, their row of
    the year (households.eligibility.sql counts the same)."""
    day = reference_day(year)
    left, joined = Q(left_on__isnull=True) | Q(left_on__gt=day), Q(joined_on__isnull=True) | Q(joined_on__lte=day)
    return rows.filter(left, joined).annotate(its=FilteredRelation("years", condition=Q(years__year=year)))


def counted(rows: QuerySet, year: int) -> QuerySet:
    """Of members those of registered households who count in a year, with ``its``."""
    return with_their_year(rows, year).filter(household__removed_on__isnull=True, household__candidate=False)


def counted_people(user: Any, year: int) -> QuerySet:
    """The people a user may see who count in a year."""
    return counted(Member.objects.visible_to(user), year)
