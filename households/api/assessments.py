"""Verdicts, read only: a recompute writes them."""

from __future__ import annotations

import django_filters
from django.db.models import QuerySet
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin

from households.api.households import CRITERION_CHOICES
from households.api.serializers import AssessmentSerializer
from households.models import Assessment
from households.models.assessment import Verdict
from povreg.kit.api import filters
from povreg.kit.api.views import ScopedViewSet
from villages.people.rights import Right


class AssessmentFilter(django_filters.FilterSet):
    place = filters.Place(field_name="village_id")
    household = filters.Whole(field_name="household_id", help_text="户 id")
    year = filters.Year()
    verdict = filters.Choice(choices=Verdict.choices)
    failed = filters.Choice(choices=CRITERION_CHOICES, method="holds", help_text="未达标的指标")
    missing = filters.Choice(choices=CRITERION_CHOICES, method="holds", help_text="未记录的指标")
    borderline = filters.YesNo(help_text="是否踩线")
    eligible = filters.YesNo(help_text="是否具备退出条件")

    def holds(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(**{f"{name}__contains": [value]})


class AssessmentViewSet(ListModelMixin, RetrieveModelMixin, ScopedViewSet):
    """What the criteria said of a household for a year."""

    queryset = Assessment.objects.select_related("household", "criteria_set")
    serializer_class = AssessmentSerializer
    filterset_class = AssessmentFilter
    lookup_value_converter = "int"
    orderings = {"place": ("village_id", "household_id", "-year"), "year": ("year",), "per_head": ("per_head",)}
    rights = {"": Right.ASSESSMENT_VIEW}
