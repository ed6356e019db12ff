"""What lines and criteria sets can be narrowed by, on the page and in the API."""

from __future__ import annotations

import django_filters
from django.db.models import QuerySet

from povreg.kit.pages import filters
from villages.models import PovertyLine
from villages.places.filters import InPlace

OWN = "区划代码：该地及其下级自定的标准"


class LineFilters(django_filters.FilterSet):
    place = InPlace(field_name="place_id", label="适用地区", help_text=OWN)
    kind = filters.Choice(choices=PovertyLine.Kind.choices, label="种类")
    year = filters.Year(label="年度")
    withdrawn = filters.YesNo(method="is_withdrawn", label="已撤回", help_text="是否已撤回；不给时都列")

    def is_withdrawn(self, rows: QuerySet, name: str, value: bool) -> QuerySet:
        return rows.filter(withdrawn_at__isnull=not value)


class SetFilters(django_filters.FilterSet):
    place = InPlace(field_name="place_id", label="适用地区", help_text=OWN)
    active = filters.YesNo(field_name="is_active", label="启用", help_text="是否启用")
