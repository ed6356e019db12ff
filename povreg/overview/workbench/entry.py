"""Due for who enters: a village's progress of the year, what fails, what changed; a helper's households."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import FilteredRelation, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone

from assistance.pairing.selectors import paired_households
from households.eligibility.criteria import BY_CODE
from households.find.addresses import household_page
from households.models import Assessment, Flip, Household, Member
from households.models.assessment import Verdict
from households.register.fields import SECTIONS
from povreg.kit.workbench import Cell, Due, Figure, Link, Listing, Rank, Viewer, inside, offer
from villages.models import User
from villages.rights import Role
from villages.rights.ready import ReadyFor
from villages.standards.rules import ORDINARY

WEEK = timedelta(days=7)
MOST = 4  # parts named in one sentence
ROWS = 8  # of a short list
TONES = {Verdict.PASS: "pass", Verdict.FAIL: "fail", Verdict.MISSING: "missing"}


class Judged(NamedTuple):
    """A registered household and its verdict of the year; all but the household None where it was not judged yet."""

    household_id: int
    gaps: list[str]
    missing: list[str]
    failed: list[str]
    verdict: str | None
    borderline: bool


def _judged(user: User, year: int, *, role: str) -> QuerySet[Any, Any]:
    """Households that the year counts: its row says so, or there is none yet and they are in the register."""
    rows = Household.objects.visible_to(user).filter(inside(user, role, "village_id"))
    rows = rows.annotate(of_year=FilteredRelation("assessments", condition=Q(assessments__year=year)))
    registered = Q(of_year__isnull=True, removed_on__isnull=True, in_register=True)
    rows = rows.filter(Q(of_year__counted=True) | registered)
    columns = (f"of_year__{name}" for name in Judged._fields[1:])
    return rows.order_by("village_id", "household_no").values_list("pk", *columns)


JUDGED = ReadyFor(_judged, int)


@offer(Role.VILLAGE_CADRE, Role.VOLUNTEER)
def village_entry(viewer: Viewer) -> Sequence[Due | Figure]:
    """How far the year's entry is, where it goes on, and which households do not meet the criteria."""
    registered = [Judged(*row) for row in JUDGED(viewer.user, viewer.year, role=viewer.role)]
    if not registered:
        return [nothing_yet()]
    rows = [row for row in registered if row.verdict]
    return [progress(viewer, rows, len(registered)), *shortfalls(viewer, rows)]


def nothing_yet() -> Due:
    return Due("登记第一户", reverse("household-new"), "登记新户", "本村还没有登记农户。", rank=Rank.WORK)


def progress(viewer: Viewer, rows: Sequence[Judged], total: int) -> Due:
    """The year's entry: complete households of all, what is missing most, the next one to open."""
    unfinished = [row for row in rows if row.gaps]
    done = len(rows) - len(unfinished)
    if not unfinished and done == total:
        text = "全部录入完成，没有缺项。"
        return Due(
            f"{viewer.year}年录入", viewer.list_url("households"), text=text, rank=Rank.NOTICE, done=done, total=total
        )
    return Due(
        f"{viewer.year}年录入",
        next_entry(viewer, unfinished),
        "继续录入",
        "" if unfinished else "新登记的农户正在评定，稍后显示缺项。",
        done=done,
        total=total,
        links=missing_parts(viewer, rows),
    )


def next_entry(viewer: Viewer, unfinished: Sequence[Judged]) -> str:
    """The first incomplete household of the list, at the first section that is incomplete."""
    if not unfinished:
        return viewer.list_url("households")
    first = unfinished[0]
    section = next((code for code in SECTIONS if code in first.gaps), "")
    return household_page(first.household_id, viewer.year, section)


def missing_parts(viewer: Viewer, rows: Iterable[Judged]) -> list[Link]:
    """缺饮水 7 户, 缺住房 3 户: the criteria most often not recorded, then the sections most often incomplete."""
    rows = list(rows)
    criteria = Counter(code for row in rows for code in row.missing)
    sections = Counter(code for row in rows if not row.missing for code in row.gaps)
    links = [
        Link(f"缺{BY_CODE[code].short} {count} 户", viewer.list_url("households", missing=code))
        for code, count in criteria.most_common(MOST)
        if code in BY_CODE
    ]
    links += [
        Link(f"{SECTIONS[code]}未填完 {count} 户", viewer.list_url("households", gap=code))
        for code, count in sections.most_common(MOST)
        if code in SECTIONS
    ]
    return links[:MOST]


