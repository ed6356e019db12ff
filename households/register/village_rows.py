"""Moving households to another village: every row that hangs on a household carries the village's code along.

The tables are found by their declaration (a ``household`` and a ``village``), so a table added later, here or in a
layer above, moves without being named.
"""

from collections.abc import Sequence

from django.apps import apps
from django.db import models
from django.db.models import Q
from django.utils import timezone

from households.models import Household, RegisterEvent
from households.register import after
from villages.models import User

BOUNDARY_CHANGE = "06"


def carriers() -> list[type[models.Model]]:
    """The models whose rows belong to a household and carry its village, history tables left out."""
    return [model for model in apps.get_models() if _carries(model)]


def _carries(model: type[models.Model]) -> bool:
    fields = {field.name: field.remote_field.model for field in model._meta.fields if field.remote_field}
    return fields.get("household") is Household and "village" in fields and not hasattr(model, "pgh_tracked_model")


def move(household_ids: Sequence[int], target: str) -> int:
    """Set the village of the households and of everything that hangs on them, one UPDATE a table."""
    for model in carriers():
        model._default_manager.filter(household_id__in=household_ids).update(village_id=target)
    return Household.objects.filter(pk__in=household_ids).update(
        village_id=target, version=models.F("version") + 1, updated_at=timezone.now()
    )


def move_village(source: str, target: str, household_ids: Sequence[int] | None, by: User | None) -> int:
    """A village was merged or split (villages.places.moves): its households, or those named, move with a dated event.

    Households struck off long ago move too: their rows must stay findable under a current village.
    """
    chosen = Q(village_id=source) if household_ids is None else Q(village_id=source, pk__in=household_ids)
    ids = list(
        Household.objects.filter(chosen).order_by("pk").select_for_update(of=("self",)).values_list("pk", flat=True)
    )
    if not ids:
        return 0
    moved = move(ids, target)
    today = timezone.localdate()
    RegisterEvent.objects.bulk_create(
        RegisterEvent(
            household_id=pk,
            village_id=target,
            household_change=BOUNDARY_CHANGE,
            happened_on=today,
            other_village_id=source,
            by=by,
        )
        for pk in ids
    )
    after.changed(ids, left=[source])
    return moved


def households_of_groups(village: str, group_names: Sequence[str]) -> list[int]:
    """Ids of the households of a village that live in the named groups."""
    rows = Household.objects.filter(village_id=village, group_name__in=group_names)
    return list(rows.values_list("pk", flat=True))
