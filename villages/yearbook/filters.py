"""What the list of yearly files can be narrowed by."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet

from povreg.kit.pages import filters
from villages.places.filters import InPlace
from villages.yearbook.gaps import BY_CODE, CHOICES
from villages.yearbook.parts import ASKED


class FileFilters(django_filters.FilterSet):
    q = filters.Typed("village__name", label="村名")
    year = filters.Year(label="年度")
    place = InPlace(field_name="village_id")
    gap = filters.Choice(choices=CHOICES, label="短板", method="with_gap")
    complete = filters.YesNo(label="填全", help_text="各项是否都已登记", method="filled")

    def with_gap(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(BY_CODE[value].holds)

    def filled(self, rows: QuerySet[Any], name: str, value: bool | None) -> QuerySet[Any]:
        """Files with every fact that is asked, or the others."""
        if value is None:
            return rows
        return rows.filter(recorded=len(ASKED)) if value else rows.filter(recorded__lt=len(ASKED))
