"""What is read of the ledger: sources, payments, and how the money lies over the villages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Left

from assistance.funds import catalogue
from assistance.funds.projects.selectors import KEPT
from assistance.models import Allocation, Disbursement, FundSource, Measure, Project
from households.models import Household, Member
from households.register.turnover import homes_behind
from povreg.kit.scopes import TOWNSHIP, VILLAGE, within_any
from villages.models import Place, User

NOTHING = Decimal("0.00")
Money = tuple[Decimal, Decimal, Decimal, int]
"""What was asked for, given and paid, and the number of projects."""
NO_MONEY: Money = (NOTHING, NOTHING, NOTHING, 0)


def sources(user: User) -> QuerySet[FundSource]:
    rows = FundSource.objects.visible_to(user).select_related("place")
    return rows.order_by("-year", "place_id", "kind", "-pk")


def payments(user: User) -> QuerySet[Disbursement]:
    """Payments a person may see, the latest first."""
    rows = Disbursement.objects.visible_to(user)
    rows = rows.select_related("project", "village__parent", "household", "allocation__source")
    return rows.order_by("-paid_on", "-pk")


def of_household(user: User, household_id: int) -> QuerySet[Disbursement]:
    """Payments to a household, and to those that were merged into it."""
    return payments(user).filter(household__in=homes_behind([household_id]))


def measures_of(rows: Iterable[Disbursement]) -> dict[int, tuple[str, ...]]:
    """What the standing measures of each payment are called."""
    found: dict[int, tuple[str, ...]] = {}
    named = Measure.objects.standing().filter(payment__in=[row.pk for row in rows])
    for payment, label in named.order_by("pk").values_list("payment_id", "item__label"):
        found[payment] = (*found.get(payment, ()), label)
    return found


def measured(rows: QuerySet[Disbursement], *, is_noted: bool) -> QuerySet[Disbursement]:
    """Of payments those that a standing measure names, or those to households that none does."""
    noted = Exists(Measure.objects.standing().filter(payment=OuterRef("pk")))
    if is_noted:
        return rows.filter(noted)
    return rows.filter(~noted, household__isnull=False, reverses=None, is_reversed=False)


def allocations_of(source: FundSource) -> QuerySet[Allocation]:
    return source.allocations.select_related("project__place").order_by("-on", "-pk")


@dataclass(frozen=True)
class Share:
    """How much of a source went into industry, beside what must."""

    into_industry: Decimal
    of_allocated: Decimal
    least: Decimal | None

    @property
    def percent(self) -> Decimal:
        return (self.into_industry / self.of_allocated * 100).quantize(Decimal("0.1")) if self.of_allocated else NOTHING

    @property
    def is_short(self) -> bool:
        """Whether less than must went into industry, once anything was given."""
        return bool(self.least and self.of_allocated and self.percent < self.least)


def industry_share(source: FundSource) -> Share:
    own = Q(project__category__in=catalogue.industry())
    got = source.allocations.aggregate(all=Sum("amount"), own=Sum("amount", filter=own))
    return Share(got["own"] or NOTHING, got["all"] or NOTHING, source.industry_share)


@dataclass(frozen=True)
class Spread:
    """The money of one place in a year: asked for, given, paid, to how many households and people of the register."""

    code: str
    name: str
    asked: Decimal
    allocated: Decimal
    paid: Decimal
    projects: int
    households: int
    people: int

    @property
    def per_head(self) -> Decimal | None:
        return (self.allocated / self.people).quantize(Decimal("0.01")) if self.people else None

    @property
    def gap(self) -> Decimal:
        """What was asked for and is not given."""
        return max(self.asked - self.allocated, NOTHING)


def spread(user: User, year: int, place: str = "", *, below: int = VILLAGE) -> list[Spread]:
    """The money of a year by village (or township), those without any included; what reaches over several villages
    stands with the place it is carried out at.

    Households are those of the register (with a class today), people their members.
    """
    codes = [place] if place else [code for _role, code in user.postings_today()]
    money = _money(user, year, codes, below)
    heads = _heads(user, codes, below)
    names = Place.objects.in_bulk([*{*money, *heads}])
    return [
        spread_of(code, str(names[code]), money.get(code, NO_MONEY), heads.get(code, (0, 0)))
        for code in sorted({*money, *heads})
        if code in names
    ]


def spread_of(code: str, name: str, money: Money, heads: tuple[int, int]) -> Spread:
    asked, allocated, paid, projects = money
    households, people = heads
    return Spread(code, name, asked, allocated, paid, projects, households, people)


def _money(user: User, year: int, codes: list[str], below: int) -> dict[str, Money]:
    rows = Project.objects.visible_to(user).filter(KEPT, within_any("place_id", codes), year=year).order_by()
    found = rows.annotate(at=Left("place_id", below)).values_list("at")
    found = found.annotate(asked=Sum("budget"), given=Sum("allocated"), got=Sum("paid"), n=Count("pk"))
    rows_of: Iterable[tuple[Any, ...]] = found
    return {code: (asked, given, got, number) for code, asked, given, got, number in rows_of}


def _heads(user: User, codes: list[str], below: int) -> dict[str, tuple[int, int]]:
    kept = Household.objects.visible_to(user).registered().filter(within_any("village_id", codes), removed_on=None)
    by_place = kept.order_by().annotate(at=Left("village_id", below)).values_list("at")
    homes = dict(by_place.annotate(n=Count("pk")))
    people = Member.objects.present().filter(household__in=kept.values("pk")).order_by()
    persons = dict(people.annotate(at=Left("village_id", below)).values_list("at").annotate(n=Count("pk")))
    return {code: (homes[code], persons.get(code, 0)) for code in homes}


def level_below(codes: list[str]) -> int:
    """Digits of the places that the money of these places is spread over."""
    return VILLAGE if all(len(code) >= TOWNSHIP for code in codes) else TOWNSHIP
