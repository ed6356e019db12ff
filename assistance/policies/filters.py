"""What entitlements and the library can be narrowed by."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils import timezone

from assistance.catalogue.selectors import county_of_user
from assistance.models import Policy
from assistance.policies.loading import shipped_policies
from assistance.policies.selectors import entitled, in_force
from households.models import Member
from povreg.kit.pages import filters
from villages.places.filters import InPlace

STATES = (("lacking", "应享受未享受"), ("why", "有原因的"), ("has", "已享受"), ("all", "全部"))
POLICIES = [(row["code"], row["label"]) for row in shipped_policies()]
HOLDING = (("now", "现行"), ("all", "历次版本"))


class EntitledFilters(django_filters.FilterSet):
    """The policy decides who is listed; without one it is the first of the library."""

    policy = filters.Choice(choices=POLICIES, label="政策", method="as_given")
    year = filters.Year(label="年度", method="as_given")
    place = InPlace(field_name="village_id", label="村")
    state = filters.Choice(choices=STATES, label="状态", method="as_given")

    def as_given(self, rows: QuerySet[Member], name: str, value: Any) -> QuerySet[Member]:
        return rows  # all three are applied together below

    def filter_queryset(self, queryset: QuerySet[Member]) -> QuerySet[Member]:
        asked = self.form.cleaned_data
        year = asked.get("year") or timezone.localdate().year
        code = asked.get("policy") or POLICIES[0][0]
        held = in_force(county_of_user(self.request.user), year)
        policy = next((row for row in held if row.code == code), None)
        rows = super().filter_queryset(queryset)
        if policy is None:
            return rows.none()
        return in_state(entitled(rows, policy, year), asked.get("state") or "all")


def in_state(rows: Any, state: str) -> Any:
    if state == "has":
        return rows.filter(has_it=True)
    if state == "all":
        return rows
    return rows.filter(has_it=False, why_not__isnull=state == "lacking")


class LibraryFilters(django_filters.FilterSet):
    label = filters.Typed("label", "department", label="政策或部门")
    holding = filters.Choice(choices=HOLDING, label="版本", method="which")

    def which(self, rows: QuerySet[Policy], name: str, value: str) -> QuerySet[Policy]:
        if value == "all":
            return rows
        held = in_force(county_of_user(self.request.user), timezone.localdate().year)
        return rows.filter(pk__in=[row.pk for row in held])
