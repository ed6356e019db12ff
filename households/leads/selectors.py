"""What is read of leads: the list, one lead as somebody may see it, the stations with their counts.

What was said may touch a family's illness or debts. It is read by those who check leads there, by whoever raised or
checked it and by who may look at full numbers; everybody else sees that it is there and how far it is.
Name and phone are masked until somebody with the right to unmask asks, with a reason, which is logged (policy.md 11.6).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from households.models import Batch, Household, IncomeTest, Lead, UnmaskLog
from households.models.lead import LeadQuerySet
from households.models.member import head_name
from households.register.errors import refusal
from povreg.kit.history import act
from povreg.kit.masking import mask_name, mask_phone
from povreg.kit.prepared import Ready
from villages.models import User
from villages.rights import Right

SHORTEST_REASON = 4
WEEK = timedelta(days=7)
State = Lead.State
STATIONS: dict[str, tuple[str, Q]] = {
    "new": ("待核实", Q(state=State.NEW)),
    "checking": ("核实中", Q(state=State.CHECKING, finding="")),
    "ready": ("待办结", ~Q(finding="") & Q(state=State.CHECKING)),
    "decided": ("已办结", Q(state=State.DECIDED)),
}
"""Where a lead stands, in the order of its way: label and condition."""


@dataclass(frozen=True)
class Station:
    """A stop on the way from a clue to the end of a risk: how many are there, what is said below, where they are."""

    label: str
    count: int
    url: str
    sub: str = ""
    here: bool = False


def leads(user: User) -> LeadQuerySet:
    """The leads a person may see, those that wait longest first, then the decided ones. ``head_name`` is added."""
    rows = Lead.objects.visible_to(user).select_related("village__parent", "household", "checked_by", "income_test")
    return rows.annotate(head_name=head_name("household_id")).order_by(
        F("decided_on").desc(nulls_first=True), "found_on", "pk"
    )


def of_household(user: User, household_id: int) -> LeadQuerySet:
    """All leads about a household, the latest first."""
    return leads(user).filter(household_id=household_id).order_by("-found_on", "-pk")


def _open_of(household_id: int) -> QuerySet[Lead]:
    return Lead.objects.open().filter(household_id=household_id).order_by("-found_on", "-pk")


OPEN_OF = Ready(_open_of, int)


def open_of_household(user: User, household: Household) -> list[Lead]:
    """The open leads about a household that a person may see, the latest first; every page of a household asks."""
    if Lead.scope.plainly_shows(user, household.village_id):
        return OPEN_OF(household.pk)
    return list(of_household(user, household.pk).open())


def counts(rows: QuerySet[Lead]) -> dict[str, int]:
    """How many stand at each station, in one statement."""
    asked = {code: Count("pk", filter=condition) for code, (_label, condition) in STATIONS.items()}
    return rows.order_by().aggregate(**asked)


def by_source(rows: QuerySet[Lead]) -> list[tuple[str, str, int]]:
    """Leads found in the last seven days by source (code, label, number), the most frequent first."""
    recent = rows.filter(found_on__gt=timezone.localdate() - WEEK)
    found = recent.order_by().values_list("source").annotate(n=Count("pk")).order_by("-n", "source")
    return [(code, str(Lead.Source(code).label), number) for code, number in found]


def who_is_it(row: Lead) -> str:
    """Whom a lead is about: the head of the household, or the masked name that was told."""
    if row.household_id:
        return getattr(row, "head_name", "") or row.household.household_no  # type: ignore[union-attr]
    return mask_name(row.told_name) or "未留姓名"


def may_read(user: User, row: Lead) -> bool:
    """Whether the person may read what was said."""
    own = user.pk in (row.raised_by_id, row.checked_by_id)
    return own or user.can(Right.LEAD_CHECK, row.village_id) or user.can(Right.UNMASK, row.village_id)


def may_unmask(user: User, row: Lead) -> bool:
    """Whether the person may see who told it."""
    return bool((row.told_name or row.told_phone) and may_read(user, row) and user.can(Right.UNMASK, row.village_id))


def unmask(*, by: User, lead: Lead, reason: str) -> dict[str, str]:
    """Full name and phone that were told, logged. Raises PermissionDenied, ValidationError without a reason."""
    if not may_unmask(by, lead):
        raise PermissionDenied
    if len(reason.strip()) < SHORTEST_REASON:
        raise refusal(f"请写明查看姓名和电话的理由，至少 {SHORTEST_REASON} 个字。", field="reason")
    with act(by=by, verb="reveal_teller", reason=reason):
        UnmaskLog.objects.create(
            by=by, place_id=lead.village_id, what="线索反映人姓名电话", reason=reason.strip()[:200]
        )
    return {"name": lead.told_name, "phone": lead.told_phone}


@dataclass(frozen=True)
class LeadPage:
    """One lead as this person may see it; ``steps`` is what he may do now, ``why_not`` why he may not decide."""

    row: Lead
    said: str
    finding: str
    name: str
    phone: str
    may_unmask: bool
    steps: tuple[str, ...]
    why_not: str
    test: IncomeTest | None
    others: list[Lead]


def lead_page(user: User, row: Lead) -> LeadPage:
    readable = may_read(user, row)
    steps, why_not = next_steps(user, row)
    others = list(of_household(user, row.household_id).exclude(pk=row.pk)[:10]) if row.household_id else []
    return LeadPage(
        row=row,
        said=row.said if readable else "",
        finding=row.finding if readable else "",
        name=mask_name(row.told_name),
        phone=mask_phone(row.told_phone),
        may_unmask=may_unmask(user, row),
        steps=steps,
        why_not=why_not,
        test=test_of(row),
        others=others,
    )


def test_of(row: Lead) -> IncomeTest | None:
    """The income test of a lead, if there is one."""
    return getattr(row, "income_test", None)


def next_steps(user: User, row: Lead) -> tuple[tuple[str, ...], str]:
    """What the person may do with a lead now, the due one first; and why he may not decide it, if so."""
    if row.state == State.DECIDED:
        return (), ""
    checks, decides = user.can(Right.LEAD_CHECK, row.village_id), user.can(Right.LEAD_DECIDE, row.village_id)
    steps = ("visit", *(("household",) if row.household_id is None else ())) if checks else ()
    if checks and row.state == State.NEW:
        steps = ("check", *steps)
    if not decides:
        return steps, "" if not row.finding else "已登记核实情况，由乡镇或县办结。"
    if not row.finding:
        return (*steps, "hand"), "登记核实情况后才能办结。"
    if row.checked_by_id == user.pk:
        return (*steps, "hand"), "您核实了这条线索，请由其他人办结。"
    deciding = ("list", "dismiss", "hand") if row.household_id else ("dismiss", "hand")
    return (*deciding, *steps), ""


def batches_of(row: Lead) -> QuerySet[Batch]:
    """The lists on which the lead's household stands now."""
    rows = Batch.objects.open().filter(entries__household_id=row.household_id, entries__is_open=True)
    return rows.select_related("place").distinct()
