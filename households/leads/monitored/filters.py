"""What monitored households can be narrowed by, on the page and in the API."""

from __future__ import annotations

from calendar import monthrange
from datetime import date

import django_filters
from django.db.models import Q, QuerySet
from django.utils import timezone

from households.eligibility.clearing import selectors
from households.models import Household
from povreg.kit.pages import filters
from villages.places.filters import InPlace

CLEARED = (("open", "风险未消除"), ("eligible", "可以消除"), ("cleared", "风险已消除"), ("all", "全部"))
LACKING = selectors.all_codes()


class MonitoredFilters(django_filters.FilterSet):
    place = InPlace(field_name="village_id", label="村")
    state = filters.Choice(choices=CLEARED, label="风险", method="in_state")
    monitor_type = filters.Code(label="类别", help_text="监测对象类型代码")
    risk = filters.Code(label="风险类型", help_text="风险代码", method="of_risk")
    lacking = filters.Choice(choices=LACKING, label="还差什么", method="without", help_text="风险消除还差的条件")
    months = filters.Whole(label="纳入满几个月", least=0, most=600, method="for_months", help_text="纳入至少几个整月")

    def in_state(self, rows: QuerySet[Household], name: str, value: str) -> QuerySet[Household]:
        conditions = {
            "open": ~Q(risk_cleared=True),
            "cleared": Q(risk_cleared=True),
            "eligible": ~Q(risk_cleared=True) & Q(selectors.may_be_cleared()),
            "all": Q(),
        }
        return rows.filter(conditions[value])

    def of_risk(self, rows: QuerySet[Household], name: str, value: str) -> QuerySet[Household]:
        return rows.filter(risks__contains=[value])

    def without(self, rows: QuerySet[Household], name: str, value: str) -> QuerySet[Household]:
        return rows.filter(selectors.lacking(value))

    def for_months(self, rows: QuerySet[Household], name: str, value: int | None) -> QuerySet[Household]:
        return rows if value is None else rows.filter(risk_identified_on__lte=months_ago(value))


def months_ago(months: int) -> date:
    """The day so many months ago, or the last of a month that is too short."""
    today = timezone.localdate()
    year, month = divmod(today.year * 12 + today.month - 1 - months, 12)
    return date(year, month + 1, min(today.day, monthrange(year, month + 1)[1]))
