"""Pairings in the API: list, read, begin, end."""

from __future__ import annotations

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from assistance.models import Pairing
from assistance.pairing import services
from assistance.pairing.services import PairingOver
from households.models import Household
from povreg.kit.api import filters
from povreg.kit.api.errors import Answer, answer_to, not_found
from povreg.kit.api.fields import LARGEST_ID, Day, RowId, StrictSerializer, Text
from povreg.kit.api.filters import whole_of
from povreg.kit.api.views import ScopedViewSet
from villages.models import User
from villages.rights import Right


@answer_to.register
def over(fault: PairingOver) -> Answer:
    """409: it has ended, or there is one already."""
    return Answer(409, "state", "；".join(fault.messages))


class PairingSerializer(serializers.ModelSerializer):
    village = serializers.CharField(source="village_id")
    helper_name = serializers.CharField(source="helper.name")

    class Meta:
        model = Pairing
        fields = ("id", "household", "village", "helper", "helper_name", "starts_on", "ends_on", "note")
        read_only_fields = fields


class HelperSerializer(serializers.ModelSerializer):
    class Meta:
        model = User
        fields = ("id", "name")
        read_only_fields = fields


class NewPairing(StrictSerializer):
    household = RowId()
    helper = RowId(help_text="帮扶责任人的账号 id")
    starts_on = Day()
    ends_on = Day(required=False, help_text="最后一天；不给时没有期限")
    note = Text(max_length=200, required=False, allow_blank=True, default="", help_text="帮扶内容")


class PairingEnding(StrictSerializer):
    ends_on = Day(help_text="最后一天")
    reason = Text(max_length=200)


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
    parameters = {"helpers": {"household"}}
    rights = {
        "": Right.HOUSEHOLD_VIEW,
        "create": Right.PAIRING_EDIT,
        "end": Right.PAIRING_EDIT,
        "helpers": Right.PAIRING_EDIT,
    }

    @extend_schema(request=NewPairing, responses={201: PairingSerializer})
    def create(self, request: Request) -> Response:
        """Make a helper responsible for a household."""
        given = self.body(NewPairing)
        household = self.referred(Household.objects, "household", given.pop("household"))
        helper = services.helpers_at(household.village_id).filter(pk=given.pop("helper")).first()
        if helper is None:
            raise not_found("helper", "没有找到这个账号，或他在本村没有帮扶责任人的任职，请核对。")
        row = services.start_pairing(by=request.user, household=household, helper=helper, **given)
        return Response(PairingSerializer(row).data, status=201)

    @extend_schema(request=PairingEnding, responses=PairingSerializer)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: int) -> Response:
        """Let a pairing end on a day; a change of helper is this and a new pairing."""
        row = self.get_object()
        return Response(
            PairingSerializer(services.end_pairing(by=request.user, pairing=row, **self.body(PairingEnding))).data
        )

    @extend_schema(
        responses=HelperSerializer(many=True),
        filters=False,
        parameters=[
            OpenApiParameter("household", {"type": "integer", "minimum": 1, "maximum": LARGEST_ID}, required=True)
        ],
    )
    @action(detail=False, pagination_class=None)
    def helpers(self, request: Request) -> Response:
        """Accounts that may be paired with a household."""
        household = self.referred(Household.objects, "household", whole_of(request, "household"))
        return Response(HelperSerializer(services.helpers_at(household.village_id), many=True).data)
