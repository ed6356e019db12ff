"""Households of a village that might be put on a list: registered as its kind asks, and on no open list."""

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from households.models import Application, Batch, Household
from households.models.member import head_name
from households.procedures.engine.procedure import procedure_of
from villages.models import User


def candidates(user: User, batch: Batch) -> QuerySet[Household]:
    """By number; ``applied`` says whether an application of the kind and year waits. The verbs judge each again."""
    waiting = Application.objects.filter(household_id=OuterRef("pk"), kind=batch.kind, year=batch.year, state="open")
    kind = procedure_of(batch.kind)
    found: QuerySet[Household] = (
        Household.objects.visible_to(user).living().filter(kind.fits, village_id=batch.place_id)
    )
    return (
        found.exclude(entries__is_open=True)
        .annotate(
            head_name=head_name(),
            persons=Count("members", filter=Q(members__left_on=None), distinct=True),
            applied=Subquery(waiting.values("applied_on")[:1]),
        )
        .order_by("household_no")
    )
