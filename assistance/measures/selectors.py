"""What is read of measures."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum, Value
from django.utils import timezone

from assistance.models import Measure
from assistance.models.measure import MeasureQuerySet
from households.models import Household, Member
from households.models.member import head_name
from households.register.turnover import homes_behind
from povreg.kit.workbench import inside
from villages.models import User
from villages.rights.ready import ReadyFor


def measures(user: User) -> MeasureQuerySet:
    """The measures a person may see, the latest first. ``head_name`` is added."""
    rows = Measure.objects.visible_to(user).select_related(
        "item", "member", "village__parent", "household", "payment__project", "payment__allocation__source"
    )
    return rows.annotate(head_name=head_name("household_id")).order_by("-delivered_on", "-pk")


def of_household(user: User, household_id: int) -> MeasureQuerySet:
    """All measures of a household, the latest first: those of households that were merged into it, too, and what its
    people got where they lived before."""
    people = Member.objects.present().filter(household=household_id)
    return measures(user).filter(Q(household__in=homes_behind([household_id])) | Q(member__in=people))


def by_home(rows: QuerySet[Measure], households: Collection[int]) -> dict[int, list[Measure]]:
    """The measures among ``rows`` that count for each of these households, as :func:`of_household` says."""
    behind = homes_behind(households)
    lives = dict(Member.objects.present().filter(household__in=list(households)).values_list("pk", "household_id"))
    found: dict[int, list[Measure]] = {pk: [] for pk in households}
    for each in rows.filter(Q(household__in=list(behind)) | Q(member__in=list(lives))):
        for home in {behind.get(each.household_id), lives.get(each.member_id or 0)} - {None}:
            found[home].append(each)  # type: ignore[index]  # none is taken out
    return found


DELIVERED = (
    "(SELECT count(*) FROM assistance_measure g WHERE g.household_id = e.household_id AND g.withdrawn_on IS NULL "
    "AND (e.since IS NULL OR g.delivered_on >= e.since) AND (cardinality(e.risks) = 0 OR g.risks && e.risks))"
)
"""For the removal of a risk (policy-2026.md 8): measures since it was taken in that answer one of its risks."""

_OF_HOUSEHOLD = "SELECT FROM assistance_measure g WHERE g.household_id = i.household_id AND g.withdrawn_on IS NULL"
NONE_IN_YEAR = (
    f"EXISTS ({_OF_HOUSEHOLD}) AND NOT EXISTS ({_OF_HOUSEHOLD} AND g.delivered_on "
    "BETWEEN make_date(%(year)s::int, 1, 1) AND make_date(%(year)s::int, 12, 31))"
)
"""For the blocker ``no_measure`` (contract.md 4): judged only of households that have measures at all."""


def spent(rows: QuerySet[Measure]) -> dict[str, Any]:
    """How many measures, households and yuan, in one statement; those taken back do not count."""
    standing = rows.filter(withdrawn_on__isnull=True).order_by()
    return standing.aggregate(count=Count("pk"), households=Count("household", distinct=True), amount=Sum("amount"))


def _ending(user: Any, today: date, until: date, role: str) -> MeasureQuerySet:
    rows = Measure.objects.visible_to(user).filter(inside(user, role, "village_id"), withdrawn_on__isnull=True)
    rows = rows.filter(settled_on__isnull=True, ends_on__range=(today, until)).select_related("item")
    return rows.annotate(head_name=head_name("household_id")).order_by("ends_on", "pk")[:MOST_ENDING]


ENDING = ReadyFor(_ending, date, date)
MOST_ENDING = 5


def ending(user: User, role: str, days: int) -> list[Measure]:
    """What runs on in the places of a role and ends within so many days, the first to end first, not more than five."""
    today = timezone.localdate()
    return ENDING(user, today, today + timedelta(days=days), role=role)


def _without(user: Any, since: date, role: str) -> QuerySet[Any, Any]:
    rows = Household.objects.visible_to(user).filter(inside(user, role, "village_id"), removed_on__isnull=True)
    given = Measure.objects.filter(withdrawn_on__isnull=True, delivered_on__gte=since).values("household_id")
    rows = rows.exclude(monitor_type="").exclude(risk_cleared=True).exclude(pk__in=given).order_by()
    return rows.annotate(all=Value(1)).values("all").annotate(count=Count("pk")).values_list("count")


WITHOUT = ReadyFor(_without, date)


def without_measure(user: User, role: str, since: date) -> int:
    """How many monitored households in the places of a role, risk not removed, got nothing since a day."""
    found = WITHOUT(user, since, role=role)
    return found[0][0] if found else 0


def _given(user: Any, first: date, last: date, *, role: str) -> MeasureQuerySet:
    rows = Measure.objects.visible_to(user).standing().filter(inside(user, role, "village_id"))
    return rows.filter(delivered_on__range=(first, last))


GIVEN = ReadyFor(_given, date, date)


def given_in(user: User, role: str, year: int) -> int:
    """How many measures reached the places of a role in a year."""
    return GIVEN.count(user, date(year, 1, 1), date(year, 12, 31), role=role)


def summary(user: User, year: int) -> list[dict[str, Any]]:
    """What reached households in a year, by entry of the catalogue: measures, households, the people who live in them,
    yuan. Two statements, however many rows."""
    rows = Measure.objects.visible_to(user).standing().filter(delivered_on__year=year).order_by()
    by_item = rows.values("item__code", "item__label")
    counted = by_item.annotate(count=Count("pk"), households=Count("household", distinct=True), amount=Sum("amount"))
    living = Count("household__members", Q(household__members__left_on__isnull=True), distinct=True)
    people = dict(by_item.annotate(people=living).values_list("item__code", "people"))
    return [{**row, "people": people[row["item__code"]]} for row in counted.order_by("item__code")]
