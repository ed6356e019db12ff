"""What the lists of units and cadres can be narrowed by, on the page and in the API."""

from __future__ import annotations

import django_filters
from django.db.models import QuerySet

from povreg.kit.pages import filters
from villages.models import Cadre, Unit
from villages.places.filters import InPlace
from villages.units.selectors import DUTIES, stationed_now


class UnitFilters(django_filters.FilterSet):
    q = filters.Typed("name", "leader_name", label="单位或分管领导")
    kind = filters.Choice(choices=Unit.Kind.choices, label="类别")
    place = InPlace(field_name="place_id")
    name = filters.Word(lookup_expr="contains", label="名称", help_text="名称的一部分")
    active = filters.YesNo(field_name="is_active", label="启用", help_text="是否启用")


class CadreFilters(django_filters.FilterSet):
    q = filters.Typed("name", "unit__name", "post", label="姓名、单位或职务")
    place = InPlace(field_name="place_id", label="工作地")
    duty = filters.Choice(choices=DUTIES.items(), label="驻村身份", method="on_duty")
    unit = filters.Whole(field_name="unit_id", label="单位", help_text="单位 id")

    def on_duty(self, rows: QuerySet[Cadre], name: str, value: str) -> QuerySet[Cadre]:
        """Cadres whose duty in the village has not ended."""
        return rows.filter(stationed_now(), **{f"is_{value}": True})
