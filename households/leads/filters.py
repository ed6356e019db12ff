"""What leads can be narrowed by, on the page and in the API."""

from __future__ import annotations

import django_filters
from django.db.models import Q, QuerySet

from households.leads.selectors import STATIONS
from households.models import Lead
from povreg.kit.pages import filters
from villages.places.filters import InPlace

OFTEN = (
    ("open", "未办结"),
    *((code, label) for code, (label, _condition) in STATIONS.items()),
    ("mine", "我核实的"),
    ("all", "全部"),
)


class LeadFilters(django_filters.FilterSet):
    place = InPlace(field_name="village_id", label="村")
    state = filters.Choice(choices=OFTEN, label="状态", method="in_state")
    source = filters.Choice(choices=Lead.Source.choices, label="来源")
    outcome = filters.Choice(choices=Lead.Outcome.choices, label="结果")
    monitor_type = filters.Code(label="拟定类别", help_text="监测对象类型代码")
    year = filters.Year(label="年度")
    household = filters.Whole(field_name="household_id", label="户", help_text="农户 id")
    found_after = filters.Day(
        field_name="found_on", lookup_expr="gt", label="发现日期晚于", help_text="这一天之后发现的"
    )

    def in_state(self, rows: QuerySet[Lead], name: str, value: str) -> QuerySet[Lead]:
        if value in STATIONS:
            return rows.filter(STATIONS[value][1])
        conditions = {
            "open": ~Q(state=Lead.State.DECIDED),
            "mine": Q(checked_by=self.request.user),
            "all": Q(),
        }
        return rows.filter(conditions[value])
