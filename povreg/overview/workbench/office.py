"""Due for offices: headline figures, villages that lag behind, jobs, imports that wait for a word."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator

from households.eligibility.criteria import BY_CODE
from households.models import SheetImport, Tally
from households.models.assessment import Verdict
from povreg.jobs.models import Job
from povreg.kit.scopes import COUNTY
from povreg.kit.workbench import Cell, Due, Figure, Link, Listing, Rank, Viewer, offer
from povreg.overview.jobs.selectors import visible_jobs
from villages.models import Place
from villages.rights import Right, Role

OFFICES = (Role.TOWNSHIP_OFFICER, Role.COUNTY_OFFICER)
WORST = 8
WEEK = timedelta(days=7)


def _verdict(code: str, label: str) -> tuple[str, str, str, str, dict[str, str | int]]:
    return "verdict", code, label, code, {"verdict": code}


HEADLINE: tuple[tuple[str, str, str, str, dict[str, str | int]], ...] = (
    ("total", "all", "在册", "", {"figure": "total.all"}),
    *(_verdict(code, label) for code, label in Verdict.choices),
    ("borderline", "yes", "踩线", "warn", {"borderline": 1}),
)


@offer(*OFFICES, Role.COUNTY_LEADER, Role.DEPARTMENT_OFFICER, Role.AUDITOR)
def headline(viewer: Viewer) -> Sequence[Figure | Due]:
    """The year's verdicts of the places, from the summaries, and what is unmet most."""
    wanted = ("total", "verdict", "borderline", "failed")
    rows = Tally.objects.visible_to(viewer.user).filter(place_id__in=viewer.places, year=viewer.year)
    counts: dict[tuple[str, str], int] = defaultdict(int)
    people = 0
    for row in rows.filter(measure__in=wanted):
        counts[row.measure, row.bucket] += row.households
        people += row.people if row.measure == "total" else 0
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


@offer(*OFFICES, Role.COUNTY_LEADER)
def lagging_villages(viewer: Viewer) -> Sequence[Listing]:
    """The villages whose entry is least complete, from the summaries; for who looks after more than a county, the
    counties."""
    level = Place.Level.VILLAGE if all(len(code) >= COUNTY for code in viewer.places) else Place.Level.COUNTY
    rows = (
        Tally.objects.visible_to(viewer.user)
        .filter(viewer.inside("place_id"), year=viewer.year, measure__in=("filled", "fields", "verdict"))
        .filter(place__level=level)
        .values_list("place_id", "measure", "bucket", "households", "amount")
    )
    sums: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for code, measure, bucket, households, amount in rows:
        key = bucket if measure == "verdict" else measure
        sums[code][key] += households if measure == "verdict" else float(amount or 0)
        if measure == "fields":
            sums[code]["households"] += households
    shares = {code: village["filled"] / village["fields"] for code, village in sums.items() if village["fields"]}
    worst = [code for code in sorted(shares, key=lambda code: (shares[code], code))[:WORST] if shares[code] < 1]
    if not worst:
        return []
    places = Place.objects.select_related("parent").in_bulk(worst)
    cells = [lagging_row(viewer, places[code], shares[code], sums[code]) for code in worst]
    heads = (level.label, "录入完整", "户数", "缺数据", *(["提醒"] if viewer.user.can(Right.NOTE_SEND) else []))
    return [Listing(f"录入最不完整的{level.label}", heads, cells, f"{viewer.year}年")]


def lagging_row(viewer: Viewer, place: Place, complete: float, sums: dict[str, float]) -> list[Cell]:
    cells = [
        Cell(f"{place.parent} {place}", viewer.list_url("households", place=place.pk)),
        Cell(f"{complete:.1%}", number=True),
        Cell(int(sums["households"]), number=True),
        Cell(int(sums["missing"]), viewer.list_url("households", place=place.pk, verdict="missing"), number=True),
    ]
    return cells + ([Cell("提醒补录", remind(viewer, place))] if viewer.user.can(Right.NOTE_SEND) else [])


def remind(viewer: Viewer, place: Place) -> str:
    """Where a note to the place's cadres is written, about its households that are not complete."""
    about = {"place": place.pk, "url": viewer.list_url("households", place=place.pk, figure="incomplete.yes")}
    return f"{reverse('note-new')}?{urlencode(about)}"


@offer(*OFFICES)
def waiting_imports(viewer: Viewer) -> Sequence[Due]:
    """Sheets that were checked and wait for somebody to confirm them."""
    sheets = SheetImport.objects.visible_to(viewer.user).filter(status=SheetImport.Status.CHECKED)
    sheets = sheets if viewer.user.can(Right.JOB_VIEW_ALL) else sheets.filter(by=viewer.user)
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
        for sheet in sheets.select_related("by")[:3]
    ]


def sheet_page(sheet: SheetImport) -> str:
    return reverse("sheet-import", args=[sheet.pk])


@offer(*OFFICES)
def jobs(viewer: Viewer) -> Sequence[Due]:
    """Jobs that run, and those that failed within a week."""
    since = timezone.now() - WEEK
    rows = visible_jobs(viewer.user).order_by("-created_at")
    running = rows.filter(status__in=(Job.Status.QUEUED, Job.Status.RUNNING))[:3]
    failed = rows.filter(status=Job.Status.FAILED, ended_at__gte=since)[:3]
    return [running_job(job) for job in running] + [failed_job(job) for job in failed]


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
