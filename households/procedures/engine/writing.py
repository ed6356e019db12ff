"""What approvals write, as one statement a table for all households of a list (used by the kinds' effects)."""

from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.utils import timezone

from households.models import Batch, BatchEntry, Household

TYPE_OUT, TYPE_POOR, TYPE_EDGE = "01", "03", "04"  # household_type: 脱贫户、贫困户、边缘易致贫户
ORDINARY = ("", "02")
NEW, STRUCK_OFF = "01", "07"  # household_change


def households_on(batch: Batch) -> QuerySet[Household]:
    """The households that are still on a list."""
    entries = BatchEntry.objects.filter(batch=batch, state=BatchEntry.State.LISTED)
    return Household.objects.filter(pk__in=entries.values("household_id"))


def touched() -> dict[str, Any]:
    """What every change of a versioned row sets beside its facts."""
    return {"version": F("version") + 1, "updated_at": timezone.now()}


def write(batch: Batch, **values: Any) -> int:
    """Set values on every household of a list; returns how many they are."""
    return int(households_on(batch).update(**touched(), **values))


def of_entry(batch: Batch, field: str) -> Subquery:
    """A field of the entry that each household has on a list."""
    return Subquery(BatchEntry.objects.filter(batch=batch, household_id=OuterRef("pk")).values(field)[:1])
