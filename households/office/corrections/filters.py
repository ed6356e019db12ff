"""What the list of correction orders can be narrowed by, on the page and in the API."""

from __future__ import annotations

import django_filters
from django.db.models import Q, QuerySet

from povreg.kit.pages import filters
from villages.places.filters import InPlace

STATES = (("open", "待批准"), ("approved", "已批准"), ("refused", "不予批准"))
WANTED = {
    "open": Q(approved_by__isnull=True, refused_reason=""),
    "approved": Q(approved_by__isnull=False),
    "refused": ~Q(refused_reason=""),
}


class CorrectionFilters(django_filters.FilterSet):
    place = InPlace(field_name="village_id", label="乡镇或村")
    household = filters.Whole(field_name="household_id", label="户", help_text="户 id")
    state = filters.Choice(choices=STATES, method="in_state", label="状态")

    def in_state(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(WANTED[value]) if value in WANTED else rows
