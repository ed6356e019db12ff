"""Reading verdicts: which years and counties are judged, what runs, who flipped."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat, Length

from households.closed.selectors import closed_years
from households.eligibility.jobs import KIND
from households.models import Assessment, Flip, Household, Member
from households.register.homes import villages_of
from households.register.years import FIRST_YEAR, calendar_year, working_year
from povreg.jobs.models import Job
from povreg.kit.prepared import Ready
from povreg.kit.scopes import ancestors, county_of, township_of, within as inside
from villages.models import Place, PovertyLine, User
from villages.rights import Right


def years_judged(code: str, household_ids: Sequence[int] = ()) -> list[int]:
    """The years that a place is judged for and those recorded for some households of it, newest first; never none.
    Years that its county closed are judged no more."""
    judged = "SELECT FROM households_assessment a WHERE a.year = y AND a.village_id >= %s AND a.village_id < %s"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT y FROM generate_series(%s::int, %s) y WHERE EXISTS ({judged})"  # noqa: S608 - a constant
            " UNION SELECT year FROM households_annualrecord WHERE household_id = ANY(%s)",
            [FIRST_YEAR, calendar_year(), code, f"{code}:", list(household_ids)],
        )
        years = [year for (year,) in cursor.fetchall()]
    open_years = set(years or [working_year(code)]) - closed_years(code)
    return sorted(open_years, reverse=True) or [calendar_year()]


def years_by_withdrawn_lines(code: str) -> list[int]:
    """The years of a place in which some verdict names a line that is withdrawn."""
    withdrawn = PovertyLine.objects.filter(withdrawn_at__isnull=False)
    named = Assessment.objects.filter(inside("village_id", code), year=OuterRef("year"), line__in=withdrawn)
    years = PovertyLine.objects.filter(withdrawn_at__isnull=False).order_by("year").values_list("year", flat=True)
    return [year for year in years.filter(Exists(named)).distinct() if year not in closed_years(code)]


def counties(within: str = "") -> list[str]:
    """Codes of the counties under or above a place that have households."""
    lives = Household.objects.filter(
        village_id__gte=OuterRef("pk"), village_id__lt=Concat(OuterRef("pk"), Value(":"))
    ).order_by()
    rows = Place.objects.under(county_of(within)).filter(Exists(lives), level=Place.Level.COUNTY)
    return list(rows.order_by("code").values_list("code", flat=True))


def townships_of(household_ids: Iterable[int], villages: Iterable[str] = ()) -> dict[str, list[str]]:
    """County code to the townships of it in which these households or villages lie."""
    codes = {township_of(village) for village in villages_of(list(household_ids)).values()}
    codes |= {township_of(village) for village in villages}
    found: dict[str, list[str]] = {}
    for code in sorted(codes):
        found.setdefault(county_of(code), []).append(code)
    return found


def running_job(code: str, year: int) -> Job | None:
    """The recompute of this place and year that waits or runs."""
    return _jobs(code, year).exclude(status__in=Job.ENDED).first()


def waiting_job(code: str, year: int) -> Job | None:
    """The recompute of this place and year that waits for a worker."""
    return _jobs(code, year).filter(status=Job.Status.QUEUED).first()


def _jobs(code: str, year: int) -> QuerySet[Job]:
    return Job.objects.filter(kind=KIND, place_code=code, params__year=year)


def job_touching(code: str, year: int) -> Job | None:
    """The recompute of a year under way that changes a place's figures: one that covers it, else one below it."""
    above = ancestors(code)
    job: Job | None = _touching(year, len(above)).first(code, *above)
    return job


@lru_cache(maxsize=128)
def _touching(year: int, above: int) -> Ready:
    """What touches a place below so many others."""

    def rows(code: str, *codes: str) -> QuerySet[Job]:
        here = Q(place_code__in=[*codes, code]) | inside("place_code", code)
        under_way = (Job.Status.RUNNING, Job.Status.QUEUED)
        jobs = Job.objects.filter(here, kind=KIND, params__year=year, status__in=under_way)
        return jobs.order_by(Length("place_code"), "-created_at")[:1]

    return Ready(rows, *[str] * (above + 1))


def flips(user: User) -> QuerySet[Flip]:
    """Verdicts that changed, latest first, as far as the user may see them."""
    return Flip.objects.visible_to(user).select_related("village").order_by("-at", "village_id", "household_id")


def flip_counts(rows: QuerySet[Flip]) -> list[dict[str, Any]]:
    """How many of some flips went from what to what, and why."""
    turns = rows.order_by().values("before", "after", "cause").annotate(count=Count("pk"))
    return [dict(turn) for turn in turns.order_by("-count", "before", "after", "cause")]


def flips_of(assessment: Assessment) -> QuerySet[Flip]:
    """How a household's verdict of one year turned, latest first."""
    return Flip.objects.filter(household=assessment.household_id, year=assessment.year)


def verdicts_of(household: Household) -> QuerySet[Assessment]:
    """A household's verdicts, latest year first, with the rules they were made by."""
    rows = Assessment.objects.filter(household=household).select_related("criteria_set", "line__place")
    return rows.order_by("-year")


def head_names(household_ids: Iterable[int]) -> dict[int, str]:
    """Household id to the name of its head, in one query."""
    heads = Member.objects.heads().filter(household__in=set(household_ids))
    return dict(heads.values_list("household_id", "name"))


def covers(user: User, right: Right, code: str) -> bool:
    """Whether a place lies inside a posting that grants ``right``; the empty code never does."""
    return any(code.startswith(place) for place in user.places_with(right))
