"""What the household list remembers of a person: saved filters, and the columns chosen."""

from django.db.models import QuerySet

from households.models import ListColumns, SavedFilter
from households.models.find import places_above
from povreg.kit.prepared import Ready
from villages.models import User
from villages.rights import Right

MOST = 12
"""Saved filters a person may keep; they stand above the list as one row of tabs."""


PLACES = 8  # places of a reader, those above included, for which one plan serves
NOWHERE = "-"


def _shared(reader: int, *codes: str) -> QuerySet[SavedFilter]:
    """The newest filters that others share in these places, with who shares them."""
    rows = SavedFilter.objects.shared_at(codes, reader).select_related("owner")
    return rows.order_by("-created_at", "-pk")[:MOST]


OWN = Ready(lambda owner: SavedFilter.objects.filter(owner=owner), int)
SHARED = Ready(_shared, int, *[str] * PLACES)
CHOSEN = Ready(lambda owner: ListColumns.objects.filter(owner=owner), int)


def saved_filters(user: User) -> list[SavedFilter]:
    """The person's filters in the order in which they were saved."""
    return OWN(user.pk)


def shared_filters(user: User) -> list[SavedFilter]:
    """Filters that offices above the person share with him, by name; the newest MOST of them."""
    codes = sorted(places_above(user))
    rows = (
        SHARED(user.pk, *codes, *[NOWHERE] * (PLACES - len(codes)))
        if len(codes) <= PLACES
        else _shared(user.pk, *codes)
    )
    return sorted(rows, key=lambda row: (row.name, row.pk))


def readable_filters(user: User) -> QuerySet[SavedFilter]:
    """The person's filters, and all that are shared with him."""
    return SavedFilter.objects.visible_to(user) | SavedFilter.objects.shared_with(user)


def place_to_share(user: User) -> str:
    """Code of the widest place in which the person may share filters; empty for who may not."""
    return min(user.places_with(Right.NOTE_SEND), key=len, default="")


def chosen_columns(user: User) -> list[str]:
    """Codes of the columns the person chose; empty for the usual ones."""
    row = CHOSEN.first(user.pk)
    return row.columns if row else []
