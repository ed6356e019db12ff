"""The look for invented data as long work: a county's year at a time, at night and when somebody asks."""

from __future__ import annotations

from django.utils import timezone

from audits.detection.services import detect
from households.eligibility.selectors import counties, years_judged
from povreg.jobs.models import Job
from povreg.jobs.registry import JobKind, Links, Report
from povreg.jobs.services import launch
from povreg.kit.scopes import county_of
from villages.models import Place, User
from villages.rights import Right
from villages.rights.checks import check_right

KIND = "detect"


def launch_detection(*, by: User | None, county: Place, year: int) -> Job:
    """Have a county's year looked over; one that waits or runs already is answered. Raises PermissionDenied."""
    if by is not None:
        check_right(by, Right.SAMPLE_DRAW, county.pk)
    running = Job.objects.filter(kind=KIND, place_code=county.pk, params__year=year).exclude(status__in=Job.ENDED)
    return running.first() or launch(
        by=by, kind=KIND, title=f"{county} {year}年异常检测", place_code=county.pk, params={"year": year}
    )


def run(job: Job) -> Report:
    """One look."""
    county = Place.objects.get(pk=county_of(job.place_code))
    made = detect(by=job.owner, county=county, year=job.params["year"])
    return {"expected": made.villages, "done": made.villages, "changed": flagged(made.counts), "seconds": made.seconds}


def flagged(counts: dict[str, dict[str, int]]) -> int:
    overall = counts.get("overall", {})
    return overall.get("strong", 0) + overall.get("middle", 0)


def links(job: Job) -> Links:
    return [("看异常检测", f"/detection/?place={job.place_code}&year={job.params['year']}")]


def nightly() -> int:
    """Look over every county's latest year; answers how many looks were begun."""
    begun = 0
    for code in counties():
        years = [year for year in years_judged(code) if year <= timezone.localdate().year]
        if years:
            launch_detection(by=None, county=Place.objects.get(pk=code), year=max(years))
            begun += 1
    return begun


DETECT = JobKind(KIND, run=run, links=links)
