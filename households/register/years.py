"""Which year is worked on. A survey year runs from 1 October of the year before to 30 September (policy.md 0.7).

A county says itself which year it works on (villages.periods). Where none did, it is the latest year with records
worth the name: a handful of them, or as many as any year has. One slip of the pen makes no working year.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from django.contrib import messages
from django.core.cache import caches
from django.db import connection
from django.db.models import Max, Q
from django.utils import timezone

from households.models import Household, Presence
from povreg.kit.reach import wider
from povreg.kit.scopes import county_of, end_of
from villages.models import User
from villages.models.signed_in import SignedInRequest
from villages.periods.selectors import working_year_set
from villages.periods.services import FIRST_YEAR
from villages.standards.rules import count_day, count_day_sql

__all__ = ["FIRST_YEAR"]
KEEP = 60  # seconds
HANDFUL = 10  # records that make a year one that people work on
SESSION_KEY = "year"


class Recorded(NamedTuple):
    """A year, how many records it has (counted to :data:`HANDFUL`), and whether anything is kept for it at all."""

    year: int
    records: int
    anything: bool


class Years(NamedTuple):
    """What some counties have: the year with records that is worked on (None: no record), and every year with data."""

    latest: int | None
    filled: tuple[int, ...]


def lives_on(day: date, stay: Presence) -> bool:
    """Whether a day is one of a stay."""
    return (stay.since is None or stay.since <= day) and (stay.until is None or stay.until > day)


def counts_in(year: int, stays: Iterable[Presence], born: date | None) -> bool:
    """Whether somebody counts for the year in the household of these stays: there on 30 September (contract.md section
    4), and born by then."""
    day = count_day(year)
    return (born is None or born <= day) and any(lives_on(day, stay) for stay in stays)


def lived_in(year: int, path: str = "presences") -> Q:
    """The stays on the count day, for a FilteredRelation of members by ``path``."""
    day = count_day(year)
    here = Q(**{f"{path}__until__isnull": True}) | Q(**{f"{path}__until__gt": day})
    return here & (Q(**{f"{path}__since__isnull": True}) | Q(**{f"{path}__since__lte": day}))


def born_by(year: int) -> Q:
    """Members who were born by the count day, as far as that is known."""
    return Q(birth_date__isnull=True) | Q(birth_date__lte=count_day(year))


def counted_sql(stay: str, member: str) -> str:
    """:func:`counts_in` as SQL on aliases of a presence and its member, with the parameter ``year``."""
    day = count_day_sql()
    return (
        f"({stay}.until IS NULL OR {stay}.until > {day}) AND ({stay}.since IS NULL OR {stay}.since <= {day}) "
        f"AND ({member}.birth_date IS NULL OR {member}.birth_date <= {day})"
    )


def calendar_year() -> int:
    return timezone.localdate().year


def working_year(code: str = "") -> int:
    """The year that the county of a place works on; this calendar year where nothing was set or recorded."""
    return _working_year([county_of(code)])


def default_year(user: User) -> int:
    """The year that the counties of the person's postings work on."""
    return _working_year(_counties(user))


def years_with_data(user: User) -> tuple[int, ...]:
    """Every year for which the counties of the person's postings have a record or a verdict, latest first."""
    return _recorded(_counties(user)).filled


def years_to_choose(user: User) -> list[int]:
    """The years of the menu, latest first: every one with data, the one worked on, and this calendar year."""
    return sorted({*years_with_data(user), default_year(user), calendar_year()}, reverse=True)


def _counties(user: User) -> list[str]:
    return sorted({county_of(code) for _role, code in user.postings_today()})


def _working_year(counties: Sequence[str]) -> int:
    return working_year_set(counties) or _recorded(counties).latest or calendar_year()


def _recorded(counties: Sequence[str]) -> Years:
    """What the counties have, kept by each process for a minute."""
    key, cache = f"years:{','.join(counties)}", caches["process"]
    found: Years | None = cache.get(key)
    if found is None:
        found = _years(_counted(counties))
        cache.set(key, found, KEEP)
    return found


def _years(found: Sequence[Recorded]) -> Years:
    """Rows latest first."""
    enough = min(HANDFUL, max((each.records for each in found), default=0))
    worked_on = (each.year for each in found if each.records and each.records >= enough)
    return Years(next(worked_on, None), tuple(each.year for each in found if each.anything))


@wider("years_recorded")
def _counted(counties: Sequence[str]) -> list[Recorded]:
    """One statement of a few index look-ups a year, newest first."""
    lows, highs = list(counties), [end_of(code) for code in counties]
    inside = "JOIN p ON t.village_id >= p.low AND t.village_id < p.high WHERE t.year = y"
    with connection.cursor() as cursor:
        cursor.execute(
            f"""WITH p AS (SELECT * FROM unnest(%s::text[], %s::text[]) AS p (low, high))
            SELECT y, n.records, n.records > 0 OR EXISTS (SELECT FROM households_assessment t {inside})
            FROM generate_series(%s::int, %s::int, -1) AS y CROSS JOIN LATERAL (SELECT count(*) AS records FROM (
                SELECT FROM households_annualrecord t {inside} LIMIT {HANDFUL}) s) n""",  # noqa: S608 - constants
            [lows, highs, years_offered()[0], FIRST_YEAR],
        )
        return [Recorded(*row) for row in cursor.fetchall()]


def latest_year(household: Household) -> int | None:
    """The latest year with a record of this household."""
    return household.annual_records.aggregate(latest=Max("year"))["latest"]


def is_latest(household: Household, year: int) -> bool:
    """Whether what is recorded for ``year`` is also what is true now."""
    latest = latest_year(household)
    return latest is None or year >= latest


def year_of(request: SignedInRequest) -> int:
    """The working year of the request: ``?year=`` (remembered for the session), else the remembered one, else the
    default. A year that is none changes nothing, and the page says so."""
    asked = request.GET.get("year", "")
    if asked in {str(year) for year in years_offered()}:
        if request.session.get(SESSION_KEY) != int(asked):
            request.session[SESSION_KEY] = int(asked)
        return int(asked)
    used = year_kept(request)
    if asked:
        _say_no_year(request, used)
    return used


def year_kept(request: SignedInRequest) -> int:
    """The year a page without one of its own would open on; ``?year=`` there is no word about it."""
    return request.session.get(SESSION_KEY) or default_year(request.user)


def _say_no_year(request: SignedInRequest, used: int) -> None:
    """Once a request, however often it asks for its year."""
    if not getattr(request, "year_refused", False):
        request.year_refused = True
        messages.warning(request, f"{no_year_words()}现在显示的是 {used} 年。")


def no_year_words() -> str:
    """What is said of a year that is none."""
    years = years_offered()
    return f"地址中的年度不对：年度应是 {years[-1]} 到 {years[0]} 之间的四位数字。"


def years_offered() -> range:
    """Every year a record may be kept for, latest first: next year's survey starts on 1 October."""
    today = timezone.localdate()
    return range(today.year + (today.month >= 10), FIRST_YEAR - 1, -1)
