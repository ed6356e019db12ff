"""What figures are made of: buckets, dimensions, and the few ways to declare one.

A bucket is a condition on *joined rows* (households.figures.joined): a household with ``record`` and ``judged`` (its
record and its verdict of the year), or a counted member with ``its`` (the member's row of the year). The grouping of a
report and the list behind a cell both take this one condition, so they cannot differ. Conditions about rows of the year
are never negated: Django would look beyond the year's row.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from itertools import pairwise
from typing import Any

from django.db.models import Case, CharField, Q, Value, When

from households.figures.frozen import (
    OF_HOUSEHOLD as OF_HOUSEHOLD_CLOSED,
    OF_PERSON as OF_PERSON_CLOSED,
    frozen_condition,
    is_frozen,
)
from villages.codes.selectors import labels
from villages.standards.rules import count_day

NONE = "none"
NOT_RECORDED = "未登记"
OF_HOUSEHOLD, OF_PERSON = "household", "person"
SOME_YEAR = 2020  # codes and labels of buckets do not depend on it


@dataclass(frozen=True)
class Bucket:
    """One part of a dimension: its code in addresses, its label, the joined rows that are in it (a function where they
    depend on the standards in force or take long to put together: labels need not)."""

    code: str
    label: str
    condition: Q | Callable[[], Q]

    @property
    def rows(self) -> Q:
        return self.condition() if callable(self.condition) else self.condition


Build = Callable[[int], tuple[Bucket, ...]]
Where = Callable[..., Q]
"""Condition on one fact: ``where(exact="02")``, ``where(gte=1, lt=3)``."""


@dataclass(frozen=True)
class Dimension:
    """One way to split households or people into ordered buckets.

    Unless ``many`` every joined row is in exactly one of them: what is not recorded is in the bucket ``none``. ``note``
    says in the users' words what a reader must know (which year's fact it is, what is counted).
    """

    code: str
    label: str
    of: str
    build: Build
    many: bool = False
    note: str = ""

    def buckets(self, year: int) -> tuple[Bucket, ...]:
        """The buckets in order; ages are those of the count day of ``year``. Those of a closed year look at what was
        closed."""
        found = self.build(year)
        if not is_frozen(year):
            return found
        columns = OF_PERSON_CLOSED if self.of == OF_PERSON else OF_HOUSEHOLD_CLOSED
        return tuple(replace(each, condition=frozen_condition(each.rows, columns)) for each in found)

    def bucket(self, code: str, year: int) -> Bucket | None:
        return next((each for each in self.buckets(year) if each.code == code), None)

    def names(self) -> dict[str, str]:
        """Code of every bucket to its label, in order."""
        return {each.code: each.label for each in self.build(SOME_YEAR)}

    def case(self, year: int) -> Case:
        """The bucket's code of a joined row, for GROUP BY. Raises TypeError for a dimension with many."""
        if self.many:
            raise TypeError(f"{self.code}: a row may be in several buckets")
        whens = [When(each.rows, then=Value(each.code)) for each in self.buckets(year)]
        return Case(*whens, output_field=CharField())


def own(path: str) -> Where:
    """A fact of the joined row itself, or of one row joined to it (``record__house_grade``)."""
    return lambda **tests: Q(**{f"{path}__{test}": value for test, value in tests.items()})


def shared(name: str) -> Where:
    """A fact of a member: that of the year where the member has a row for it, else the current one.

    The household page and the completeness of entry take it the same way (households.register.logic.facts).
    """
    now, then = own(name), own(f"its__{name}")
    return lambda **tests: Q(its__isnull=True) & now(**tests) | Q(its__isnull=False) & then(**tests)


def coded(table: str, where: Where, none: str = NOT_RECORDED) -> Build:
    """One bucket for each code of a code table, in its order."""

    def build(_year: int) -> tuple[Bucket, ...]:
        found = [Bucket(code, label, partial(where, exact=code)) for code, label in labels(table).items()]
        return (*found, Bucket(NONE, none, where(exact="") | where(isnull=True)))

    return build


def answered(where: Where, yes: str = "是", no: str = "否") -> Build:
    """A question answered yes, no or not recorded."""
    found = (
        Bucket("yes", yes, where(exact=True)),
        Bucket("no", no, where(exact=False)),
        Bucket(NONE, NOT_RECORDED, where(isnull=True)),
    )
    return lambda _year: found


