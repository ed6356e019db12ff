"""When verdicts are made anew: asked for, after a save or an import, at night, and when a standard changed."""

from collections.abc import Iterable, Sequence
from typing import Any

from celery import current_app
from django.core.exceptions import ValidationError
from django.db import transaction

from households.closed.selectors import CLOSED_WORDS, closed_now
from households.eligibility import selectors
from households.eligibility.assess import recompute_households
from households.eligibility.jobs import KIND
from households.eligibility.lines import forget_lines
from households.models import Household
from households.register.years import calendar_year, years_offered
from povreg.jobs.models import Job
from povreg.jobs.services import launch, prepare
from povreg.kit.history import act
from povreg.kit.locks import hold
from povreg.kit.scopes import COUNTY
from villages.models import Place, PovertyLine, User
from villages.periods.eras import eras
from villages.rights import Right
from villages.rights.checks import check_right
from villages.standards.hooks import StandardChange
from villages.standards.services import CRITERIA

AT_ONCE = 20  # households judged in the request that saved them
BY_ID = 2000  # households judged by id in a worker; more are judged by place
REASSESS = "households.reassess"  # task
RULES = frozenset({*(each.line for each in eras()), PovertyLine.Kind.PROVINCIAL, CRITERIA})
"""What verdicts look at: the lines that judge or stand beside them, and the sets."""


def recompute_place(*, by: User | None, place: Place, year: int) -> Job:
    """Start the recompute of a place for a year; the one that is under way is returned instead of a second.

    Raises PermissionDenied without RECOMPUTE there, ValidationError for a year out of range or closed.
    """
    check_right(by, Right.RECOMPUTE, place.pk)
    _check_year(year)
    if len(place.pk) >= COUNTY and closed_now([place.pk], [year]):
        raise ValidationError({"year": f"{CLOSED_WORDS}，{year} 年的结果不再重新评定。"})
    with transaction.atomic():
        hold("recompute", place.pk, year)  # two who ask at once get one job
        return selectors.running_job(place.pk, year) or _launch(by, place, year)


def prepare_recompute(*, place: Place, year: int) -> Job:
    """The same job for the command, which does it itself. Raises ValidationError for a year out of range."""
    _check_year(year)
    return prepare(by=None, kind=KIND, title=_title(place, year), place_code=place.pk, params={"year": year})


def _check_year(year: int) -> None:
    years = years_offered()
    if year not in years:
        raise ValidationError({"year": f"年度应在 {years[-1]} 到 {years[0]} 之间，请重新选择。"})


def _title(place: Place, year: int) -> str:
    return f"重新评定{place} {year} 年"


def _launch(by: User | None, place: Place, year: int) -> Job:
    return launch(by=by, kind=KIND, title=_title(place, year), place_code=place.pk, params={"year": year})


def place_changed(code: str, years: Iterable[int], by: Any = None) -> list[Job]:
    """Recompute a place for some years in the background, newest first: after an import, or when a standard changed.

    A job that waits already sees what is committed now, so a second one is not queued behind it.
    """
    place = Place.objects.get(pk=code)
    with transaction.atomic():
        waiting = {year: selectors.waiting_job(code, year) for year in sorted(set(years), reverse=True)}
        return [job or _launch(by, place, year) for year, job in waiting.items()]


def reassess(household_ids: Sequence[int], left: Sequence[str] = (), year: int | None = None) -> None:
    """Judge households again whose facts were saved (households.register.after; called once they are committed).

    A handful is judged at once, so that the next page shows the verdict; hundreds go to a worker by id, thousands by
    place. ``left`` are the villages they have moved away from. With a ``year`` only facts of that year were saved, and
    no other year's verdict looks at them.
    """
    if year is not None and len(household_ids) <= AT_ONCE:
        recompute_households(household_ids, year, left=left)
    elif len(household_ids) <= AT_ONCE:
        reassess_now(household_ids, left)
    elif len(household_ids) <= BY_ID:
        current_app.send_task(REASSESS, args=[list(household_ids), list(left)])
    else:
        for county, townships in selectors.townships_of(household_ids, left).items():
            years = selectors.years_judged(county, household_ids)
            for code in townships if len(townships) == 1 else [county]:
                place_changed(code, years)


def reassess_now(household_ids: Sequence[int], left: Sequence[str] = ()) -> None:
    """Judge the households for every year that their counties are judged for, newest first."""
    counties = selectors.townships_of(household_ids, left)
    years = {year for county in counties for year in selectors.years_judged(county, household_ids)}
    for year in sorted(years, reverse=True):
        recompute_households(household_ids, year, left=left)


def recompute_household(*, by: User | None, household: Household) -> None:
    """Judge one household again, at once, for every year that its county is judged for. Raises PermissionDenied
    without RECOMPUTE at its village."""
    check_right(by, Right.RECOMPUTE, household.village_id)
    with act(by=by, verb="request_recompute"):
        reassess_now([household.pk])


def standard_changed(change: StandardChange, by: User | None) -> None:
    """A line or a set changed (villages.standards.hooks): recompute what it reaches, in every county with data."""
    if change.kind not in RULES:
        return
    forget_lines(change.place_code, change.year_from)
    last = change.year_to or calendar_year()
    for county in selectors.counties(within=change.place_code):
        years = [year for year in selectors.years_judged(county) if change.year_from <= year <= last]
        place_changed(change.place_code if len(change.place_code) > len(county) else county, years, by)


def programme_changed(county: str, year_from: int, year_to: int | None, by: User | None) -> None:
    """A county switched a programme on or off: another kind of line may judge (villages.periods.hooks)."""
    standard_changed(StandardChange(CRITERIA, year_from, year_to, county), by)


def nightly() -> int:
    """Recompute every county for its latest year, and for those that were judged by a line that was withdrawn since
    without anybody being told (an update of what is shipped); returns the jobs. Facts that came past the product are
    judged too."""
    return sum(len(place_changed(county, _years_due(county))) for county in selectors.counties())


def _years_due(county: str) -> list[int]:
    return [*selectors.years_judged(county)[:1], *selectors.years_by_withdrawn_lines(county)]
