"""What the list of access for some hours can be narrowed by, on the page and in the API."""

from __future__ import annotations

import django_filters
from django.db.models import QuerySet

from povreg.kit.pages import filters
from villages.access.selectors import in_state
from villages.models import TimedAccess
from villages.places.filters import InPlace

CHOICES = (("waiting", "待批准"), ("open", "查阅中"), ("past", "已结束"))


class AccessFilters(django_filters.FilterSet):
    state = filters.Choice(choices=CHOICES, label="状态", method="in_that_state")
    place = InPlace(field_name="place_id", label="查阅范围")

    def in_that_state(self, rows: QuerySet[TimedAccess], name: str, value: str) -> QuerySet[TimedAccess]:
        return in_state(rows, value)
