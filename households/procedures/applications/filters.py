"""What applications can be narrowed by, on the page and in the API."""

from __future__ import annotations

import django_filters

from households.models import Application
from households.procedures.engine.filters import KindChoice
from households.procedures.engine.kinds import applied_for
from households.register.filters import SurveyYear
from povreg.kit.pages import filters
from villages.places.filters import InPlace

KINDS = applied_for


class ApplicationFilters(django_filters.FilterSet):
    place = InPlace(field_name="village_id", label="乡镇或村")
    household = filters.Whole(field_name="household_id", label="户", help_text="户 id")
    kind = KindChoice(choices=KINDS, label="申请事项")
    year = SurveyYear(label="年度")
    state = filters.Choice(choices=Application.State.choices, label="状态")
