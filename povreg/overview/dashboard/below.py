"""The place of a dashboard, and those right below it."""

from django.http import Http404

from povreg.kit.prepared import Ready
from villages.models import Place

PLACE = Ready(lambda code: Place.objects.filter(pk=code), str)
BELOW = Ready(lambda code: Place.objects.filter(parent=code), str)


def place_or_404(code: str) -> Place:
    found: Place | None = PLACE.first(code)
    if found is None:
        raise Http404
    return found


def places_below(place: Place) -> list[Place]:
    """In the order of their codes; a village is not divided further."""
    return BELOW(place.pk) if place.level < Place.Level.VILLAGE else []
