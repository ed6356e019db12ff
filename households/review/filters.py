"""What the lists of 分类管理 can be narrowed by, on the page and in the API."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Exists, OuterRef, QuerySet, Value

from households.models import Review
from households.models.review import Outcome
from households.review import selectors
from povreg.kit.pages import filters
from villages.models import Place
from villages.places.filters import InPlace

STATES = (("without", "还没有评估"), ("assessed", "已评估，待决定"), ("decided", "已决定"))
LEVELS = ((str(Place.Level.TOWNSHIP.value), "按乡镇"), (str(Place.Level.VILLAGE.value), "按村"))


class OfYear(django_filters.FilterSet):
    year = filters.Year(method="later", label="年度", help_text="不给时为今年")

    def later(self, rows: QuerySet, name: str, value: Any) -> QuerySet:
        return rows

    @property
    def asked_year(self) -> int:
        return int(self.form.cleaned_data.get("year") or selectors.current_year())


class ReviewFilters(OfYear):
    place = InPlace(field_name="village_id")
    state = filters.Choice(method="later", choices=STATES, label="进度")
    proposal = filters.Choice(method="later", choices=Outcome.choices, label="建议")

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        year, given = self.asked_year, self.form.cleaned_data
        rows = selectors.of_year(super().filter_queryset(queryset), year)
        if given.get("proposal"):
            said = Review.objects.filter(household=OuterRef("pk"), year=year, proposal=given["proposal"])
            rows = rows.filter(Exists(said))
        match given.get("state"):
            case "without":
                return rows.filter(~selectors.reviewed(year))
            case "assessed":
                return rows.filter(selectors.reviewed(year), ~selectors.decided())
            case "decided":
                return rows.filter(selectors.decided())
        return rows


class ProgressFilters(OfYear):
    place = InPlace(field_name="code")
    level = filters.Choice(field_name="level", choices=LEVELS, label="层级")

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        return super().filter_queryset(queryset).annotate(asked_year=Value(self.asked_year))
