"""Households of a village that might be put on a list: registered as its kind asks, and on no open list."""

from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from households.models import Application, Batch, Household, Member
from households.models.template import Kind
from households.procedures.engine.guards import OUT_OF_POVERTY, REGISTERED_POOR

FITTING: dict[str, Q] = {
    Kind.IDENTIFICATION: Q(candidate=True) | Q(removed_on__isnull=False),
    Kind.EXIT: Q(exit_status__in=REGISTERED_POOR),
    Kind.RETURN: Q(exit_status=OUT_OF_POVERTY),
    Kind.REMOVAL: Q(candidate=False),
    Kind.MONITOR_IN: Q(monitor_type="") | Q(risk_cleared=True),
    Kind.MONITOR_OUT: ~Q(monitor_type="") & ~Q(risk_cleared=True),
}


def candidates(user: Any, batch: Batch) -> QuerySet[Household]:
    """By number; ``applied`` says whether an application of the kind and year waits. The verbs judge each again."""
    head = Member.objects.filter(household_id=OuterRef("pk"), relation="01", left_on=None).values("name")[:1]
    waiting = Application.objects.filter(household_id=OuterRef("pk"), kind=batch.kind, year=batch.year, state="open")
    found = Household.objects.visible_to(user).filter(FITTING.get(batch.kind, Q()), village_id=batch.place_id)
    if batch.kind != Kind.IDENTIFICATION:
        found = found.filter(removed_on=None)
    return (
        found.exclude(entries__is_open=True)
        .annotate(
            head_name=Subquery(head),
            persons=Count("members", filter=Q(members__left_on=None), distinct=True),
            applied=Subquery(waiting.values("applied_on")[:1]),
        )
        .order_by("household_no")
    )