def bands(where: Where, *edges: Any, unit: str = "", none: Q | None = None, per: Any = 1) -> Build:
    """Bands of a number: below the first edge, from each edge to under the next, from the last edge up.

    ``per`` multiplies the edges (an expression: square metres a head); ``none`` then says where it is not known. The
    code of a band is its lower edge.
    """
    low = Bucket("0", f"{edges[0]}{unit}以下", where(lt=edges[0] * per))
    middle = [Bucket(f"{a}", f"{a}—{b}{unit}", where(gte=a * per, lt=b * per)) for a, b in pairwise(edges)]
    high = Bucket(f"{edges[-1]}", f"{edges[-1]}{unit}及以上", where(gte=edges[-1] * per))
    found = (low, *middle, high, Bucket(NONE, NOT_RECORDED, none or where(isnull=True)))
    return lambda _year: found


def steps(where: Where, *edges: int, unit: str) -> Build:
    """Bands of yuan: up to the first edge, above each edge up to the next, above the last; as a line is compared."""
    low = Bucket("least", f"{edges[0]}{unit}及以下", where(lte=edges[0]))
    middle = [Bucket(f"{a}", f"{a}—{b}{unit}", where(gt=a, lte=b)) for a, b in pairwise(edges)]
    high = Bucket(f"{edges[-1]}", f"{edges[-1]}{unit}以上", where(gt=edges[-1]))
    found = (low, *middle, high, Bucket(NONE, NOT_RECORDED, where(isnull=True)))
    return lambda _year: found


def ranges(where: Where, *parts: tuple[int, int], unit: str, none: str = NOT_RECORDED) -> Build:
    """Bands of a whole number, both ends included."""
    found = [
        Bucket(f"{low}", f"{low}—{high}{unit}" if low < high else f"{low}{unit}", where(gte=low, lte=high))
        for low, high in parts
    ]
    return lambda _year: (*found, Bucket(NONE, none, where(isnull=True)))


def counts(where: Where, most: int, unit: str, none: str = NOT_RECORDED) -> Build:
    """One bucket for each whole number from 1, the last for ``most`` and above."""
    exact = [Bucket(f"{number}", f"{number} {unit}", where(exact=number)) for number in range(1, most)]
    rest = Bucket(f"{most}", f"{most} {unit}及以上", where(gte=most))
    found = (*exact, rest, Bucket(NONE, none, where(isnull=True) | where(exact=0)))
    return lambda _year: found


def listed(path: str, names: Callable[[], Mapping[str, str]], none: str) -> Build:
    """One bucket for each code that a list of codes may hold; a row is in as many as it holds."""

    def build(_year: int) -> tuple[Bucket, ...]:
        holds = f"{path}__contains"
        found = [Bucket(code, label, partial(Q, **{holds: [code]})) for code, label in names().items()]
        return (*found, Bucket(NONE, none, Q(**{path: []})))

    return build


def amounts(of: str, names: Callable[[], Mapping[str, str]]) -> Build:
    """One bucket for each amount of a joined row: the rows where it is recorded and not 0."""

    def build(_year: int) -> tuple[Bucket, ...]:
        return tuple(
            Bucket(name, label, Q(**{f"{of}__{name}__gt": 0}) | Q(**{f"{of}__{name}__lt": 0}))
            for name, label in names().items()
        )

    return build


def born(low: int, high: int | None, day: date) -> Q:
    """Who has completed ``low`` to ``high`` years on a day; ranges of birth dates, so that an index serves."""
    found = Q(birth_date__lte=day.replace(year=day.year - low)) if low else Q(birth_date__isnull=False)
    return found if high is None else found & Q(birth_date__gt=day.replace(year=day.year - high - 1))


def ages(*edges: int) -> Build:
    """Age bands on the count day ; who was born after it is in the first."""

    def build(year: int) -> tuple[Bucket, ...]:
        day = count_day(year)
        found = [Bucket(f"{low}", f"{low}—{high - 1} 岁", born(low, high - 1, day)) for low, high in pairwise(edges)]
        last = Bucket(f"{edges[-1]}", f"{edges[-1]} 岁及以上", born(edges[-1], None, day))
        return (*found, last, Bucket(NONE, NOT_RECORDED, Q(birth_date__isnull=True)))

    return build
