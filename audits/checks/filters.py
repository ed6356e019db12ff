"""What doubts and exemptions can be narrowed by, on the page and in the API."""

from __future__ import annotations

import django_filters
from django.db.models import Q, QuerySet
from django.utils import timezone

from audits.checks.check import GROUPS
from audits.checks.entered import entered_by
from audits.checks.selectors import STATES
from audits.models import Doubt, Exemption
from audits.models.check import DoubtQuerySet
from povreg.kit.pages import filters
from villages.places.filters import InPlace

OFTEN = tuple((code, label) for code, (label, _condition) in STATES.items())
KINDS = [(str(code), label) for code, label in GROUPS.items()]


class DoubtFilters(django_filters.FilterSet):
    place = InPlace(field_name="village_id", label="村")
    state = filters.Choice(choices=OFTEN, label="状态", method="in_state")
    group = filters.Choice(choices=KINDS, label="类别", method="of_group")
    rule = filters.Word(label="规则", help_text="规则编号")
    year = filters.Year(label="年度")
    household = filters.Whole(field_name="household_id", label="户", help_text="农户 id")
    finding = filters.Whole(field_name="finding_id", label="整改", help_text="问题 id")
    entered_by = filters.Whole(label="录入人", help_text="录入人的账号 id", method="of_cadre")

    def in_state(self, rows: QuerySet[Doubt], name: str, value: str) -> QuerySet[Doubt]:
        return rows.filter(STATES[value][1])

    def of_cadre(self, rows: DoubtQuerySet, name: str, value: int) -> QuerySet[Doubt]:
        return entered_by(rows, value)

    def of_group(self, rows: QuerySet[Doubt], name: str, value: str) -> QuerySet[Doubt]:
        return rows.filter(group=int(value))


HOLDING = (("holds", "有效"), ("past", "已失效"), ("all", "全部"))


class ExemptionFilters(django_filters.FilterSet):
    place = InPlace(field_name="village_id", label="村")
    state = filters.Choice(choices=HOLDING, label="状态", method="in_state")
    rule = filters.Word(label="规则", help_text="规则编号")

    def in_state(self, rows: QuerySet[Exemption], name: str, value: str) -> QuerySet[Exemption]:
        holds = Q(withdrawn_on=None, until__gte=timezone.localdate())
        return rows.filter({"holds": holds, "past": ~holds, "all": Q()}[value])
