"""Applications as the pages show them: by place, kind and state, with the head of the household."""

from django.db.models import Count, OuterRef, QuerySet, Subquery

from households.models import Application, Household, Survey
from households.models.member import head_name
from villages.models import User


def applications(user: User) -> QuerySet[Application]:
    """Those the person may see, the latest first. ``head_name`` and ``surveyed`` (visits of the kind and year) are
    added."""
    rows = Application.objects.visible_to(user)
    visits = Survey.objects.filter(household_id=OuterRef("household_id"), kind=OuterRef("kind"), year=OuterRef("year"))
    counted = visits.order_by().values("household_id").annotate(n=Count("pk")).values("n")
    return rows.select_related("household", "village", "received_by").annotate(
        head_name=head_name("household_id"), surveyed=Subquery(counted)
    )


def counts(rows: QuerySet[Application]) -> dict[str, int]:
    """How many there are in each state, in one statement."""
    found = dict(rows.order_by().values_list("state").annotate(n=Count("pk")))
    return {state: found.get(state, 0) for state in Application.State.values}


def surveys(user: User, application: Application) -> list[Survey]:
    """The visits for an application, the latest first, in two statements."""
    found = Survey.objects.visible_to(user).filter(
        household=application.household_id, kind=application.kind, year=application.year
    )
    return list(found.select_related("by").prefetch_related("surveyors"))


def head_name_of(household: Household) -> str:
    return household.members.heads().values_list("name", flat=True).first() or ""
