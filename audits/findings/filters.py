"""What findings, rounds and inspections can be narrowed by, on the page and in the API."""

from __future__ import annotations

import django_filters
from django.db.models import Q, QuerySet

from audits.findings.selectors import STATIONS, overdue
from audits.models import AuditRound, Finding, InspectionVisit
from povreg.kit.pages import filters
from villages.places.filters import InPlace

OFTEN = (
    ("live", "未办结"),
    ("late", "已逾期"),
    *((code, label) for code, (label, _condition) in STATIONS.items()),
    ("all", "全部"),
)


class FindingFilters(django_filters.FilterSet):
    place = InPlace(field_name="village_id", label="村")
    state = filters.Choice(choices=OFTEN, label="状态", method="in_state")
    source = filters.Choice(choices=Finding.Source.choices, label="来源")
    severity = filters.Choice(choices=Finding.Severity.choices, label="程度")
    outcome = filters.Choice(choices=Finding.Outcome.choices, label="结果")
    round = filters.Whole(field_name="round_id", label="轮次", help_text="轮次 id")
    household = filters.Whole(field_name="household_id", label="户", help_text="农户 id")

    def in_state(self, rows: QuerySet[Finding], name: str, value: str) -> QuerySet[Finding]:
        if value in STATIONS:
            return rows.filter(STATIONS[value][1])
        conditions = {"live": ~Q(state__in=Finding.ENDED), "late": overdue(), "all": Q()}
        return rows.filter(conditions[value])


class RoundFilters(django_filters.FilterSet):
    kind = filters.Choice(choices=AuditRound.Kind.choices, label="种类")


class InspectionFilters(django_filters.FilterSet):
    place = InPlace(field_name="village_id", label="村")
    method = filters.Choice(choices=InspectionVisit.Method.choices, label="方式")
    round = filters.Whole(field_name="round_id", label="轮次", help_text="轮次 id")
