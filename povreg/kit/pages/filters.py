"""Filters of declared lists: one set serves the page's filter bar and the API's parameters.

The kinds of filters are those of :mod:`povreg.kit.api.filters`; each carries a label for the page. What people type to
find somebody (a name) is listed in ``personal``: the page has it, the API has not, whose addresses are kept in logs.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet

from povreg.kit.api.filters import Choice, Code, Day, Id, Place, Whole, Word, Words, Year, YesNo

__all__ = ["Choice", "Code", "Day", "Id", "Place", "Typed", "Whole", "Word", "Words", "Year", "YesNo", "without"]
ALL = "全部"


class Typed(django_filters.CharFilter):
    """What is typed to find rows: part of one of ``fields``."""

    def __init__(self, *fields: str, label: str, most: int = 40, **kwargs: Any) -> None:
        self.fields = fields
        super().__init__(label=label, max_length=most, widget=forms.TextInput({"autocomplete": "off"}), **kwargs)

    def filter(self, qs: QuerySet, value: str) -> QuerySet:
        found = Q()
        for name in self.fields if value else ():
            found |= Q(**{f"{name}__icontains": value})
        return qs.filter(found)


def without(filters: type[django_filters.FilterSet], names: Collection[str]) -> type[django_filters.FilterSet]:
    """The set without some of its filters."""
    kept = {name: each for name, each in filters.base_filters.items() if name not in names}
    if len(kept) == len(filters.base_filters):
        return filters
    made = type(filters.__name__, (filters,), {**dict.fromkeys(names), "__module__": filters.__module__})
    made.base_filters = made.declared_filters = type(filters.base_filters)(kept)  # type: ignore[attr-defined]
    return made
