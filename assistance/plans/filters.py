"""What plans can be narrowed by."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import F

from assistance.models import Plan
from assistance.models.plan import Path
from povreg.kit.pages import filters
from villages.places.filters import InPlace

RESULTS = (("open", "还有没落实的"), ("done", "全部落实"))


class PlanFilters(django_filters.FilterSet):
    place = InPlace(field_name="village_id", label="村")
    year = filters.Year(label="年度")
    state = filters.Choice(choices=Plan.State.choices, label="状态")
    path = filters.Choice(choices=Path.choices, label="主要路子")
    result = filters.Choice(choices=RESULTS, label="落实", method="with_result")
    household = filters.Whole(field_name="household_id", label="户", help_text="农户 id")

    def with_result(self, rows: Any, name: str, value: str) -> Any:
        if value == "done":
            return rows.filter(lines_count__gt=0, done_count=F("lines_count"))
        return rows.filter(done_count__lt=F("lines_count"))


class WithoutFilters(django_filters.FilterSet):
    place = InPlace(field_name="village_id", label="村")
