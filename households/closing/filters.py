"""What closed years and facts that came after can be narrowed by, on the page and in the API."""

from __future__ import annotations

import django_filters

from households.models import LateFact
from households.register.filters import SurveyYear
from povreg.kit.pages import filters
from villages.places.filters import InPlace


class ClosingFilters(django_filters.FilterSet):
    place = InPlace(field_name="county_id", label="县", help_text="区划代码")
    year = SurveyYear(label="年度")


class LateFactFilters(django_filters.FilterSet):
    place = InPlace(field_name="village_id", label="乡镇或村")
    household = filters.Whole(field_name="household_id", label="户", help_text="户 id")
    year = SurveyYear(label="年度")
    kind = filters.Choice(choices=LateFact.Kind.choices, label="种类")
