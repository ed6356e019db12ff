"""Which line and which set of criteria hold for a year and a place (contract.md section 4, policy.md 4.5)."""

from decimal import Decimal
from functools import cache
from typing import NamedTuple

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Left, Length

from povreg.kit.prepared import Ready
from povreg.kit.scopes import PARENT_LENGTH, ancestors, within
from villages.models import CriteriaSet, PovertyLine, User
from villages.standards.rules import ORDINARY, Thresholds

LATER_FIRST = ("-year_from", "-version", "-id")
"""Of the sets of one place the one in force comes first."""


class LineRow(NamedTuple):
    """A line for a join in SQL: the most specific ``prefix`` of the village code wins; "" is the whole country."""

    prefix: str
    amount: Decimal
    id: int


def _holding(code: str) -> Q:
    """Rows for the whole country or for a place that contains ``code``."""
    return Q(place__isnull=True) | Q(place_id__in=[*ancestors(code), code])


def _specific_first(rows: QuerySet, *then: str) -> QuerySet:
    return rows.order_by(Coalesce(Length("place_id"), 0).desc(), *then)


def line_for(kind: str, year: int, code: str) -> PovertyLine | None:
    """The line of that very year for a place. None without one: another year's line is never used in its place."""
    codes = [*ancestors(code), code]
    return _lines(len(codes)).first(kind, year, *codes)


@cache
def _lines(places: int) -> Ready:
    """The lines of a kind and year for the country or one of so many places, most specific first."""

    def rows(kind: str, year: int, *codes: str) -> QuerySet:
        held = PovertyLine.objects.filter(Q(place__isnull=True) | Q(place_id__in=codes), withdrawn_at__isnull=True)
        return _specific_first(held.filter(kind=kind, year=year))

    return Ready(rows, str, int, *[str] * places)


def lines_within(kind: str, year: int, code: str) -> list[LineRow]:
    """Every line that any village of ``code`` may need, most specific first."""
    rows = PovertyLine.objects.filter(
        _holding(code) | within("place_id", code), kind=kind, year=year, withdrawn_at__isnull=True
    )
    return [LineRow(row.place_id or "", row.amount, row.pk) for row in _specific_first(rows)]


def exit_lines(year: int, county: str) -> list[LineRow]:
    """The exit lines (yuan a person and year) of a year for a county and its parts; empty when none was published."""
    return lines_within(PovertyLine.Kind.EXIT, year, county)


def _sets_of(year: int) -> QuerySet[CriteriaSet]:
    return CriteriaSet.objects.filter(
        Q(year_to__isnull=True) | Q(year_to__gte=year), is_active=True, year_from__lte=year
    )


def criteria_set_for(year: int, code: str) -> CriteriaSet | None:
    """The set that judges a place in a year: the most specific place, then the latest first year, then the version."""
    codes = [*ancestors(code), code]
    found: CriteriaSet | None = _sets(len(codes)).first(year, *codes)
    return found


@cache
def _sets(places: int) -> Ready:
    """The sets of a year for the country or one of so many places, the one in force first."""

    def rows(year: int, *codes: str) -> QuerySet:
        held = _sets_of(year).filter(Q(place__isnull=True) | Q(place_id__in=codes))
        return _specific_first(held, *LATER_FIRST)[:1]

    return Ready(rows, int, *[str] * places)


def criteria_sets_within(year: int, code: str = "") -> list[tuple[str, CriteriaSet]]:
    """(place prefix, set) of every set that judges some village of ``code`` (empty: the country), most specific
    first."""
    rows = _sets_of(year).filter(_holding(code) | within("place_id", code) if code else Q())
    best: dict[str, CriteriaSet] = {}
    for row in _specific_first(rows, *LATER_FIRST):
        best.setdefault(row.place_id or "", row)
    return list(best.items())


def thresholds_within(year: int, code: str = "") -> list[tuple[str, Thresholds]]:
    """(place prefix, thresholds) of every set that judges some village of ``code``, most specific first; the last is
    the whole country's. One query."""
    found = [(prefix, Thresholds.of(row.params)) for prefix, row in criteria_sets_within(year, code)]
    return found if found and not found[-1][0] else [*found, ("", ORDINARY)]


def params_in_force(year: int, village: str) -> Subquery:
    """The params of the set that judges each row of a query in a year; ``village`` names its column."""
    codes = [Left(OuterRef(village), digits) for digits in PARENT_LENGTH]
    holding = _sets_of(year).filter(Q(place__isnull=True) | Q(place__code__in=codes))
    return Subquery(_specific_first(holding, *LATER_FIRST).values("params")[:1])


def lines(user: User) -> QuerySet[PovertyLine]:
    """The lines a person may see, latest year first, the country's before local ones; withdrawn ones too."""
    rows = PovertyLine.objects.visible_to(user).select_related("place", "created_by")
    return rows.order_by("-year", F("place_id").asc(nulls_first=True), "pk")


def corrections(user: User) -> QuerySet[PovertyLine]:
    """The lines that were withdrawn, latest first."""
    rows = PovertyLine.objects.visible_to(user).filter(withdrawn_at__isnull=False)
    return rows.select_related("place", "created_by", "withdrawn_by").order_by("-withdrawn_at")


def sets_for_page(user: User) -> QuerySet[CriteriaSet]:
    """Every version of every set a person may see: the country's first, latest version first."""
    rows = CriteriaSet.objects.visible_to(user).select_related("place", "created_by")
    return rows.order_by(F("place_id").asc(nulls_first=True), "name", "-version")
