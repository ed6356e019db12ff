"""What is read of plans: one with what came of it, those that are missing, the list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from assistance.models import Measure, Plan, PlanLine
from households.models import Household
from households.models.codes import REGISTERED_POOR
from households.models.member import head_name
from povreg.kit.prepared import summed
from povreg.kit.workbench import inside
from villages.models import User
from villages.rights.ready import ReadyFor

TERM = 10
"""Days from being taken in until a monitored household has its plan."""


def plans(user: User) -> QuerySet[Plan]:
    """The plans a person may see, this year's first. ``head_name``, ``lines_count`` and ``done_count`` are added."""
    rows = Plan.objects.visible_to(user).select_related("household", "village__parent", "drawn_by", "survey")
    given = Measure.objects.filter(
        household=OuterRef("household"), withdrawn_on__isnull=True, item__code=OuterRef("item__code"),
        delivered_on__year=OuterRef("plan__year"),
    )  # fmt: skip
    done = PlanLine.objects.filter(Exists(given)).values("pk")
    return rows.annotate(
        head_name=head_name("household_id"),
        lines_count=Count("lines", distinct=True),
        done_count=Count("lines", Q(lines__in=done), distinct=True),
    ).order_by("-year", "village_id", "household_id")


def plan_of(household_id: int, year: int) -> Plan | None:
    rows = Plan.objects.select_related("survey", "drawn_by", "household", "village")
    return rows.filter(household_id=household_id, year=year).first()


@dataclass(frozen=True)
class Line:
    """A planned measure beside what was delivered of it in the year."""

    row: PlanLine
    delivered: int
    amount: Decimal
    last: date | None

    @property
    def state(self) -> str:
        if self.delivered:
            return "已落实"
        return "逾期未落实" if self.row.due_on < timezone.localdate() else "未落实"

    @property
    def tone(self) -> str:
        return {"已落实": "pass", "逾期未落实": "fail"}.get(self.state, "plain")


def lines_of(plan: Plan) -> list[Line]:
    """The plan against the result: each line with the measures of its kind delivered in the year. Two statements."""
    given: dict[str, list[Measure]] = {}
    rows = Measure.objects.standing().filter(household_id=plan.household_id, delivered_on__year=plan.year)
    for each in rows.select_related("item"):
        given.setdefault(each.item.code, []).append(each)
    lines = []
    for line in plan.lines.select_related("item"):
        found = given.get(line.item.code, [])
        amount = sum((each.amount or Decimal(0) for each in found), Decimal(0))
        lines.append(Line(line, len(found), amount, max((each.delivered_on for each in found), default=None)))
    return lines


def must_have_plan(user: User) -> QuerySet[Household]:
    """Households a person sees that must have a plan."""
    return in_need_of_plan(Household.objects.visible_to(user))


def in_need_of_plan(rows: QuerySet[Household]) -> QuerySet[Household]:
    """Of households those that must have a plan: monitored ones whose risk is not removed, and those registered as
    poor."""
    watched = ~Q(monitor_type="") & (Q(risk_cleared__isnull=True) | Q(risk_cleared=False))
    return rows.filter(watched | Q(exit_status__in=REGISTERED_POOR), removed_on__isnull=True)


def planned(year: int) -> QuerySet[Plan]:
    """The plan of a year that a household (the outer row) agreed to."""
    return Plan.objects.filter(household=OuterRef("pk"), year=year, state=Plan.State.AGREED)


def without_plan(user: User, year: int | None = None) -> QuerySet[Household]:
    """Households that must have a plan this year and have none. ``head_name`` is added; those taken in first come
    first."""
    made = planned(timezone.localdate().year if year is None else year)
    rows = must_have_plan(user).select_related("village__parent").exclude(Exists(made))
    return rows.annotate(head_name=head_name()).order_by("risk_identified_on", "village_id", "household_no")


def _missing(user: Any, year: int, since: date, *, role: str) -> QuerySet[Any, Any]:
    rows = without_plan(user, year).filter(inside(user, role, "village_id"))
    return summed(rows, count=Count("pk"), late=Count("pk", Q(risk_identified_on__lt=since)))


MISSING = ReadyFor(_missing, int, date)


def missing(user: User, role: str) -> dict[str, int]:
    """How many in the places of a role must have a plan this year and have none, and how many of them are late."""
    today = timezone.localdate()
    return MISSING.sums(user, today.year, today - timedelta(days=TERM), role=role)


def due_on(row: Household) -> date:
    """Until when the plan is due: ten days after a monitored household was taken in, or the end of January."""
    since = row.risk_identified_on if row.monitor_type and row.risk_cleared is not True else None
    year = timezone.localdate().year
    if since and since.year == year:
        return since + timedelta(days=TERM)
    return date(year, 1, 31)


def with_drafts(rows: Sequence[Household], user: User) -> None:
    """Put on each row this year's plan, if one was begun, in one statement."""
    ids = [row.pk for row in rows]
    found: dict[int, Any] = {}
    for each in Plan.objects.filter(household_id__in=ids, year=timezone.localdate().year):
        found[each.household_id] = each
    for row in rows:
        row.draft = found.get(row.pk)  # type: ignore[attr-defined]


def days_left(row: Household) -> int:
    """Days until the plan is due; less than 0 when it is late."""
    return (due_on(row) - timezone.localdate()).days


def days_words(row: Household) -> str:
    """逾期 3 天, 今天到期, 还有 6 天."""
    days = days_left(row)
    return f"逾期 {-days} 天" if days < 0 else f"还有 {days} 天" if days else "今天到期"
