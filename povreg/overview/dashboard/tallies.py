"""Reading the summaries of one place and year: never households, whatever the size (design.md section 5)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from households.models import Tally

NONE = (0, 0, Decimal(0))
OF_CHILDREN = ("total", "verdict", "failed", "borderline", "incomplete", "filled", "fields")
OF_YEARS = ("total", "verdict", "net_income")
KEY, SUMS = ("measure", "bucket", "poor"), ("households", "people", "amount")
CENT = Decimal("0.01")


@dataclass
class Counts:
    """Households, people and sums by measure and bucket, poor villages apart from the others."""

    rows: dict[tuple[str, str, bool], Sequence[Any]] = field(default_factory=dict)
    as_of: datetime | None = None

    def households(self, measure: str, bucket: str = "all", poor: bool | None = None) -> int:
        return sum(self._rows(measure, bucket, poor, 0))

    def people(self, measure: str, bucket: str = "all", poor: bool | None = None) -> int:
        return sum(self._rows(measure, bucket, poor, 1))

    def amount(self, measure: str, poor: bool | None = None) -> Decimal:
        return sum((Decimal(each or 0) for each in self._rows(measure, "all", poor, 2)), Decimal(0))

    def _rows(self, measure: str, bucket: str, poor: bool | None, position: int) -> list:
        sides = (True, False) if poor is None else (poor,)
        return [self.rows.get((measure, bucket, side), NONE)[position] for side in sides]

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
    return (Decimal(part) * 100 / Decimal(whole)).quantize(Decimal("0.1")) if whole else None


def counts_of(place: str, year: int) -> Counts:
    """Everything that was counted for a place and year, in one query, with the time of the last count."""
    found = list(Tally.objects.filter(place_id=place, year=year).values_list(*KEY, *SUMS, "as_of"))
    rows = {(measure, bucket, poor): sums for measure, bucket, poor, *sums, _ in found}
    return Counts(rows, max((row[-1] for row in found), default=None))


def counts_of_children(codes: Iterable[str], year: int) -> dict[str, Counts]:
    """What a table shows of several places, in one query."""
    rows = Tally.objects.filter(place_id__in=list(codes), year=year, measure__in=OF_CHILDREN)
    return _by(rows, "place_id")


def counts_of_years(place: str, years: Iterable[int]) -> dict[int, Counts]:
    """What a trend shows of one place, year by year, in one query; years without a verdict are left out."""
    rows = Tally.objects.filter(place_id=place, year__in=list(years), measure__in=OF_YEARS)
    return dict(sorted(_by(rows, "year").items()))


def _by(rows: QuerySet[Tally], name: str) -> dict[Any, Counts]:
    found: dict[Any, Counts] = defaultdict(Counts)
    for key, measure, bucket, poor, *sums in rows.values_list(name, *KEY, *SUMS):
        found[key].rows[measure, bucket, poor] = sums
    return dict(found)
