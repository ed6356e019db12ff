"""Quotas of a year: a place's number, given or worked out, and its division over the places below."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from households.api import refusals  # noqa: F401  makes the refusals of the verbs known
from households.models import Quota
from households.procedures.quotas import services as quota
from households.register.filters import SurveyYear
from povreg.kit.api import filters
from povreg.kit.api.errors import refused
from povreg.kit.api.fields import Amount, StrictSerializer, Text, Whole
from povreg.kit.api.views import ScopedViewSet
from villages.api.serializers import PlaceCode, Reason
from villages.models import Place
from villages.rights import Right

MOST_PEOPLE = 100_000_000
MOST_FACTORS = 5
"""As many as the page has lines for."""


class QuotaSerializer(serializers.ModelSerializer):
    place = serializers.CharField(source="place_id")
    factors = serializers.DictField(help_text="测算所用的数")

    class Meta:
        model = Quota
        fields = ("id", "version", "place", "year", "parent", "method", "factors", "computed", "amount", "reason",
                  "ceiling_percent", "confirmed_on", "updated_at")  # fmt: skip
        read_only_fields = fields


def people(said: str) -> Whole:
    return Whole(min_value=0, max_value=MOST_PEOPLE, required=False, help_text=said)


def share(said: str, **kwargs: Any) -> Amount:
    """A per cent or a weight."""
    return Amount(max_digits=9, decimal_places=4, help_text=said, **kwargs)


class FactorValue(StrictSerializer):
    name = Text(max_length=20, help_text="因子名称")
    value = share("因子值（%）")


class FactorWeight(StrictSerializer):
    name = Text(max_length=20, help_text="因子名称")
    weight = share("权重")


class Worked(StrictSerializer):
    """What the number of a place follows from: ``given``, or ``population`` with ``rate``, or with ``values``."""

    given = people("上级核定人数；method 为 given 时填")
    population = people("乡村人口；method 为 rate 或 factors 时填")
    rate = share("发生率（%）；method 为 rate 时填", required=False)
    values = serializers.ListField(
        child=FactorValue(), required=False, max_length=MOST_FACTORS, help_text="method 为 factors 时填"
    )
    amount = people("与测算不同时填，并写明原因")
    reason = Text(max_length=200, required=False, allow_blank=True, default="")


def method() -> serializers.ChoiceField:
    return serializers.ChoiceField(Quota.Method.choices, default=Quota.Method.GIVEN)


def weights() -> serializers.ListField:
    return serializers.ListField(
        child=FactorWeight(), required=False, max_length=MOST_FACTORS, help_text="各因子的权重；method 为 factors 时填"
    )


class NewQuota(Worked):
    place = PlaceCode(help_text="县、乡镇或村")
    year = Whole(min_value=2013, max_value=2100)
    method = method()
    weights = weights()


class Part(Worked):
    place = PlaceCode(help_text="直接下级")


class Division(StrictSerializer):
    method = method()
    weights = weights()
    parts = serializers.ListField(child=Part(), max_length=2000)


def factors_of(given: dict[str, Any], weighted: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """What a method computes from, taken out of the body; shares as text, so that nothing is rounded."""
    found: dict[str, Any] = {name: given.pop(name) for name in ("given", "population") if name in given}
    if "rate" in given:
        found["rate"] = plain(given.pop("rate"))
    if values := given.pop("values", []):
        found["values"] = named(values, "value")
        found["weights"] = {name: value for name, value in named(weighted, "weight").items() if name in found["values"]}
    return found


def plain(share: Decimal) -> str:
    return f"{share.normalize():f}"


def named(rows: Sequence[dict[str, Any]], what: str) -> dict[str, str]:
    """Shares by the name of their factor. Raises Refused (422) when two have one name."""
    found = {row["name"]: plain(row[what]) for row in rows}
    if len(found) < len(rows):
        raise refused(f"{what}s", "同一个因子出现了两次，请只保留一行。")
    return found


class QuotaFilter(django_filters.FilterSet):
    place = filters.Place(field_name="place_id")
    year = SurveyYear()
    parent = filters.Whole(field_name="parent_id", help_text="上级规模 id")
    confirmed = filters.YesNo(method="is_confirmed", help_text="是否已下达")

    def is_confirmed(self, rows: QuerySet, name: str, value: bool) -> QuerySet:
        return rows.filter(confirmed_on__isnull=not value)


class QuotaViewSet(ListModelMixin, RetrieveModelMixin, ScopedViewSet):
    """How many people of a place may be identified in a year, divided from the county down to its villages."""

    queryset = Quota.objects.all()
    serializer_class = QuotaSerializer
    filterset_class = QuotaFilter
    lookup_value_converter = "int"
    orderings = {"place": ("place_id", "-year"), "year": ("year", "place_id")}
    rights = {
        "": Right.BATCH_VIEW,
        "create": Right.QUOTA_EDIT,
        "divide": Right.QUOTA_EDIT,
        "confirm": Right.QUOTA_EDIT,
        "take_back": Right.QUOTA_EDIT,
    }

    def shown(self, row: Quota, status: int = 200) -> Response:
        return Response(QuotaSerializer(Quota.objects.get(pk=row.pk)).data, status=status)

    @extend_schema(request=NewQuota, responses={201: QuotaSerializer})
    def create(self, request: Request) -> Response:
        """Set the number of one place: given from above, population × rate, or by weighted factors."""
        given = self.body(NewQuota)
        place = self.visible(Place.objects, "place", given.pop("place"))
        self.demand_right(place.code)
        factors = factors_of(given, given.pop("weights", []))
        return self.shown(quota.set_quota(by=request.user, place=place.code, factors=factors, **given), status=201)

    @extend_schema(request=Division, responses=QuotaSerializer)
    @action(detail=True, methods=["post"])
    def divide(self, request: Request, pk: int) -> Response:
        """Divide a quota over the places directly below it, in one go."""
        row = self.get_object()
        given = self.body(Division)
        weighted, parts = given.get("weights", []), [dict(part) for part in given["parts"]]
        shares = {part.pop("place"): quota.Share(factors_of(part, weighted), **part) for part in parts}
        if len(shares) < len(parts):
            raise refused("parts", "同一个地方出现了两次，请只保留一行。")
        quota.divide_quota(by=request.user, quota=row, method=given["method"], shares=shares)
        return self.shown(row)

    @extend_schema(request=None, responses=QuotaSerializer)
    @action(detail=True, methods=["post"])
    def confirm(self, request: Request, pk: int) -> Response:
        """Hand the division down: from then on it is fixed."""
        row = self.get_object()
        quota.confirm_quotas(by=request.user, quota=row)
        return self.shown(row)

    @extend_schema(request=Reason, responses=QuotaSerializer)
    @action(detail=True, methods=["post"], url_path="take-back")
    def take_back(self, request: Request, pk: int) -> Response:
        """Undo handing the division down, so that it can be corrected; the lowest division goes first."""
        row = self.get_object()
        quota.take_back_quotas(by=request.user, quota=row, **self.body(Reason))
        return self.shown(row)
