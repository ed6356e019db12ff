"""Closed years: list, read, close one, verify; and the facts that came after."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.mixins import RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from households.closing import services
from households.closing.lists import CLOSINGS, LATE_FACTS
from households.models import Household, LateFact, YearClosing
from povreg.kit.api.fields import StrictSerializer, Text, Whole
from povreg.kit.pages.api import Listed
from povreg.kit.views import demand
from villages.api.serializers import PlaceCode
from villages.models import Place
from villages.periods.services import FIRST_YEAR
from villages.rights import Right


class ClosingSerializer(serializers.ModelSerializer):
    county = serializers.CharField(source="county_id", help_text="县的代码")
    sheet = serializers.DictField(child=serializers.IntegerField(), help_text="清点表：项目和数量")

    class Meta:
        model = YearClosing
        fields = ("id", "county", "year", "closed_at", "households", "people", "digest", "sheet", "reason")
        read_only_fields = fields


class NewClosing(StrictSerializer):
    county = PlaceCode(help_text="县的代码")
    year = Whole(min_value=FIRST_YEAR, max_value=2100)
    reason = Text(max_length=200, required=False, allow_blank=True, help_text="清点表有缺项仍封存的理由")


class VerifiedShown(serializers.Serializer):
    holds = serializers.BooleanField(help_text="是否与封存时一致")
    listed = serializers.BooleanField(help_text="封存的校验清单本身是否没有改动")
    households = serializers.ListField(child=serializers.IntegerField(), help_text="有改动的户的 id，限自己范围内的")
    places = serializers.ListField(child=serializers.CharField(), help_text="统计数有改动的地区的代码")


class ClosingViewSet(RetrieveModelMixin, Listed):
    """Years that counties closed: their figures and rows no longer change."""

    queryset = YearClosing.objects.all()
    serializer_class = ClosingSerializer
    listing = CLOSINGS
    lookup_value_converter = "int"
    rights = {"": Right.STANDARD_VIEW, "create": Right.COUNTY_REVIEW}

    def row(self, rows: Any, pk: Any) -> YearClosing:
        """Whoever works in the county sees its closings."""
        row: YearClosing = super().row_without_right(rows, pk)
        return row

    @extend_schema(request=NewClosing, responses={201: ClosingSerializer})
    def create(self, request: Request) -> Response:
        """Close a year of a county, for good. What is missing must be accepted with a reason."""
        given: dict[str, Any] = self.body(NewClosing)
        county = self.referred(Place.objects.all(), "county", given["county"])
        demand(request.user, Right.COUNTY_REVIEW, county.pk)
        row = services.close_year(by=request.user, county=county, year=given["year"], reason=given.get("reason", ""))
        return Response(ClosingSerializer(row).data, status=201)

    @extend_schema(responses=VerifiedShown)
    @action(detail=True, methods=["get"])
    def verify(self, request: Request, pk: int) -> Response:
        """Whether the year still is what was closed; households and places that are not."""
        found = services.verify_closing(self.get_object())
        seen = Household.objects.visible_to(request.user).filter(pk__in=found.households).order_by("pk")
        shown = replace(found, households=list(seen.values_list("pk", flat=True)))
        return Response(VerifiedShown({**vars(shown), "holds": found.holds}).data)


class LateFactSerializer(serializers.ModelSerializer):
    village = serializers.CharField(source="village_id")
    facts = serializers.JSONField(help_text="列名对应 [封存时的值, 更正后的值]")

    class Meta:
        model = LateFact
        fields = ("id", "household", "village", "member", "year", "kind", "what", "facts", "reason", "at")
        read_only_fields = fields


class LateFactViewSet(RetrieveModelMixin, Listed):
    """Facts dated into a year after it was closed."""

    queryset = LateFact.objects.all()
    serializer_class = LateFactSerializer
    listing = LATE_FACTS
    lookup_value_converter = "int"
    rights = {"": Right.HOUSEHOLD_VIEW}
