"""Reading what left: the log of exports of a person's area, and the imports and jobs there."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from povreg.kit.scopes import within_any
from povreg.proof.models import ExportRecord
from villages.models import User
from villages.rights import Right


def visible_exports(user: User) -> QuerySet[ExportRecord]:
    """One's own, and all of the places where one sees the trail."""
    places = user.places_with(Right.TRAIL_VIEW)
    theirs = within_any("place_code", places) & ~Q(place_code="") if places else Q(pk__in=[])
    return ExportRecord.objects.filter(Q(by=user) | theirs).select_related("by").defer("about", "sheets")
