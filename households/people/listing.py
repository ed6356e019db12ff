"""The list of the people who count in a year: the people behind the figures of reports, one row a person."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Case, QuerySet, Value, When

from households.closed.selectors import as_listed, is_closed
from households.eligibility.tallied import people_tallied
from households.figures.frozen import OF_PERSON, inside, is_frozen
from households.figures.joined import counted_people
from households.figures.rows import narrow_people
from households.find.paged import (
    COUNT_CAP,
    WIDE_CAP,
    WIDE_FOUND,
    ListPage,
    find_page,
)
from households.find.search import read
from households.models import CountedPerson, Member, MemberYear
from households.models.codes import HEAD
from households.people.search import narrow
from povreg.kit.masking import age_shown
from povreg.kit.scopes import COUNTY, county_of, within
from villages.models import User
from villages.rights import Right
from villages.standards.rules import count_day

SEALED = ("phone", "disability_cert")
HEAD_FIRST = Case(When(relation=HEAD, then=Value(0)), default=Value(1))


@dataclass(frozen=True)
class PeopleFilters:
    """``place`` a place code; ``figures`` of people and of households that must all hold (households.figures);
    ``search`` what was typed into the search box."""

    place: str = ""
    figures: tuple[str, ...] = ()
    search: str = ""


def people_list(user: User, filters: PeopleFilters, year: int) -> QuerySet:
    """The filtered people in order, not cut: household by household, the head first; beyond a county by village and
    name, which an index holds ready."""
    year = as_listed(user, year, filters.place)
    here = inside(filters.place, people=True) if is_frozen(year) else within("lived__village_id", filters.place)
    rows = counted_people(user, year).filter(here)
    rows = rows.filter(within("village_id", county_of(filters.place)))
    rows = narrow_people(rows, filters.figures, year)
    typed = read(filters.search)
    rows = narrow(rows, user, typed, _places(user, filters)) if typed else rows
    return _ordered(rows, user, filters)


def _ordered(rows: QuerySet, user: User, filters: PeopleFilters) -> QuerySet:
    if within_a_county(user, filters):
        return rows.order_by("village_id", "household__household_no", HEAD_FIRST, "person_no")
    return rows.order_by("village_id", "name")


def within_a_county(user: User, filters: PeopleFilters) -> bool:
    """Whether the list lies in counties, by filter or by the user's postings."""
    return all(len(code) >= COUNTY for code in _places(user, filters))


def _places(user: User, filters: PeopleFilters) -> list[str]:
    return [filters.place] if filters.place else user.places_with(Right.HOUSEHOLD_VIEW)


def people_page(user: User, filters: PeopleFilters, year: int, number: int = 1, size: int = 50) -> ListPage[Member]:
    """One page in three queries. A page that is none gives the nearest.

    Each row is a Member with ``facts`` (those of the year, else the current ones) and ``age`` on the count day."""
    wide = WIDE_FOUND if filters.search else WIDE_CAP
    cap = COUNT_CAP if within_a_county(user, filters) else wide
    found = find_page(people_list(user, filters, year), number, size, cap)
    chosen = readable(_ordered(Member.objects.filter(pk__in=found.ids), user, filters))
    everybody = found.capped and not filters.figures and not filters.search
    whole = people_tallied(user, filters.place, year) if everybody else None
    return ListPage(with_facts(chosen, year), found.number, found.pages, found.count, found.capped, whole)


def readable(rows: QuerySet) -> QuerySet:
    """People with household and places; what no list shows stays sealed."""
    related = rows.select_related("household", "village__parent")
    return related.defer(*SEALED, "household__phone", "household__bank_account")


def with_facts(rows: Iterable[Member], year: int) -> list[Member]:
    """Put the facts of the year and the age reached in the year on people, in one query."""
    people, day = list(rows), count_day(year)
    _as_closed(people, year)
    of_year = {
        row.member_id: row for row in MemberYear.objects.filter(member__in=[each.pk for each in people], year=year)
    }
    for each in people:
        each.facts = of_year.get(each.pk, each)  # type: ignore[attr-defined]
        each.age = age_shown(each.birth_date, day) if each.birth_date else None  # type: ignore[attr-defined]
    return people


def _as_closed(people: list[Member], year: int) -> None:
    """Give people the facts and the household with which a closed year counted them; shown, never saved."""
    if not people or not is_closed(people[0].village_id, year):
        return
    rows = CountedPerson.objects.filter(member__in=[each.pk for each in people], year=year).select_related("household")
    closed = {row.member_id: row for row in rows}
    for each in people:
        row = closed.get(each.pk)
        for name in SHOWN if row else ():
            setattr(each, name, getattr(row, name))


SHOWN = ("household", *(name for name in OF_PERSON if name != "village_id"))
"""What a closed row says of a person."""
