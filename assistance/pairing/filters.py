"""What pairings can be narrowed by, on the page and in the API."""

from __future__ import annotations

import django_filters
from django.db.models import QuerySet

from assistance.models import Pairing
from povreg.kit.pages import filters
from villages.places.filters import InPlace

STANDING = (("true", "现在有效"), ("false", "已结束"))


class PairingFilters(django_filters.FilterSet):
    q = filters.Typed("helper__name", "unit__name", label="帮扶责任人或单位")
    place = InPlace(field_name="village_id", label="村")
    household = filters.Whole(field_name="household_id", label="户", help_text="户 id")
    helper = filters.Whole(field_name="helper_id", label="帮扶责任人", help_text="帮扶责任人的账号 id")
    current = filters.YesNo(label="现在有效", method="is_current", help_text="true 只列今天有效的，false 只列其余的")

    def is_current(self, rows: QuerySet[Pairing], name: str, value: bool) -> QuerySet[Pairing]:
        today = Pairing.objects.today().values("pk")
        return rows.filter(pk__in=today) if value else rows.exclude(pk__in=today)


class GapFilters(django_filters.FilterSet):
    place = InPlace(field_name="village_id", label="村")


class ChoiceFilters(django_filters.FilterSet):
    place = InPlace(field_name="village_id", label="村")