def shortfalls(viewer: Viewer, rows: Sequence[Judged]) -> list[Due | Figure]:
    """Households that do not meet the criteria, and those just above the line."""
    failed = [row for row in rows if row.verdict == Verdict.FAIL]
    borderline = [row for row in rows if row.borderline]
    found: list[Due | Figure] = []
    if failed:
        counts = Counter(code for row in failed for code in row.failed)
        found.append(
            Due(
                f"{len(failed)} 户未达标",
                viewer.list_url("households", verdict="fail"),
                "查看怎样才能达标",
                tag="需帮扶",
                tone="fail",
                links=[
                    Link(f"{BY_CODE[code].short} {count} 户", viewer.list_url("households", failed=code))
                    for code, count in counts.most_common(MOST)
                    if code in BY_CODE
                ],
            )
        )
    if borderline:
        found.append(
            Due(
                f"{len(borderline)} 户踩线",
                viewer.list_url("households", borderline=1),
                "查看名单",
                f"收入{ORDINARY.borderline_words}，稍有变化就会不达标。",
                tag="请核实收入",
                tone="warn",
            )
        )
    return found


def _flips(user: User, year: int, since: datetime, *, role: str) -> QuerySet[Flip]:
    heads = Member.objects.heads().filter(household_id=OuterRef("household_id"))
    rows = Flip.objects.visible_to(user).filter(inside(user, role, "village_id"), year=year, at__gte=since)
    rows = rows.annotate(head=Subquery(heads.values("name")[:1]))
    return rows.select_related("household__village")[: ROWS + 1]


FLIPS = ReadyFor(_flips, int, datetime)


@offer(Role.VILLAGE_CADRE, Role.TOWNSHIP_OFFICER, Role.COUNTY_OFFICER, Role.AUDITOR)
def flips(viewer: Viewer) -> Sequence[Listing]:
    """Whose verdict changed since a week ago, and why."""
    latest = FLIPS(viewer.user, viewer.year, timezone.now() - WEEK, role=viewer.role)
    if not latest:
        return []
    shown = [flip_row(viewer, flip) for flip in latest[:ROWS]]
    sub = f"近七天，最近 {ROWS} 户" if len(latest) > ROWS else f"近七天 {len(latest)} 户"
    return [Listing("结论变化", ("户主", "村", "变化", "原因", "时间"), shown, sub)]


def flip_row(viewer: Viewer, flip: Any) -> list[Cell]:
    criteria = "、".join(BY_CODE[code].short for code in flip.changed if code in BY_CODE)
    return [
        Cell(flip.head or flip.household.household_no, household_page(flip.household_id, flip.year)),
        Cell(flip.household.village),
        Cell(f"{Verdict(flip.before).label} → {Verdict(flip.after).label}", tone=TONES[Verdict(flip.after)]),
        Cell(f"{Flip.Cause(flip.cause).label}{f'（{criteria}）' if criteria else ''}"),
        Cell(day(flip.at)),
    ]


def day(moment: Any) -> str:
    local = timezone.localtime(moment)
    return f"{local.month}月{local.day}日"


def head_names(household_ids: Iterable[int]) -> dict[int, str]:
    """Name of the present head by household."""
    heads = Member.objects.heads().filter(household_id__in=list(household_ids))
    return dict(heads.values_list("household_id", "name"))


@offer(Role.HELPER)
def helped_households(viewer: Viewer) -> Sequence[Due | Listing]:
    """The households paired with the helper, with what is missing at each."""
    households = Household.objects.visible_to(viewer.user).registered().filter(paired_households(viewer.user, "pk"))
    mine = list(households.select_related("village").order_by("village_id", "household_no"))
    if not mine:
        return [Due("还没有结对的农户", text="结对后，这里会列出您帮扶的每一户和要解决的问题。", rank=Rank.NOTICE)]
    ids = [household.pk for household in mine]
    verdicts = {row.household_id: row for row in Assessment.objects.filter(household_id__in=ids, year=viewer.year)}
    heads = head_names(ids)
    rows = [helped_row(viewer, household, verdicts.get(household.pk), heads) for household in mine]
    failing = sum(row.verdict == Verdict.FAIL for row in verdicts.values())
    listing = Listing("我帮扶的农户", ("户主", "村", "结论", "要解决的问题"), rows, f"{len(mine)} 户")
    if not failing:
        return [listing]
    text = "打开农户，在“怎样才能达标”里逐项查看。"
    return [
        Due(
            f"{failing} 户还没有达标", viewer.list_url("households", verdict="fail"), "查看名单", text, "需帮扶", "fail"
        ),
        listing,
    ]


def helped_row(
    viewer: Viewer, household: Household, verdict: Assessment | None, heads: Mapping[int, str]
) -> list[Cell]:
    open_codes = [*verdict.failed, *verdict.missing] if verdict else []
    label, tone = (
        (Verdict(verdict.verdict).label, TONES[Verdict(verdict.verdict)]) if verdict else ("未评定", "missing")
    )
    return [
        Cell(heads.get(household.pk, household.household_no), household_page(household.pk, viewer.year)),
        Cell(household.village),
        Cell(label, tone=tone),
        Cell("、".join(BY_CODE[code].short for code in open_codes if code in BY_CODE) or "没有"),
    ]
