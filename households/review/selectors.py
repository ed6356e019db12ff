"""Reading 分类管理: who is to be assessed, what was found, what is decided."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Left
from django.utils import timezone

from households.models import Household, Review, SupportDecision
from households.models.member import head_name
from households.models.review import FIRST_YEAR, Outcome
from households.standing.selectors import with_type
from villages.codes.selectors import label
from villages.models import Place, User

FORMER_POOR = "01"  # household_type: 脱贫户
DUE = "没有综合评估"


def current_year() -> int:
    return max(FIRST_YEAR, timezone.localdate().year)


def former_poor(rows: QuerySet[Household], year: int) -> QuerySet[Household]:
    """Of households those that are to be assessed in a year: former poor ones at its end (today in the running one)."""
    return with_type(rows.filter(removed_on__isnull=True), FORMER_POOR, year)


def is_due(household: Household, year: int) -> bool:
    return former_poor(Household.objects.filter(pk=household.pk), year).exists()


def reviewed(year: int) -> Exists:
    return Exists(Review.objects.filter(household=OuterRef("pk"), year=year))


def in_force(**facts: Any) -> QuerySet[SupportDecision]:
    """Decisions that hold, from today or a day to come."""
    return SupportDecision.objects.filter(until__isnull=True, withdrawn_on__isnull=True, **facts)


def decided() -> Exists:
    return Exists(in_force(household=OuterRef("pk")))


def households(user: User) -> QuerySet[Household]:
    """Households of one's places, for the list; the year narrows them."""
    rows = Household.objects.visible_to(user).select_related("village__parent").annotate(head=head_name())
    return rows.order_by("village_id", "household_no")


def of_year(rows: QuerySet[Household], year: int) -> QuerySet[Household]:
    return former_poor(rows, year).annotate(asked_year=Value(year))


def with_reviews(rows: Sequence[Any], _user: Any) -> None:
    """Put the review of the year asked for, and the decision that holds, on the rows: two queries."""
    ids = [row.pk for row in rows]
    years = {row.pk: getattr(row, "asked_year", current_year()) for row in rows}
    reviews = {(each.household_id, each.year): each for each in Review.objects.filter(household__in=ids)}
    decisions = {each.household_id: each for each in in_force(household__in=ids).prefetch_related("policies")}
    for row in rows:
        row.review, row.support = reviews.get((row.pk, years[row.pk])), decisions.get(row.pk)


def policies_told(decision: SupportDecision) -> tuple[str, ...]:
    """The policies that run on, each with its end."""
    return tuple(
        f"{label('support_policy', each.policy)}{f'（至{each.until:%Y-%m-%d}）' if each.until else ''}"
        for each in decision.policies.all()
    )


def places(user: User) -> QuerySet[Place]:
    """Townships and villages of one's places, for the list of progress."""
    return Place.objects.visible_to(user).filter(level__in=(Place.Level.TOWNSHIP, Place.Level.VILLAGE)).order_by("code")


def with_progress(rows: Sequence[Any], user: User) -> None:
    """Put on places how many households are to be assessed, assessed, proposed for either, and decided: one query for
    each level among them."""
    for length in {len(row.pk) for row in rows}:
        here = [row for row in rows if len(row.pk) == length]
        year = getattr(here[0], "asked_year", current_year())
        found = {row["at"]: row for row in _progress(user, year, length, [row.pk for row in here])}
        for row in here:
            counts = found.get(row.pk, {})
            for name in ("due", "assessed", "to_end", "to_go_on", "decided"):
                setattr(row, name, counts.get(name, 0))
            row.without = row.due - row.assessed


def _progress(user: User, year: int, length: int, codes: Sequence[str]) -> Any:
    def proposed(outcome: Outcome) -> Exists:
        return Exists(Review.objects.filter(household=OuterRef("pk"), year=year, proposal=outcome))

    seen = former_poor(Household.objects.visible_to(user), year).annotate(at=Left("village_id", length))
    return (
        seen.filter(at__in=list(codes)).order_by().values("at")
        .annotate(
            due=Count("pk"), assessed=Count("pk", filter=Q(reviewed(year))),
            to_end=Count("pk", filter=Q(proposed(Outcome.END))),
            to_go_on=Count("pk", filter=Q(proposed(Outcome.GO_ON))),
            decided=Count("pk", filter=Q(decided())),
        )
    )  # fmt: skip
