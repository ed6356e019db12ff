"""What is read of comparisons: lists, hits, how often each source was right."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, F, Q, QuerySet

from audits.comparisons.sources import sources
from audits.models import ComparisonHit, ComparisonList
from audits.models.comparison import HitQuerySet
from povreg.kit.scopes import within
from villages.models import User
from villages.rights import Right

FALSE = Q(answer__in=[str(each) for each in ComparisonHit.FALSE])
ANSWERED = ~Q(answer="")
STATES: dict[str, tuple[str, Q]] = {
    "open": ("待核实", Q(answer="")),
    "true": ("属实", ANSWERED & ~FALSE),
    "false": ("不属实", FALSE),
    "all": ("全部", Q()),
}


def lists(user: User) -> QuerySet[ComparisonList]:
    """Lists with the number of their hits, the latest first."""
    rows = ComparisonList.objects.visible_to(user).select_related("county", "by")
    return rows.annotate(
        hit_count=Count("hits"), open_count=Count("hits", filter=Q(hits__answer=""))
    ).order_by("-at", "-pk")  # fmt: skip


def hits(user: User) -> HitQuerySet:
    """Hits that a person may see, those not answered and to be removed first, matches by number before weak ones."""
    rows = ComparisonHit.objects.visible_to(user).select_related("village__parent", "household", "member", "list")
    return rows.order_by(F("answered_on").asc(nulls_first=True), "severity", "weak", "village_id", "pk")


def precision(user: User, place: str) -> list[dict[str, Any]]:
    """Each source with its hits, those answered, and the share of true ones; weak matches beside."""
    rows = ComparisonHit.objects.visible_to(user).filter(within("village_id", place)).order_by()
    counts = rows.values("source").annotate(
        total=Count("pk"), open=Count("pk", filter=Q(answer="")), false=Count("pk", filter=FALSE),
        true=Count("pk", filter=ANSWERED & ~FALSE), weak=Count("pk", filter=Q(weak=True)),
    )  # fmt: skip
    by: dict[str, Any] = {row["source"]: row for row in counts}
    return [{"source": each, **_shares(by.get(each.code))} for each in sources().values()]


def _shares(row: dict[str, Any] | None) -> dict[str, Any]:
    found = {name: row[name] if row else 0 for name in ("total", "open", "false", "true", "weak")}
    answered = found["false"] + found["true"]
    return {**found, "precision": round(100 * found["true"] / answered) if answered else None}


def may_read(user: User, row: ComparisonHit) -> bool:
    """Whether the person may read what the department's list says: who answers or imports there, and auditors."""
    rights = (Right.FINDING_ANSWER, Right.COMPARE_IMPORT, Right.FINDING_OPEN)
    return any(user.can(right, row.village_id) for right in rights)
