"""What a report is asked for: where, which year, what stands in the rows, narrowed to whom."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse

from households.closed.selectors import FrozenYear, closed_counties
from households.figures.dimensions import HOUSEHOLD
from households.figures.frozen import is_frozen
from households.figures.joined import counted, counted_households
from households.figures.parts import OF_PERSON
from households.figures.rows import narrow_households, narrow_people
from households.models import Household, Member
from povreg.kit.scopes import COUNTY, PARENT_LENGTH, VILLAGE, county_of, within, within_any
from povreg.overview.reports.declared import FILTERS, Report
from villages.models import Place, User
from villages.rights import Right
from villages.rights.scope import Scope

PLACES = "place"
"""Rows are the places below."""
ITEMS = "item"
"""Rows are the items of a worksheet."""
COUNTED = {  # who may see a count of them
    False: Scope(place="village_id", household="pk", right=Right.DASHBOARD_VIEW),
    True: Scope(place="lived__village_id", household="lived__household_id", right=Right.DASHBOARD_VIEW),
}


def village_of(*, people: bool) -> str:
    """The path of the village's code: people count where they lived."""
    return COUNTED[people].place


@dataclass(frozen=True)
class Asked:
    """A report at a place and year.

    ``rows`` is PLACES, ITEMS or the code of a dimension; ``show`` what the columns of items show; ``filters`` map a
    dimension of FILTERS to one of its buckets; ``linked`` says whether the reader may open the lists behind them.
    ``among`` and ``besides`` are counties of the place that alone are counted, or are not.
    """

    report: Report
    place: Place
    year: int
    rows: str = PLACES
    show: str = ""
    filters: Mapping[str, str] = field(default_factory=dict)
    linked: bool = True
    among: tuple[str, ...] = ()
    besides: tuple[str, ...] = ()

    def parts(self) -> list["Asked"]:
        """The same in two, where some counties of a wide place have closed the year: what was closed there, and what is
        known of the others; sums of both are those of the whole."""
        closed = tuple(closed_counties(self.place.pk, self.year)) if self.wide else ()
        if not closed:
            return [self]
        return [replace(self, year=FrozenYear(self.year), among=closed), replace(self, besides=closed)]

    @property
    def digits(self) -> int:
        """Digits of the places in the rows: one level below, a village itself."""
        return next((length for length, above in PARENT_LENGTH.items() if above == len(self.place.pk)), VILLAGE)

    @property
    def at_village(self) -> bool:
        return len(self.place.pk) >= VILLAGE

    @property
    def wide(self) -> bool:
        """Whether the place is larger than a county: counting takes seconds there."""
        return len(self.place.pk) < COUNTY

    @property
    def of_people(self) -> bool:
        return self.report.of == OF_PERSON

    @property
    def figures(self) -> list[str]:
        return [f"{dimension}.{bucket}" for dimension, bucket in self.filters.items()]

    def base(self, user: User, *, people: bool | None = None) -> QuerySet:
        """The rows that are counted: registered households, or the people of them who count in the year; ``people``
        says which, else the report."""
        people = self.of_people if people is None else people
        if self.frozen:
            return self._closed_base(people)
        seen, village = COUNTED[people].rows(user), self.village_of(people=people)
        here, open_counties = within(village, self.place.pk), ~within_any("village_id", self.besides)
        if people:
            near = Member.objects.filter(within("village_id", county_of(self.place.pk)), open_counties)
            return narrow_people(counted(near, self.year).filter(seen, here), self.figures, self.year)
        rows = counted_households(Household.objects.filter(seen, here, open_counties), self.year)
        return narrow_households(rows, self.figures, self.year, user) if self.figures else rows

    @property
    def frozen(self) -> bool:
        """Whether the year is closed at the place: then what was closed is counted, under the places of that day."""
        return is_frozen(self.year)

    def village_of(self, *, people: bool) -> str:
        """The column of the village that rows are counted in."""
        return f"{'lived' if people else 'closed'}__counted_in" if self.frozen else village_of(people=people)

    def _closed_base(self, people: bool) -> QuerySet:
        """The same of a closed year. Whoever sees figures of the place sees all of them: where a household lives now
        says nothing of it."""
        village = self.village_of(people=people)
        here = within_any(village, self.among or (self.place.pk,))
        if people:
            return narrow_people(counted(Member.objects.all(), self.year).filter(here), self.figures, self.year)
        rows = counted_households(Household.objects.all(), self.year).filter(here)
        return narrow_households(rows, self.figures, self.year, None) if self.figures else rows

    def behind(self, *figures: str, place: str = "", people: bool | None = None) -> str:
        """Address of the list behind a figure, as :meth:`base`; nothing for who may not open it."""
        if not self.linked:
            return ""
        query = [("place", place or self.place.pk), ("year", self.year)]
        query += [("figure", text) for text in (*self.figures, *figures)]
        people = self.of_people if people is None else people
        return f"{reverse('people' if people else 'households')}?{urlencode(query)}"

    def at(self, place: str, report: str = "") -> str:
        """Address of the same report at another place."""
        return self.address("report", report=report, place=place)

    def address(self, name: str, report: str = "", **changed: Any) -> str:
        """Address of the report as it is asked for, with some of it changed."""
        query = {"place": self.place.pk, "year": self.year, "rows": self.rows, "show": self.show, **self.filters}
        query |= changed
        code = report or self.report.code
        return f"{reverse(name, args=[code])}?{urlencode({key: value for key, value in query.items() if value})}"


def filters_of(given: Mapping[str, str]) -> dict[str, str]:
    """The filters of an address; what is none is left out."""
    chosen = {code: given.get(code, "") for code in FILTERS}
    return {code: bucket for code, bucket in chosen.items() if bucket in HOUSEHOLD[code].names()}
