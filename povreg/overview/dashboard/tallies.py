"""Reading the summaries of one place and year: never households, whatever the size (design.md section 5)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cache, cached_property
from typing import Any

from django.db.models import QuerySet

from households.models import Tally
from povreg.kit.prepared import Ready

NONE = (0, 0, Decimal(0))
OF_CHILDREN = ("total", "verdict", "failed", "borderline", "incomplete", "filled", "fields")
OF_YEARS = ("total", "verdict", "net_income")
KEY, SUMS = ("measure", "bucket", "poor"), ("households", "people", "amount")
CENT, TENTH = Decimal("0.01"), Decimal("0.1")


@dataclass
class Counts:
    """Households, people and sums by measure and bucket, poor villages apart from the others. They are filled before
    anything is asked."""

    rows: dict[tuple[str, str, bool], Sequence[Any]] = field(default_factory=dict)
    as_of: datetime | None = None

    def households(self, measure: str, bucket: str = "all", poor: bool | None = None) -> int:
        return self._sums(measure, bucket, poor)[0]

    def people(self, measure: str, bucket: str = "all", poor: bool | None = None) -> int:
        return self._sums(measure, bucket, poor)[1]

    def amount(self, measure: str, poor: bool | None = None) -> Decimal:
        return Decimal(self._sums(measure, "all", poor)[2] or 0)

    def _sums(self, measure: str, bucket: str, poor: bool | None) -> Sequence[Any]:
        if poor is None:
            return self._both_sides.get((measure, bucket), NONE)
        return self.rows.get((measure, bucket, poor), NONE)

    @cached_property
    def _both_sides(self) -> dict[tuple[str, str], Sequence[Any]]:
        """Poor and other villages together: a page asks for hundreds of them."""
        found: dict[tuple[str, str], Sequence[Any]] = {}
        for (measure, bucket, _poor), sums in self.rows.items():
            other = found.get((measure, bucket))
            if other:
                sums = (other[0] + sums[0], other[1] + sums[1], (other[2] or 0) + (sums[2] or 0))
            found[measure, bucket] = sums
        return found

    def buckets(self, measure: str) -> list[str]:
        """The buckets of a measure that hold somebody."""
        return sorted({bucket for code, bucket, _poor in self.rows if code == measure})

    def share(self, bucket: str, poor: bool | None = None) -> Decimal | None:
        """Per cent of the households with this verdict, one decimal; None where there is no household."""
        return percent(self.households("verdict", bucket, poor), self.households("total", "all", poor))

    def per_head(self, poor: bool | None = None) -> Decimal | None:
        """Net income in yuan a head of the households that recorded it; None before any did."""
        people = self.people("net_income", "all", poor)
        return (self.amount("net_income", poor) / people).quantize(CENT) if people else None

    @property
    def entered(self) -> Decimal | None:
        """Per cent of the entry fields that are recorded."""
        return percent(self.amount("filled"), self.amount("fields"))


def percent(part: int | Decimal, whole: int | Decimal) -> Decimal | None:
    return (Decimal(part) * 100 / Decimal(whole)).quantize(TENTH) if whole else None


def counts_of(place: str, year: int) -> Counts:
    """Everything that was counted for a place and year, in one query, with the time of the last count."""
    found = OF_PLACE(place, year)
    rows = {(measure, bucket, poor): sums for measure, bucket, poor, *sums, _ in found}
    return Counts(rows, max((row[-1] for row in found), default=None))


OF_PLACE = Ready(
    lambda place, year: Tally.objects.filter(place_id=place, year=year).values_list(*KEY, *SUMS, "as_of"), str, int
)


def counts_of_children(place: str, year: int) -> dict[str, Counts]:
    """What a table shows of the places right below one, in one query."""
    return _by(BELOW(place, year))


def _below(place: str, year: int) -> QuerySet[Any, Any]:
    rows = Tally.objects.filter(place__parent=place, year=year, measure__in=OF_CHILDREN)
    return rows.values_list("place_id", *KEY, *SUMS)


BELOW = Ready(_below, str, int)


def counts_of_years(place: str, years: Iterable[int]) -> dict[int, Counts]:
    """What a trend shows of one place, year by year, in one query; years without a verdict are left out."""
    asked = list(years)
    return dict(sorted(_by(_of_years(len(asked))(place, *asked)).items()))


@cache
def _of_years(count: int) -> Ready:
    """What was counted of a place in one of so many years."""

    def rows(place: str, *years: int) -> QuerySet[Any, Any]:
        found = Tally.objects.filter(place_id=place, year__in=years, measure__in=OF_YEARS)
        return found.values_list("year", *KEY, *SUMS)

    return Ready(rows, str, *[int] * count)


def _by(rows: Iterable[Sequence[Any]]) -> dict[Any, Counts]:
    found: dict[Any, Counts] = defaultdict(Counts)
    for key, measure, bucket, poor, *sums in rows:
        found[key].rows[measure, bucket, poor] = sums
    return dict(found)
