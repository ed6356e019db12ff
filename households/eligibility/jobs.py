"""The job that recomputes a place: slices of townships side by side, then the report of who flipped and why."""

from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, IntegerField, Sum
from django.db.models.fields.json import KT
from django.db.models.functions import Cast
from django.urls import reverse

from households.closed.selectors import CLOSED_WORDS
from households.eligibility.assess import recompute_slice, slices
from households.models import Flip, Spell
from households.standing.services import in_year
from povreg.jobs.models import Job
from povreg.jobs.registry import JobKind, PartResult
from povreg.jobs.services import advance
from povreg.kit.scopes import within

KIND = "recompute"


def year_of(job: Job) -> int:
    return int(job.params["year"])


def parts(job: Job) -> list[str]:
    """The slices of the place; the number of households is what progress counts towards."""
    spells = Spell.objects.filter(within("village_id", job.place_code)).filter(in_year(year_of(job)))
    expected = spells.values("household_id").distinct().count()
    advance(job, expected=expected, message=f"{expected} 户")
    return slices(job.place_code)


def run_part(job: Job, key: str) -> PartResult:
    outcome = recompute_slice(key, year_of(job), job=job)
    report = {name: getattr(outcome, name) for name in ("expected", "flips", "closed")}
    return PartResult(outcome.assessed, outcome.changed, report)


def finish(job: Job) -> dict[str, Any]:
    """Expected, assessed and changed households, and the flips by cause and direction."""
    flips = Flip.objects.filter(job=job).order_by()
    turns = flips.values("before", "after", "cause").annotate(count=Count("pk")).order_by("before", "after", "cause")
    sums = {name: Sum(Cast(KT(f"report__{name}"), IntegerField())) for name in ("expected", "closed")}
    counts = {name: count or 0 for name, count in job.parts.aggregate(**sums).items()}
    if counts["closed"]:
        advance(job, message=f"{CLOSED_WORDS}：{counts['closed']:,} 户保持封存时的结果，没有重新评定")
    return {
        "expected": counts["expected"],
        "closed": counts["closed"],
        "assessed": job.done,
        "changed": job.changed,
        "flips": sum(turn["count"] for turn in turns),
        "turns": list(turns),
    }


def links(job: Job) -> list[tuple[str, str]]:
    """Where the job's page sends the reader: who flipped, and the figures."""
    year = year_of(job)
    flips = f"{reverse('flips')}?{urlencode({'year': year, 'job': job.pk})}"
    return [("看结论变化", flips), ("看统计", f"{reverse('dashboard-place', args=[job.place_code])}?year={year}")]


RECOMPUTE = JobKind(KIND, parts=parts, run_part=run_part, finish=finish, links=links)
