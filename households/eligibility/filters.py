"""What changes of verdicts can be narrowed by, on the page and in the API."""

from __future__ import annotations

import django_filters
from django.db.models import QuerySet

from households.eligibility.criteria import BY_CODE
from households.models import Flip
from households.models.assessment import Verdict
from households.register.filters import SurveyYear
from povreg.kit.pages import filters
from villages.places.filters import InPlace

CRITERION_CHOICES = [(criterion.code, criterion.label) for criterion in BY_CODE.values()]


class FlipFilters(django_filters.FilterSet):
    place = InPlace(field_name="village_id", label="乡镇或村")
    household = filters.Whole(field_name="household_id", label="户", help_text="户 id")
    year = SurveyYear(label="年度")
    job = filters.Id(field_name="job_id", label="任务", help_text="任务 id")
    cause = filters.Choice(choices=Flip.Cause.choices, label="原因")
    before = filters.Choice(choices=Verdict.choices, label="由")
    after = filters.Choice(choices=Verdict.choices, label="变为")
    changed = filters.Choice(choices=CRITERION_CHOICES, method="holds", label="变化的指标", help_text="变化的指标")
    criterion = filters.Choice(choices=CRITERION_CHOICES, method="holds", label="变化的指标")

    def holds(self, rows: QuerySet[Flip], name: str, value: str) -> QuerySet[Flip]:
        return rows.filter(changed__contains=[value])
