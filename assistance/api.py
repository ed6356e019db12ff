"""Pairings in the API, read only."""

from __future__ import annotations

import django_filters
from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin

from assistance.models import Pairing
from povreg.kit.api import filters
from povreg.kit.api.views import ScopedViewSet
from villages.people.rights import Right


class PairingSerializer(serializers.ModelSerializer):
    village = serializers.CharField(source="village_id")
    helper_name = serializers.CharField(source="helper.name")

    class Meta:
        model = Pairing
        fields = ("id", "household", "village", "helper", "helper_name", "starts_on", "ends_on", "note")
        read_only_fields = fields


class PairingFilter(django_filters.FilterSet):
    place = filters.Place(field_name="village_id")
    household = filters.Whole(field_name="household_id", help_text="户 id")
    helper = filters.Whole(field_name="helper_id", help_text="帮扶责任人的账号 id")
    current = filters.YesNo(method="is_current", help_text="true 只列今天有效的，false 只列其余的")

    def is_current(self, rows: QuerySet, name: str, value: bool) -> QuerySet:
        today = Pairing.objects.today().values("pk")
        return rows.filter(pk__in=today) if value else rows.exclude(pk__in=today)


class PairingViewSet(ListModelMixin, RetrieveModelMixin, ScopedViewSet):
    """Who helps which household, from when to when."""

    queryset = Pairing.objects.select_related("helper")
    serializer_class = PairingSerializer
    filterset_class = PairingFilter
    lookup_value_converter = "int"
    orderings = {"place": ("village_id", "household_id", "-starts_on"), "starts_on": ("starts_on",)}
    rights = {"": Right.HOUSEHOLD_VIEW}


RESOURCES = {"pairings": PairingViewSet}
