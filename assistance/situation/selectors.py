"""Assistance by place: visits due and done, plans made, helpers, measures, money, in a few grouped statements."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, Q, QuerySet, Sum
from django.db.models.functions import Left
from django.utils import timezone

from assistance.funds.ledger.selectors import Spread, spread
from assistance.models import FundSource, Measure
from assistance.pairing.selectors import in_need_of_helper, of_today
from assistance.plans.selectors import in_need_of_plan, planned
from assistance.visits.due import DONE, LATE, in_state, with_visits
from households.models import Household
from povreg.kit.scopes import COUNTY, TOWNSHIP, VILLAGE
from villages.models import Place, User

NOTHING = Decimal(0)
Numbers = dict[str, Any]
COUNTED = (
    *("watched", "watched_done", "watched_late", "others", "others_done", "others_late", "plans_due", "plans_made"),
    *("helped_due", "helped", "measures", "given_to", "spent", "asked", "allocated", "paid", "people"),
)
"""What is counted of every place; places are added up by it."""


@dataclass(frozen=True)
class Line:
    """One place with its figures (COUNTED)."""

    code: str
    name: str
    of: Numbers = field(default_factory=dict)

    def __getattr__(self, name: str) -> Any:
        if name not in COUNTED:
            raise AttributeError(name)
        return self.of.get(name) or 0

    def share(self, part: str, whole: str) -> int | None:
        """Per cent, rounded down; None of nothing."""
        return int(getattr(self, part) * 100 // getattr(self, whole)) if getattr(self, whole) else None

    @property
    def per_head(self) -> Decimal | None:
        """Yuan allocated for each registered person."""
        return (Decimal(self.allocated) / self.people).quantize(Decimal("0.01")) if self.people else None


def digits_below(user: User) -> int:
    """Digits of the places that a person's places are divided into."""
    shortest = min((len(code) for _role, code in user.postings_today()), default=VILLAGE)
    return VILLAGE if shortest >= TOWNSHIP else TOWNSHIP if shortest >= COUNTY else COUNTY


def lines(user: User, year: int) -> list[Line]:
    """The places below a person's own, in the order of their codes. Visits, plans and helpers are today's, measures
    and money the year's."""
    digits = digits_below(user)
    found: dict[str, Numbers] = {}
    kept = Household.objects.visible_to(user).registered()
    for row in (*by_village(kept, digits), *given(user, year, digits)):
        found.setdefault(row.pop("at"), {}).update(row)
    for money in money_of(user, year, digits):
        found.setdefault(money.code, {}).update(
            asked=money.asked, allocated=money.allocated, paid=money.paid, people=money.people
        )
    names = Place.objects.in_bulk(list(found))
    return [Line(code, str(names[code]), found[code]) for code in sorted(found) if code in names]


def money_of(user: User, year: int, digits: int) -> list[Spread]:
    return spread(user, year, below=digits)


def total(rows: Iterable[Line]) -> Line:
    every = list(rows)
    return Line("", "合计", {name: sum((getattr(row, name) for row in every), start=0) for name in COUNTED})


def by_place(rows: QuerySet[Any], digits: int, **asked: Any) -> list[Numbers]:
    grouped = rows.order_by().annotate(at=Left("village_id", digits)).values("at")
    return list(grouped.annotate(**asked))


def by_village(kept: QuerySet[Household], digits: int = VILLAGE) -> list[Numbers]:
    """Where visits, plans and helpers of registered households stand today, by village or a place above it (``at``):
    several rows of a place, each with some of the figures."""
    return [*visits_of(kept, digits), *plans_of(kept, digits), *helpers_of(kept, digits)]


def visits_of(kept: QuerySet[Household], digits: int) -> list[Numbers]:
    watched, others = Q(is_monitored=True), Q(is_monitored=False)
    return by_place(
        with_visits(kept), digits,
        watched=Count("pk", watched), watched_done=Count("pk", watched & in_state(DONE)),
        watched_late=Count("pk", watched & in_state(LATE)),
        others=Count("pk", others), others_done=Count("pk", others & in_state(DONE)),
        others_late=Count("pk", others & in_state(LATE)),
    )  # fmt: skip


def plans_of(kept: QuerySet[Household], digits: int) -> list[Numbers]:
    made = Q(Exists(planned(timezone.localdate().year)))
    return by_place(in_need_of_plan(kept), digits, plans_due=Count("pk"), plans_made=Count("pk", made))


def helpers_of(kept: QuerySet[Household], digits: int) -> list[Numbers]:
    has = Q(Exists(of_today()))
    return by_place(in_need_of_helper(kept), digits, helped_due=Count("pk"), helped=Count("pk", has))


def given(user: User, year: int, digits: int) -> list[Numbers]:
    rows = Measure.objects.visible_to(user).standing().filter(delivered_on__year=year)
    homes = Count("household", distinct=True)
    return by_place(rows, digits, measures=Count("pk"), given_to=homes, spent=Sum("amount"))


def by_source(user: User, year: int) -> list[tuple[str, str, Decimal, Decimal]]:
    """The money of a year by whose it is: code, label, allocated, left."""
    rows = FundSource.objects.visible_to(user).filter(year=year).order_by().values_list("kind")
    sums = {kind: (got, given) for kind, got, given in rows.annotate(got=Sum("amount"), given=Sum("allocated"))}
    kinds = FundSource.Kind.choices
    return [(code, str(label), sums[code][1], sums[code][0] - sums[code][1]) for code, label in kinds if code in sums]


def by_batch(user: User, year: int) -> list[tuple[str, int]]:
    """Measures of each of the 五个一批 (and the further ones) delivered in a year, by code: the most first."""
    rows = Measure.objects.visible_to(user).standing().filter(delivered_on__year=year).exclude(item__batch="")
    counted = rows.order_by().values_list("item__batch").annotate(found=Count("pk"))
    return sorted(counted, key=lambda each: -each[1])
