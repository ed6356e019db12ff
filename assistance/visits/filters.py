"""What visits, and households to be visited, can be narrowed by."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Q, QuerySet

from assistance.models import Visit
from assistance.models.visit import Answer, Way
from assistance.visits.due import DONE, DUE, LATE, in_state, rules
from assistance.visits.services import TOPICS
from households.models import Household
from povreg.kit.pages import filters
from villages.places.filters import InPlace

STATES = (("open", "待走访"), (LATE, "逾期"), (DUE, "本期未走"), (DONE, "本期已走"), ("all", "全部"))
CLASSES = [(rule.code, rule.label) for rule in rules().values()]
FOUND = (("problem", "有问题"), ("unsigned", "没有签字"))


class DueFilters(django_filters.FilterSet):
    place = InPlace(field_name="village_id", label="村")
    state = filters.Choice(choices=STATES, label="状态", method="in_state")
    whose = filters.Choice(choices=CLASSES, label="对象", method="of_class")

    def in_state(self, rows: QuerySet[Household], name: str, value: str) -> QuerySet[Household]:
        if value == "all":
            return rows
        return rows.filter(in_state(DUE) | in_state(LATE) if value == "open" else in_state(value))

    def of_class(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(is_monitored=value == "monitored")


class VisitFilters(django_filters.FilterSet):
    place = InPlace(field_name="village_id", label="村")
    way = filters.Choice(choices=Way.choices, label="方式")
    year = filters.Year(field_name="visited_on__year", label="年度")
    found = filters.Choice(choices=FOUND, label="结果", method="what_found")
    household = filters.Whole(field_name="household_id", label="户", help_text="农户 id")
    mine = filters.YesNo(label="我的", method="of_me")

    def what_found(self, rows: QuerySet[Visit], name: str, value: str) -> QuerySet[Visit]:
        if value == "unsigned":
            return rows.filter(signer="")
        wrong = Q()
        for topic in TOPICS:
            wrong |= Q(**{topic: Answer.PROBLEM})
        return rows.filter(wrong)

    def of_me(self, rows: QuerySet[Visit], name: str, value: bool) -> QuerySet[Visit]:
        mine = Q(by=self.request.user)
        return rows.filter(mine if value else ~mine)
