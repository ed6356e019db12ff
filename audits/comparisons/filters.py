"""What lists and hits can be narrowed by, on the page and in the API."""

from __future__ import annotations

import django_filters
from django.db.models import QuerySet

from audits.comparisons.selectors import STATES
from audits.comparisons.sources import sources
from audits.models import ComparisonHit, ComparisonList
from povreg.kit.pages import filters
from villages.places.filters import InPlace

SOURCES = [(each.code, each.label) for each in sources().values()]
OFTEN = tuple((code, label) for code, (label, _condition) in STATES.items())
STRENGTH = (("no", "按证件号码"), ("yes", "按姓名和出生日期"))


class ListFilters(django_filters.FilterSet):
    source = filters.Choice(choices=SOURCES, label="数据种类")
    state = filters.Choice(choices=ComparisonList.State.choices, label="状态")


class HitFilters(django_filters.FilterSet):
    place = InPlace(field_name="village_id", label="村")
    state = filters.Choice(choices=OFTEN, label="状态", method="in_state")
    source = filters.Choice(choices=SOURCES, label="数据种类")
    match = filters.Choice(choices=STRENGTH, label="匹配", method="matched")
    list = filters.Whole(field_name="list_id", label="名单", help_text="名单 id")
    household = filters.Whole(field_name="household_id", label="户", help_text="农户 id")

    def in_state(self, rows: QuerySet[ComparisonHit], name: str, value: str) -> QuerySet[ComparisonHit]:
        return rows.filter(STATES[value][1])

    def matched(self, rows: QuerySet[ComparisonHit], name: str, value: str) -> QuerySet[ComparisonHit]:
        return rows.filter(weak=value == "yes")
