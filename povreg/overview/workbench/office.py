"""Due for offices: headline figures, villages that lag behind, jobs, imports that wait for a word."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.db.models import FloatField, Q, QuerySet, Sum
from django.db.models.functions import Cast, Coalesce, Length, NullIf
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator

from households.eligibility.criteria import BY_CODE
from households.models import SheetImport, Tally
from households.models.assessment import Verdict
from povreg.jobs.models import Job
from povreg.kit.prepared import Ready
from povreg.kit.scopes import COUNTY, VILLAGE
from povreg.kit.workbench import Cell, Due, Figure, Link, Listing, Rank, Viewer, inside, offer, places_of
from povreg.overview.jobs.selectors import visible_jobs
from villages.models import Place, User
from villages.rights import Right, Role
from villages.rights.ready import ReadyFor

OFFICES = (Role.TOWNSHIP_OFFICER, Role.COUNTY_OFFICER)
WORST, MOST = 8, 3  # of a short list
WEEK = timedelta(days=7)


def _verdict(code: str, label: str) -> tuple[str, str, str, str, dict[str, str | int]]:
    return "verdict", code, label, code, {"verdict": code}


HEADLINE: tuple[tuple[str, str, str, str, dict[str, str | int]], ...] = (
    ("total", "all", "在册", "", {"figure": "total.all"}),
    *(_verdict(code, label) for code, label in Verdict.choices),
    ("borderline", "yes", "踩线", "warn", {"borderline": 1}),
)


def _judged(user: User, year: int, *, role: str) -> QuerySet[Any, Any]:
    rows = Tally.objects.visible_to(user).filter(place_id__in=places_of(user, role), year=year)
    rows = rows.filter(measure__in=("total", "verdict", "borderline", "failed"))
    return rows.values_list("measure", "bucket", "households", "people")


JUDGED = ReadyFor(_judged, int)


@offer(*OFFICES, Role.COUNTY_LEADER, Role.DEPARTMENT_OFFICER, Role.AUDITOR)
def headline(viewer: Viewer) -> Sequence[Figure | Due]:
    """The year's verdicts of the places, from the summaries, and what is unmet most."""
    counts: dict[tuple[str, str], int] = defaultdict(int)
    people = 0
    for measure, bucket, households, living in JUDGED(viewer.user, viewer.year, role=viewer.role):
        counts[measure, bucket] += households
        people += living if measure == "total" else 0
    if not counts["total", "all"]:
        return [nothing_judged(viewer)]
    figures: list[Figure | Due] = [
        Figure(
            label,
            counts[measure, bucket],
            sub=f"{people:,} 人" if measure == "total" else share(counts[measure, bucket], counts["total", "all"]),
            url=viewer.list_url("households", **filters),
            tone=tone,
        )
        for measure, bucket, label, tone, filters in HEADLINE
    ]
    return figures + unmet(viewer, counts)


def share(part: int, whole: int) -> str:
    return f"{part / whole:.1%}"


def nothing_judged(viewer: Viewer) -> Due:
    return Due(
        f"{viewer.year}年还没有评定结果",
        text="录入或导入农户后，系统会自动评定；也可以在右上角切换年度。",
        rank=Rank.NOTICE,
    )


def unmet(viewer: Viewer, counts: dict[tuple[str, str], int]) -> list[Due]:
    """The criteria that most households do not meet, each leading to its list, and the way to the dashboard."""
    failed = sorted(
        ((count, code) for (measure, code), count in counts.items() if measure == "failed" and code in BY_CODE),
        reverse=True,
    )
    if not failed:
        return []
    links = [
        Link(f"{BY_CODE[code].short} {count:,} 户", viewer.list_url("households", failed=code))
        for count, code in failed
    ]
    return [Due("哪些指标没有达标", dashboard(viewer), "打开看板", rank=Rank.WORK, links=links)]


def dashboard(viewer: Viewer) -> str:
    """The dashboard of the role's place."""
    return f"{reverse('dashboard-place', args=[viewer.places[0]])}?year={viewer.year}"


class Lagging(NamedTuple):
    """A place, the share of its data that was entered, its households, and those that lack data."""

    code: str
    complete: float
    households: int
    missing: int


def _lagging(user: User, year: int, *, role: str, digits: int) -> QuerySet[Any, Any]:
    """The places of a level whose entry is least complete, from the summaries."""
    rows = Tally.objects.visible_to(user).filter(inside(user, role, "place_id"), year=year)
    rows = rows.filter(measure__in=("filled", "fields", "verdict"), bucket__in=("all", Verdict.MISSING))
    filled, fields = (Cast(Sum("amount", filter=Q(measure=each)), FloatField()) for each in ("filled", "fields"))
    found = (
        rows.annotate(digits=Length("place_id"))
        .filter(digits=digits)
        .order_by()
        .values("place_id")
        .annotate(
            complete=Coalesce(filled, 0.0) / NullIf(fields, 0.0),
            count=Coalesce(Sum("households", filter=Q(measure="fields")), 0),
            lacking=Coalesce(Sum("households", filter=Q(measure="verdict")), 0),
        )
    )
    worst = found.filter(complete__lt=1).order_by("complete", "place_id")[:WORST]
    return worst.values_list("place_id", "complete", "count", "lacking")


