"""What the household list remembers of a person: saved filters, and the columns chosen."""

from typing import Any

from households.models import ListColumns, SavedFilter

MOST = 12
"""Saved filters a person may keep; they stand above the list as one row of tabs."""


def saved_filters(user: Any) -> list[SavedFilter]:
    """The person's filters in the order in which they were saved."""
    return list(SavedFilter.objects.visible_to(user))


def chosen_columns(user: Any) -> list[str]:
    """Codes of the columns the person chose; empty for the usual ones."""
    row = ListColumns.objects.visible_to(user).first()
    return row.columns if row else []
