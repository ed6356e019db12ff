"""Which years of a county are closed (年度封存). Every page of figures asks, and closings are rare: each process keeps
what it read for a minute; its own closing forgets it at once. What writes asks the database."""

from collections.abc import Collection, Iterable

from django.core.cache import caches
from django.db.models import F, QuerySet
from django.utils import timezone

from households.models import LateFact, YearClosing
from povreg.kit.prepared import Ready
from povreg.kit.scopes import county_of, within
from villages.models import User
from villages.rights import Right

KEEP = 60  # seconds
ALL = "closed-years"
CLOSED_WORDS = "该年度已封存"


class FrozenYear(int):
    """A year as it is read where it is closed: people and lists come from what was closed, not from what is known now.
    Everywhere else it is the year."""

    __slots__ = ()


def closed_years(place: str) -> frozenset[int]:
    """The closed years of the county that a place lies in; a wider place closes none (:func:`closed_counties`)."""
    return _closings().get(county_of(place), frozenset())


def closed_counties(place: str, year: int) -> list[str]:
    """The counties under a place that have closed a year."""
    return sorted(county for county, years in _closings().items() if county.startswith(place) and year in years)


def is_closed(place: str, year: int) -> bool:
    return year in closed_years(place)


def as_read(year: int, place: str) -> int:
    """The year as figures and lists of a place read it: a :class:`FrozenYear` where it is closed there."""
    return FrozenYear(year) if is_closed(place, year) else year


def as_listed(user: User, year: int, place: str = "") -> int:
    """The year as a person's list reads it: that of the place asked for, else of the one county he works in."""
    counties = {county_of(code) for code in user.places_with(Right.HOUSEHOLD_VIEW)}
    return as_read(year, place or (counties.pop() if len(counties) == 1 else ""))


def _closings() -> dict[str, frozenset[int]]:
    found: dict[str, frozenset[int]] | None = caches["process"].get(ALL)
    if found is None:
        years: dict[str, set[int]] = {}
        for county, year in YearClosing.objects.order_by().values_list("county_id", "year"):
            years.setdefault(county, set()).add(year)
        found = {county: frozenset(of) for county, of in years.items()}
        caches["process"].set(ALL, found, KEEP)
    return found


def forget() -> None:
    """What this process keeps is read anew."""
    caches["process"].delete(ALL)


def closed_now(places: Iterable[str], years: Collection[int]) -> set[int]:
    """Those of the years that are closed in the county of one of the places, as the database says now. A year that runs
    cannot be."""
    counties = {county_of(place) for place in places}
    over = [year for year in years if year < timezone.localdate().year]
    if not counties or not over:
        return set()
    rows = YearClosing.objects.filter(county__in=counties, year__in=over)
    return set(rows.order_by().values_list("year", flat=True))


def closing_of(place: str, year: int) -> YearClosing | None:
    """The closing of a year in the county of a place."""
    if not is_closed(place, year):
        return None
    closing: YearClosing | None = CLOSING.first(county_of(place), year)
    return closing


CLOSING = Ready(
    lambda county, year: YearClosing.objects.select_related("closed_by").filter(county=county, year=year), str, int
)


def late_facts(user: User) -> QuerySet[LateFact]:
    """What was entered for closed years, the latest first, as far as the user may see it."""
    rows = LateFact.objects.visible_to(user).select_related("household", "village", "by", "member")
    return rows.order_by(F("at").desc(), "-pk")


def late_count(place: str, year: int) -> int:
    """How many facts of a closed year came after it was closed, under a place."""
    return LATE.count(place, year) if is_closed(place, year) else 0


LATE = Ready(lambda place, year: LateFact.objects.filter(within("village_id", place), year=year), str, int, alike=False)
