"""What the household list remembers of a person: saved filters, and the columns chosen."""

from typing import Any

from django.db.models import QuerySet

from households.models import ListColumns, SavedFilter
from villages.people.rights import Right

MOST = 12
"""Saved filters a person may keep; they stand above the list as one row of tabs."""


def saved_filters(user: Any) -> list[SavedFilter]:
    """The person's filters in the order in which they were saved."""
    return list(SavedFilter.objects.visible_to(user))


def shared_filters(user: Any) -> list[SavedFilter]:
    """Filters that offices above the person share with him, by name; the newest MOST of them."""
    rows = SavedFilter.objects.shared_with(user).select_related("owner").order_by("-created_at", "-pk")[:MOST]
    return sorted(rows, key=lambda row: (row.name, row.pk))


def readable_filters(user: Any) -> QuerySet[SavedFilter]:
    """The person's filters, and all that are shared with him."""
    return SavedFilter.objects.visible_to(user) | SavedFilter.objects.shared_with(user)


def place_to_share(user: Any) -> str:
    """Code of the widest place in which the person may share filters; empty for who may not."""
    return min(user.places_with(Right.NOTE_SEND), key=len, default="")


def chosen_columns(user: Any) -> list[str]:
    """Codes of the columns the person chose; empty for the usual ones."""
    row = ListColumns.objects.visible_to(user).first()
    return row.columns if row else []