LAGGING = ReadyFor(_lagging, int)
NAMED = Ready(lambda *codes: Place.objects.filter(pk__in=codes).select_related("parent"), *[str] * WORST)


def named(codes: Sequence[str]) -> dict[str, Place]:
    """Not more than WORST places by their codes, with those above them."""
    return {place.pk: place for place in NAMED(*codes, *[""] * (WORST - len(codes)))}


@offer(*OFFICES, Role.COUNTY_LEADER)
def lagging_villages(viewer: Viewer) -> Sequence[Listing]:
    """The villages whose entry is least complete, from the summaries; for who looks after more than a county, the
    counties."""
    digits = VILLAGE if all(len(code) >= COUNTY for code in viewer.places) else COUNTY
    worst = [Lagging(*row) for row in LAGGING(viewer.user, viewer.year, role=viewer.role, digits=digits)]
    if not worst:
        return []
    places = named([row.code for row in worst])
    cells = [lagging_row(viewer, places[row.code], row) for row in worst]
    level = Place.Level.VILLAGE if digits == VILLAGE else Place.Level.COUNTY
    heads = (level.label, "录入完整", "户数", "缺数据", *(["提醒"] if viewer.user.can(Right.NOTE_SEND) else []))
    return [Listing(f"录入最不完整的{level.label}", heads, cells, f"{viewer.year}年")]


def lagging_row(viewer: Viewer, place: Place, row: Lagging) -> list[Cell]:
    cells = [
        Cell(f"{place.parent} {place}", viewer.list_url("households", place=place.pk)),
        Cell(f"{row.complete:.1%}", number=True),
        Cell(row.households, number=True),
        Cell(row.missing, viewer.list_url("households", place=place.pk, verdict="missing"), number=True),
    ]
    return cells + ([Cell("提醒补录", remind(viewer, place))] if viewer.user.can(Right.NOTE_SEND) else [])


def remind(viewer: Viewer, place: Place) -> str:
    """Where a note to the place's cadres is written, about its households that are not complete."""
    about = {"place": place.pk, "url": viewer.list_url("households", place=place.pk, figure="incomplete.yes")}
    return f"{reverse('note-new')}?{urlencode(about)}"


def _checked(user: User) -> QuerySet[SheetImport]:
    sheets = SheetImport.objects.visible_to(user).filter(status=SheetImport.Status.CHECKED)
    sheets = sheets if user.can(Right.JOB_VIEW_ALL) else sheets.filter(by=user.pk)
    return sheets.select_related("by")[:MOST]


CHECKED = ReadyFor(_checked)


@offer(*OFFICES)
def waiting_imports(viewer: Viewer) -> Sequence[Due]:
    """Sheets that were checked and wait for somebody to confirm them."""
    return [
        Due(
            f"导入待确认：{sheet.file_name}",
            sheet_page(sheet),
            "核对并确认",
            f"{sheet.by or '系统'} {timezone.localtime(sheet.created_at):%m月%d日 %H:%M} 上传",
            tag="待确认",
            tone="warn",
            rank=Rank.SOON,
        )
        for sheet in CHECKED(viewer.user)
    ]


def sheet_page(sheet: SheetImport) -> str:
    return reverse("sheet-import", args=[sheet.pk])


def _jobs(user: User, since: datetime) -> QuerySet[Job]:
    rows = visible_jobs(user).select_related(None).order_by("-created_at")
    running = rows.filter(status__in=(Job.Status.QUEUED, Job.Status.RUNNING))[:MOST]
    return running.union(rows.filter(status=Job.Status.FAILED, ended_at__gte=since)[:MOST], all=True)


JOBS = ReadyFor(_jobs, datetime)


@offer(*OFFICES)
def jobs(viewer: Viewer) -> Sequence[Due]:
    """Jobs that run, and those that failed within a week."""
    found = sorted(JOBS(viewer.user, timezone.now() - WEEK), key=attrgetter("created_at"), reverse=True)
    failed = [job for job in found if job.status == Job.Status.FAILED]
    return [*(running_job(job) for job in found if job not in failed), *map(failed_job, failed)]


def running_job(job: Job) -> Due:
    return Due(
        job.title,
        reverse("job", args=[job.pk]),
        "查看进展",
        f"已处理 {job.done:,} / {job.expected:,}" if job.expected else "",
        tag=job.get_status_display(),
        tone="act",
        rank=Rank.WORK,
    )


def failed_job(job: Job) -> Due:
    return Due(
        job.title,
        reverse("job", args=[job.pk]),
        "查看原因并重试",
        Truncator(job.error).chars(60),
        tag="失败",
        tone="fail",
        rank=Rank.OVERDUE,
    )
