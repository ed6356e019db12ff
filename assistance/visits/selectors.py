"""What is read of visits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Case, Count, Q, QuerySet, Value, When
from django.db.models.functions import Left
from django.utils import timezone

from assistance.models import Visit
from assistance.models.visit import Answer, VisitQuerySet
from assistance.visits.due import DONE, DUE, LATE, bounds, in_state, rules, since, with_visits
from assistance.visits.services import TOPICS
from households.eligibility.clearing.selectors import short_of
from households.models import Assessment, Household
from households.models.member import head_name
from households.register.turnover import homes_behind
from povreg.kit.scopes import COUNTY, TOWNSHIP, VILLAGE
from povreg.kit.workbench import inside
from villages.models import User
from villages.rights import Right
from villages.rights.ready import ReadyFor


def visits(user: User) -> VisitQuerySet:
    """The visits a person may see, the latest first. ``head_name`` and ``photo_count`` are added."""
    rows = Visit.objects.visible_to(user).select_related("household", "village__parent", "by", "lead")
    rows = rows.annotate(head_name=head_name("household_id"), photo_count=Count("photos"))
    return rows.order_by("-visited_on", "-pk")


def of_household(user: User, household_id: int) -> VisitQuerySet:
    """Visits to a household, and to those that were merged into it."""
    return visits(user).filter(household__in=homes_behind([household_id]))


def to_visit(user: User) -> QuerySet[Household]:
    """The registered households a person may see, those that are late first, then the due ones, then the others."""
    rows = with_visits(Household.objects.visible_to(user).registered().select_related("village__parent"))
    turn = Case(When(in_state(LATE), then=Value(0)), When(in_state(DUE), then=Value(1)), default=Value(2))
    return rows.annotate(head_name=head_name(), turn=turn).order_by(
        "turn", "-is_monitored", "last_visit", "village_id", "household_no"
    )


def with_what_to_see(rows: Sequence[Household], user: User) -> None:
    """Put on each row what to look at: the last next step, else what fails or is not recorded this year. Two
    statements."""
    ids = [row.pk for row in rows]
    latest = Visit.objects.filter(household_id__in=ids, withdrawn_on__isnull=True).exclude(next_step="")
    steps = {each.household_id: each.next_step for each in latest.order_by("visited_on", "pk")}
    judged = Assessment.objects.filter(household_id__in=ids, year=timezone.localdate().year)
    lacking = {
        each.household_id: [*each.failed, *each.missing] for each in judged.only("household_id", "failed", "missing")
    }
    for row in rows:
        said = [short_of(code) for code in lacking.get(row.pk, ())[:3]]
        row.to_see = steps.get(row.pk) or "、".join(said)  # type: ignore[attr-defined]


def _counted(user: Any, *days: date, role: str) -> QuerySet[Any, Any]:
    firsts = dict(zip(rules(), zip(days[::2], days[1::2], strict=True), strict=True))
    rows = with_visits(Household.objects.visible_to(user).registered()).order_by()
    if role:
        rows = rows.filter(inside(user, role, "village_id"))
    states = {state: since(state, firsts) for state in (DONE, DUE, LATE)}
    asked: dict[str, Any] = {state: Count("pk", condition) for state, condition in states.items()}
    asked["monitored"] = Count("pk", (states[DUE] | states[LATE]) & Q(is_monitored=True))
    return rows.annotate(all=Value(1)).values("all").annotate(**asked).values_list(*COUNTED)


COUNTED = (DONE, DUE, LATE, "monitored")
COUNTS = ReadyFor(_counted, *[date] * 4)


def counts(user: User, role: str = "") -> dict[str, int]:
    """How many households, of all or of one role's places, are done, due and late, and how many of those due are
    monitored."""
    days = [day for both in bounds(timezone.localdate()).values() for day in both]
    found = COUNTS(user, *days, role=role)
    return dict(zip(COUNTED, found[0] if found else (0, 0, 0, 0), strict=True))


def progress(user: User) -> list[dict[str, Any]]:
    """Plan against done by the places below the person's own: monitored and others, each done, due and late."""
    codes = [code for _role, code in user.postings_today()]
    shortest = min(map(len, codes), default=VILLAGE)
    digits = VILLAGE if shortest >= TOWNSHIP else TOWNSHIP if shortest >= COUNTY else COUNTY
    rows = with_visits(Household.objects.visible_to(user).registered()).order_by()
    asked = {
        f"{whose}_{state}": Count("pk", in_state(state) & Q(is_monitored=whose == "monitored"))
        for whose in ("monitored", "others")
        for state in (DONE, DUE, LATE)
    }
    return list(rows.annotate(at=Left("village_id", digits)).values("at").annotate(**asked).order_by("at"))


def may_read(user: User, row: Visit) -> bool:
    """Whether the person may read what the family told: who was there, who visits there, who may unmask."""
    allowed = user.can(Right.VISIT_LOG, row.village_id) or user.can(Right.UNMASK, row.village_id)
    return row.by_id == user.pk or allowed


def found_words(row: Visit) -> str:
    """What was found, in a line, without the words of the problems."""
    wrong = [label for name, (label, _risk) in TOPICS.items() if getattr(row, name) == Answer.PROBLEM]
    fine = [label for name, (label, _risk) in TOPICS.items() if getattr(row, name) == Answer.FINE]
    if wrong:
        return f"有问题：{'、'.join(wrong)}"
    return f"没问题：{'、'.join(fine)}" if fine else ""
