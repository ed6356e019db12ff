"""What is read of policies: the library, who should have one, who has, and why not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Length
from django.utils import timezone

from assistance.catalogue.selectors import county_of_user, held_at
from assistance.models import Measure, NotServed, Policy
from assistance.policies.conditions import all_of
from households.models import Household, Member
from households.models.member import head_name
from villages.models import User

SHOULD, HAS, WHY = "should", "has", "why"


def in_force(code: str, year: int) -> list[Policy]:
    """The policies that hold at a place on the last day of a year (today in the running one), in the order of the
    library; of two versions the most specific one."""
    day = min(date(year, 12, 31), timezone.localdate())
    rows = Policy.objects.filter(held_at(code), starts_on__lte=day).annotate(nearness=Coalesce(Length("place_id"), 0))
    newest = {row.code: row for row in rows.order_by("nearness", "starts_on")}
    held = [row for row in newest.values() if row.ends_on is None or row.ends_on >= day]
    return sorted(held, key=lambda row: (row.voluntary, row.pk))


def library(user: User) -> QuerySet[Policy]:
    """Every version of every policy that the person's county works with."""
    return Policy.objects.filter(held_at(county_of_user(user))).select_related("place").order_by("code", "starts_on")


def by_person(policy: Policy) -> bool:
    return "head" not in policy.who


def given(policy: Policy, year: int) -> QuerySet[Measure]:
    """The measures that are the policy enjoyed, of each row of a query over Member: of that person where it is for
    persons (a measure for the whole household counts for each), given in the year or still running in it."""
    items = Q()
    for prefix in policy.items:
        items |= Q(item__code__startswith=prefix)
    when = Q(delivered_on__year=year) | Q(delivered_on__year__lte=year, ends_on__year__gte=year)
    rows = Measure.objects.filter(items, when, household=OuterRef("household"), withdrawn_on__isnull=True)
    if by_person(policy):
        rows = rows.filter(Q(member__isnull=True) | Q(member=OuterRef("pk")))
    return rows


def entitled(rows: QuerySet[Member], policy: Policy, year: int) -> Any:
    """Those of the people who should have the policy in a year, with ``has_it`` and ``why_not``."""
    why = NotServed.objects.filter(member=OuterRef("pk"), policy=policy.code, year=year).values("reason")[:1]
    found = rows.filter(all_of(policy.who, year))
    return found.annotate(has_it=Exists(given(policy, year)), why_not=Subquery(why))


def people(user: User) -> Any:
    """Those who live in the person's households now."""
    rows = Member.objects.visible_to(user).present().filter(household__removed_on__isnull=True)
    return rows.select_related("household", "village__parent").annotate(head_name=head_name("household_id"))


@dataclass(frozen=True)
class Entitlement:
    """One policy of one person (or the household): whether he has it, and why not."""

    policy: Policy
    member: Member
    has_it: bool
    why_not: str

    @property
    def words(self) -> str:
        if self.has_it:
            return "已享受"
        if self.why_not:
            return str(NotServed.Reason(self.why_not).label)
        return "可以申请" if self.policy.voluntary else "应享受未享受"

    @property
    def tone(self) -> str:
        if self.has_it:
            return "pass"
        return "plain" if self.why_not or self.policy.voluntary else "fail"


def of_household(household: Household, year: int) -> list[Entitlement]:
    """What a household is entitled to in a year, what it lacks first. One statement for each policy."""
    rows = Member.objects.present().filter(household=household)
    found = [
        Entitlement(policy, member, member.has_it, member.why_not or "")
        for policy in in_force(household.village_id, year)
        for member in entitled(rows, policy, year).order_by("person_no")
    ]
    return sorted(found, key=lambda each: (each.has_it or bool(each.why_not), each.policy.voluntary))


@dataclass(frozen=True)
class Coverage:
    """How many should have a policy, have it, have a reason."""

    policy: Policy
    should: int
    has: int
    why: int

    @property
    def lacking(self) -> int:
        return self.should - self.has - self.why

    @property
    def rate(self) -> float | None:
        return self.has / self.should if self.should else None


def coverage(user: User, year: int) -> list[Coverage]:
    """Every policy of the person's county over his places. One statement for each policy."""
    rows = Member.objects.visible_to(user).present().filter(household__removed_on__isnull=True)
    return [_covered(entitled(rows, policy, year), policy) for policy in in_force(county_of_user(user), year)]


def _covered(rows: Any, policy: Policy) -> Coverage:
    flags: Iterable[tuple[bool, str | None]] = rows.order_by().values_list("has_it", "why_not")
    should = has = why = 0
    for has_it, reason in flags:
        should, has, why = should + 1, has + has_it, why + (not has_it and bool(reason))
    return Coverage(policy, should, has, why)
