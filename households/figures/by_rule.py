"""Figures that depend on the criteria set in force, which may differ from place to place."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import or_

from django.db.models import Q

from households.figures.parts import born
from povreg.kit.scopes import within, within_any
from villages.standards.rules import Thresholds, school_day
from villages.standards.selectors import thresholds_within


@dataclass(frozen=True)
class SchoolAge:
    """Who is of school age in a year; the sets in force are read once, when it is first asked."""

    year: int

    @cached_property
    def rules(self) -> list[tuple[str, Thresholds]]:
        return thresholds_within(self.year)

    def reached(self) -> Q:
        """Of school age on the school day."""
        day = school_day(self.year)
        return self._each(lambda low, until: born(low, until - 1, day))

    def outside(self) -> Q:
        """Younger or older."""
        day = school_day(self.year)
        return self._each(
            lambda low, until: born(until, None, day) | Q(birth_date__gt=day.replace(year=day.year - low))
        )

    def _each(self, condition: Callable[[int, int], Q]) -> Q:
        """The condition of every pair of ages where that pair holds."""
        places: dict[tuple[int, int], list[Q]] = defaultdict(list)
        for place, rule in self.rules:
            places[rule.school_from, rule.school_until].append(self._where(place))
        if len(places) == 1:
            return condition(*next(iter(places)))
        return reduce(or_, (reduce(or_, where) & condition(*ages) for ages, where in places.items()))

    def _where(self, place: str) -> Q:
        """Under a place, but not under one inside it that has a rule of its own."""
        inside = [other for other, _rule in self.rules if other != place and other.startswith(place)]
        here = within("village_id", place)
        return here & ~within_any("village_id", inside) if inside else here
