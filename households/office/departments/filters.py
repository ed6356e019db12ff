"""What departments' lists and their households can be narrowed by, on the page and in the API."""

from __future__ import annotations

import django_filters

from povreg.kit.pages import filters
from villages.places.filters import InPlace

CLASSES = (("dibao", "低保户"), ("tekun", "特困供养户"), ("dibao_edge", "低保边缘户"), ("rigid", "刚性支出困难户"))


class DepartmentListFilters(django_filters.FilterSet):
    place = InPlace(field_name="county_id", label="县")


class DepartmentRowFilters(django_filters.FilterSet):
    place = InPlace(field_name="village_id", label="乡镇或村")
    klass = filters.Choice(choices=CLASSES, field_name="klass_id", label="类别")
    list = filters.Whole(field_name="list_id", label="名单", help_text="部门名单 id")
    household = filters.Whole(field_name="household_id", label="户", help_text="户 id")
