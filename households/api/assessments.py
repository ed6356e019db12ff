"""Verdicts and how they turned, read only: a recompute writes them."""

from __future__ import annotations

import django_filters
from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin

from households.api.narrowing import CRITERION_CHOICES
from households.api.verdict_shapes import AssessmentSerializer
from households.eligibility.lists import FLIPS
from households.models import Assessment, Flip
from households.models.assessment import Verdict
from households.register.filters import SurveyYear
from povreg.kit.api import filters
from povreg.kit.api.views import ScopedViewSet
from povreg.kit.pages.api import Listed
from villages.rights import Right


class AssessmentFilter(django_filters.FilterSet):
    place = filters.Place(field_name="village_id")
    household = filters.Whole(field_name="household_id", help_text="户 id")
    year = SurveyYear()
    verdict = filters.Choice(choices=Verdict.choices)
    failed = filters.Choice(choices=CRITERION_CHOICES, method="holds", help_text="未达标的指标")
    missing = filters.Choice(choices=CRITERION_CHOICES, method="holds", help_text="未记录的指标")
    borderline = filters.YesNo(help_text="是否踩线")
    eligible = filters.YesNo(help_text="是否具备退出条件")

    def holds(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(**{f"{name}__contains": [value]})


class AssessmentViewSet(ListModelMixin, RetrieveModelMixin, ScopedViewSet):
    """What the criteria said of a household for a year in which it had a class; one without is only tested."""

    queryset = Assessment.objects.filter(counted=True).select_related("household", "criteria_set")
    serializer_class = AssessmentSerializer
    filterset_class = AssessmentFilter
    lookup_value_converter = "int"
    orderings = {"place": ("village_id", "household_id", "-year"), "year": ("year",), "per_head": ("per_head",)}
    rights = {"": Right.ASSESSMENT_VIEW}


class FlipSerializer(serializers.ModelSerializer):
    village = serializers.CharField(source="village_id")
    changed = serializers.ListField(child=serializers.CharField(), help_text="变化的指标")

    class Meta:
        model = Flip
        fields = ("id", "household", "village", "year", "before", "after", "cause", "changed", "job", "at")
        read_only_fields = fields


class FlipViewSet(RetrieveModelMixin, Listed):
    """Verdicts that turned: from what to what, and whether facts or the rule changed."""

    queryset = Flip.objects.all()
    serializer_class = FlipSerializer
    listing = FLIPS
    lookup_value_converter = "int"
    rights = {"": Right.ASSESSMENT_VIEW}
