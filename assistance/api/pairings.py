"""Pairings in the API: list, read, begin, end."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.mixins import RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from assistance.models import Pairing
from assistance.pairing import services
from assistance.pairing.lists import PAIRINGS
from assistance.pairing.services import PairingOver, StillNeeded
from households.models import Household
from povreg.kit.api.errors import Answer, answer_to, not_found
from povreg.kit.api.fields import LARGEST_ID, Day, RowId, StrictSerializer, Text, Whole
from povreg.kit.api.filters import whole_of
from povreg.kit.pages.api import Listed
from villages.models import User
from villages.rights import Right


@answer_to.register
def over(fault: PairingOver) -> Answer:
    """409: it has ended, or there is one already."""
    return Answer(409, "state", "；".join(fault.messages))


@answer_to.register
def alone(fault: StillNeeded) -> Answer:
    """409: the household would stand alone."""
    return Answer(409, "state", "；".join(fault.messages))


class PairingSerializer(serializers.ModelSerializer):
    village = serializers.CharField(source="village_id")
    helper_name = serializers.CharField(source="helper.name")

    class Meta:
        model = Pairing
        fields = ("id", "household", "village", "helper", "helper_name", "turn", "unit", "starts_on", "ends_on", "note")
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
    turn = Whole(min_value=1, max_value=3, required=False, help_text="第几帮扶人；不给时是第一个空缺")


class PairingEnding(StrictSerializer):
    ends_on = Day(help_text="最后一天")
    reason = Text(max_length=200)
    successor = RowId(required=False, help_text="接替的帮扶责任人的账号 id，第二天开始")


class PairingViewSet(RetrieveModelMixin, Listed):
    """Who helps which household, from when to when."""

    queryset = Pairing.objects.select_related("helper")
    serializer_class = PairingSerializer
    listing = PAIRINGS
    lookup_value_converter = "int"
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
        helper = self.helper_at(household.village_id, given.pop("helper"), "helper")
        row = services.start_pairing(by=request.user, household=household, helper=helper, **given)
        return Response(PairingSerializer(row).data, status=201)

    @extend_schema(request=PairingEnding, responses=PairingSerializer)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: int) -> Response:
        """Let a pairing end on a day; a change of helper is this and a new pairing."""
        row, given = self.get_object(), self.body(PairingEnding)
        if "successor" in given:
            given["successor"] = self.helper_at(row.village_id, given["successor"], "successor")
        return Response(PairingSerializer(services.end_pairing(by=request.user, pairing=row, **given)).data)

    def helper_at(self, village: str, pk: int, field: str) -> User:
        """The account that may be paired at a village. Raises Refused (404) for any other."""
        found = services.helpers_at(village).filter(pk=pk).first()
        if found is None:
            raise not_found(field, "没有找到这个账号，或他在本村没有帮扶责任人的任职，请核对。")
        return found

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
