"""What signs can be narrowed by, on the page and in the API."""

from __future__ import annotations

import django_filters
from django.db.models import QuerySet

from audits.models import Sign
from povreg.kit.pages import filters
from villages.places.filters import InPlace


class SignFilters(django_filters.FilterSet):
    place = InPlace(field_name="village_id", label="村")
    kind = filters.Choice(choices=Sign.Kind.choices, label="种类")
    level = filters.Choice(choices=Sign.Level.choices, label="程度")
    year = filters.Year(field_name="run__year", label="年度")


class AccountFilters(django_filters.FilterSet):
    place = InPlace(field_name="village_id", label="村")
    kind = filters.Choice(choices=Sign.Kind.choices, label="种类", method="of_kind")
    level = filters.Choice(choices=Sign.Level.choices, label="程度")

    def of_kind(self, rows: QuerySet[Sign], name: str, value: str) -> QuerySet[Sign]:
        return rows.filter(kind=value)
