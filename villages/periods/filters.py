"""What the settings of counties can be narrowed by, on the page and in the API."""

from __future__ import annotations

import django_filters
from django.db.models import QuerySet

from povreg.kit.pages import filters
from villages.places.filters import InPlace


class CountyFilters(django_filters.FilterSet):
    place = InPlace(field_name="county_id", label="县", help_text="区划代码")
    withdrawn = filters.YesNo(method="is_withdrawn", label="已撤回", help_text="是否已撤回；不给时都列")

    def is_withdrawn(self, rows: QuerySet, name: str, value: bool) -> QuerySet:
        return rows.filter(withdrawn_at__isnull=not value)


class WorkingYearFilters(CountyFilters):
    pass


class OfficeFilters(CountyFilters):
    pass


class ProgrammeFilters(CountyFilters):
    pass
