"""What is read of findings: the list, one finding with what may be done, rounds and their numbers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, F, Min, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from audits.models import AuditRound, ComparisonHit, Doubt, Evidence, Finding, FindingStep, InspectionVisit
from audits.models.finding import FindingQuerySet
from households.models import Batch
from households.models.member import head_name
from povreg.kit.prepared import summed
from povreg.kit.scopes import TOWNSHIP
from povreg.kit.workbench import inside
from villages.models import User
from villages.rights import Right
from villages.rights.ready import ReadyFor

SHOWN = 10
State, Outcome = Finding.State, Finding.Outcome
STATIONS: dict[str, tuple[str, Q]] = {
    "open": ("待交办", Q(state=State.OPEN)),
    "assigned": ("整改中", Q(state=State.ASSIGNED)),
    "answered": ("待核实", Q(state=State.ANSWERED)),
    "closed": ("已销号", Q(state=State.CLOSED)),
    "dismissed": ("不属实", Q(state=State.DISMISSED)),
}
"""Where a finding stands, in the order of its way: label and condition."""


def overdue(day: date | None = None) -> Q:
    """Findings whose day has passed without an answer."""
    return Q(state=State.ASSIGNED, deadline__lt=day or timezone.localdate())


def findings(user: User) -> FindingQuerySet:
    """The findings a person may see, the most pressing first, then those at an end. ``head_name`` is added."""
    rows = Finding.objects.visible_to(user).select_related("village__parent", "household", "round", "answered_by")
    return rows.annotate(head_name=head_name("household_id")).order_by(
        F("ended_on").desc(nulls_first=True), F("deadline").asc(nulls_first=True), "-pk"
    )


def counts(rows: QuerySet[Finding]) -> dict[str, int]:
    """How many stand at each station, and how many are late, in one statement."""
    asked = {code: Count("pk", filter=condition) for code, (_label, condition) in STATIONS.items()}
    return rows.order_by().aggregate(**asked, late=Count("pk", filter=overdue()))


def who_is_it(row: Finding) -> str:
    """Whom or what it is about: a member, the head of the household, or the place."""
    if row.household_id is None:
        return str(row.village)
    return getattr(row, "head_name", "") or str(row.household)


@dataclass(frozen=True)
class FindingPage:
    """One finding as this person may see it; ``steps`` is what he may do now, ``why_not`` why he may not verify; of the
    ``doubts`` it was opened from the last check still found ``standing``; ``hits`` are those of a comparison."""

    row: Finding
    path: list[FindingStep]
    evidence: list[Evidence]
    steps: tuple[str, ...]
    why_not: str
    others: list[Finding]
    doubts: int
    standing: int
    hits: list[ComparisonHit]


def finding_page(user: User, row: Finding) -> FindingPage:
    steps, why_not = next_steps(user, row)
    doubts = Doubt.objects.visible_to(user).filter(finding=row)
    hits = ComparisonHit.objects.visible_to(user).filter(finding=row)
    others = findings(user).filter(household_id=row.household_id or 0).exclude(pk=row.pk)
    return FindingPage(
        row=row,
        path=list(row.steps.select_related("by").order_by("pk")),
        evidence=list(row.evidence.select_related("by")),
        steps=steps,
        why_not=why_not,
        others=list(others[:SHOWN]),
        doubts=doubts.count(),
        standing=doubts.open().count(),
        hits=list(hits.select_related("list", "member").order_by("pk")[:SHOWN]),
    )


def next_steps(user: User, row: Finding) -> tuple[tuple[str, ...], str]:
    """What the person may do with a finding now, the due one first; and why he may not verify it, if so."""
    opens, verifies = (user.can(right, row.village_id) for right in (Right.FINDING_OPEN, Right.FINDING_VERIFY))
    answers = user.can(Right.FINDING_ANSWER, row.village_id)
    own = row.answered_by_id == user.pk
    if row.state == State.OPEN:
        return _given((opens, "assign"), (verifies, "dismiss")), ""
    if row.state == State.ASSIGNED:
        return _given((answers, "answer"), (opens, "assign"), (verifies and not own, "dismiss")), ""
    if row.state == State.ANSWERED:
        if verifies and own:
            return _given((answers, "answer")), "您报送了整改情况，请由其他人核实。"
        return _given((verifies, "close"), (verifies, "return"), (verifies, "dismiss"), (answers, "answer")), ""
    return _given((opens, "reopen")), ""


def _given(*steps: tuple[bool, str]) -> tuple[str, ...]:
    return tuple(name for may, name in steps if may)


def batches_of(row: Finding) -> QuerySet[Batch]:
    """The lists on which the finding's household stands or stood this year."""
    rows = Batch.objects.filter(entries__household_id=row.household_id) if row.household_id else Batch.objects.none()
    return rows.select_related("place").distinct().order_by("-pk")


