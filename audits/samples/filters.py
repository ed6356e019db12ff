"""What samples and their households can be narrowed by, on the page and in the API."""

from __future__ import annotations

import django_filters
from django.db.models import Q, QuerySet

from audits.models import Sample, SampleCase
from povreg.kit.pages import filters
from villages.places.filters import InPlace

OFTEN = (("open", "在办"), ("closed", "已办结"), ("all", "全部"))
CASES_OFTEN = (("open", "待核"), ("done", "已核"), ("unreached", "没有见到"), ("wrong", "有问题"), ("all", "全部"))


class SampleFilters(django_filters.FilterSet):
    place = InPlace(field_name="place_id", label="范围")
    state = filters.Choice(choices=OFTEN, label="状态", method="in_state")
    year = filters.Year(label="年度")

    def in_state(self, rows: QuerySet[Sample], name: str, value: str) -> QuerySet[Sample]:
        conditions = {"open": Q(closed_on__isnull=True), "closed": Q(closed_on__isnull=False), "all": Q()}
        return rows.filter(conditions[value])


class CaseFilters(django_filters.FilterSet):
    place = InPlace(field_name="village_id", label="村")
    state = filters.Choice(choices=CASES_OFTEN, label="状态", method="in_state")
    sample = filters.Whole(field_name="sample_id", label="抽查", help_text="抽查 id")

    def in_state(self, rows: QuerySet[SampleCase], name: str, value: str) -> QuerySet[SampleCase]:
        if value == "all":
            return rows
        if value == "wrong":
            return rows.filter(is_wrong())
        return rows.filter(state=value)


def is_wrong() -> Q:
    """Households in which something was found wrong, or that do not approve."""
    from_answers = Q(answers__approval=False)
    for code in ("wrong_exit", "missed", "not_included", "wrong_clear", "no_measure"):
        from_answers |= Q(**{f"answers__{code}": True})
    return from_answers
