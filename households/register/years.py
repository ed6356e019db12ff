"""Which year is worked on. A survey year runs from 1 October of the year before to 30 September (policy.md 0.7)."""

from collections.abc import Sequence

from django.core.cache import caches
from django.db.models import Max, Q
from django.utils import timezone

from households.models import AnnualRecord, Household, Member
from povreg.kit.scopes import county_of, within_any
from villages.models import User
from villages.models.signed_in import SignedInRequest
from villages.standards.rules import count_day, count_day_sql

FIRST_YEAR = 2013
KEEP = 60  # seconds
SESSION_KEY = "year"


def counts_in(member: Member, year: int) -> bool:
    """Whether a member counts for the year: with the household on 30 September (contract.md section 4)."""
    day = count_day(year)
    return (member.left_on is None or member.left_on > day) and (member.joined_on is None or member.joined_on <= day)


def counted_in(year: int, path: str = "") -> Q:
    """:func:`counts_in` as a condition on members, or on rows that reach them by ``path``."""
    day, left, joined = count_day(year), f"{path}left_on", f"{path}joined_on"
    here = Q(**{f"{left}__isnull": True}) | Q(**{f"{left}__gt": day})
    return here & (Q(**{f"{joined}__isnull": True}) | Q(**{f"{joined}__lte": day}))


def counted_sql(alias: str) -> str:
    """:func:`counts_in` as SQL on members of an alias, with the parameter ``year``."""
    day = count_day_sql()
    return (
        f"({alias}.left_on IS NULL OR {alias}.left_on > {day}) "
        f"AND ({alias}.joined_on IS NULL OR {alias}.joined_on <= {day})"
    )


def calendar_year() -> int:
    return timezone.localdate().year


def working_year(code: str = "") -> int:
    """The latest year that anything was recorded for under a place; this calendar year when nothing was."""
    return _latest_recorded([code])


def _latest_recorded(codes: Sequence[str]) -> int:
    """One index look-up a year, newest first."""
    for year in range(calendar_year(), FIRST_YEAR - 1, -1):
        if AnnualRecord.objects.filter(within_any("village_id", codes), year=year).exists():
            return year
    return calendar_year()


def latest_year(household: Household) -> int | None:
    """The latest year with a record of this household."""
    return household.annual_records.aggregate(latest=Max("year"))["latest"]


def is_latest(household: Household, year: int) -> bool:
    """Whether what is recorded for ``year`` is also what is true now."""
    latest = latest_year(household)
    return latest is None or year >= latest


def default_year(user: User) -> int:
    """The latest year with annual records in the counties of the person's postings; without any, this year."""
    counties = sorted({county_of(code) for _role, code in user.postings_today()})
    key, cache = f"year:{','.join(counties)}", caches["process"]
    year = cache.get(key)
    if year is None:
        year = _latest_recorded(counties)
        cache.set(key, year, KEEP)
    return year


def year_of(request: SignedInRequest) -> int:
    """The working year of the request: ``?year=`` (remembered for the session), else the remembered one, else the
    default. A year that is none is ignored."""
    asked = request.GET.get("year", "")
    if asked in {str(year) for year in years_offered()}:
        if request.session.get(SESSION_KEY) != int(asked):
            request.session[SESSION_KEY] = int(asked)
        return int(asked)
    return request.session.get(SESSION_KEY) or default_year(request.user)


def years_offered() -> range:
    """Every year a record may be kept for, latest first: next year's survey starts on 1 October."""
    today = timezone.localdate()
    return range(today.year + (today.month >= 10), FIRST_YEAR - 1, -1)