def rounds(user: User) -> QuerySet[AuditRound]:
    """Rounds with the number of their findings, those at an end, and those late."""
    ended = Q(findings__state__in=Finding.ENDED)
    late = Q(findings__state=State.ASSIGNED, findings__deadline__lt=timezone.localdate())
    rows = AuditRound.objects.visible_to(user).select_related("county")
    return rows.annotate(
        total=Count("findings"), ended=Count("findings", filter=ended), late=Count("findings", filter=late)
    ).order_by("-starts_on", "-pk")


def open_rounds(user: User) -> QuerySet[AuditRound]:
    """Rounds that findings may still be counted in."""
    return AuditRound.objects.visible_to(user).filter(closed_on__isnull=True)


def counts_of_round(row: AuditRound) -> dict[str, Any]:
    """The numbers of a round: findings by state, households by outcome (剔除、保留、补录: policy.md 10.15)."""
    if row.closed_on and row.counts:
        return row.counts
    mine = Finding.objects.filter(round=row)
    found: dict[str, Any] = counts(mine)
    ended = mine.filter(state__in=Finding.ENDED)
    by = {
        outcome: Count("household_id", filter=Q(outcome=outcome), distinct=True)
        for outcome in (Outcome.REMOVED, Outcome.KEPT, Outcome.ADDED)
    }
    found |= ended.aggregate(**{str(name): count for name, count in by.items()})
    found["reopened"] = mine.filter(reopened__gt=0).count()
    return found


def places_of_round(row: AuditRound) -> list[dict[str, Any]]:
    """The numbers of a round by township, those with the most open ones first."""
    by: dict[str, dict[str, Any]] = {}
    rows = Finding.objects.filter(round=row).select_related("village__parent")
    today = timezone.localdate()
    for each in rows:
        place = each.village if len(each.village_id) == TOWNSHIP else each.village.parent
        if place is None:
            continue
        sums = by.setdefault(place.pk, {"place": place, "total": 0, "ended": 0, "late": 0})
        sums["total"] += 1
        sums["ended"] += each.state in Finding.ENDED
        sums["late"] += bool(each.state == State.ASSIGNED and each.deadline and each.deadline < today)
    return sorted(by.values(), key=lambda sums: (sums["ended"] - sums["total"], sums["place"].pk))


def inspections(user: User) -> QuerySet[InspectionVisit]:
    """Visits of inspectors, the latest first."""
    return InspectionVisit.objects.visible_to(user).select_related("village__parent", "round", "by")


def _waiting(user: Any, today: date, *, role: str) -> QuerySet[Any, Any]:
    """How many are to be answered, assigned and verified in the places of a role (not by who answered), how many of
    them are late, and since when."""
    rows = Finding.objects.visible_to(user).filter(inside(user, role, "village_id")).exclude(state__in=Finding.ENDED)
    return summed(
        rows,
        assigned=Count("pk", Q(state=State.ASSIGNED)),
        opened=Count("pk", Q(state=State.OPEN)),
        answered=Count("pk", Q(state=State.ANSWERED) & ~Q(answered_by=user.pk)),
        late=Count("pk", overdue(today)),
        first=Min("deadline", filter=overdue(today)),
    )


WAITING = ReadyFor(_waiting, date)


def address_of(user: User, source: str, village: str) -> str:
    """Where a finding is opened that comes from something else; empty for who may open none there."""
    may = user.can(Right.FINDING_OPEN, str(village))
    return f"{reverse('finding-new')}?{urlencode({'source': source, 'village': village})}" if may else ""
