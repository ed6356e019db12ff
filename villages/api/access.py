"""Access for some hours, and tries to sign in, in the API."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.mixins import RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from povreg.kit.api.errors import not_found
from povreg.kit.api.fields import RowId, StrictSerializer, Text, Whole
from povreg.kit.pages.api import Listed
from villages.access import services
from villages.access.lists import ACCESSES
from villages.access.selectors import STATES, state_of
from villages.api.serializers import PlaceCode, Reason
from villages.models import Place, SignInAttempt, TimedAccess, User
from villages.models.access import LONGEST_HOURS
from villages.people.lists import SIGN_INS
from villages.rights import Right


class TimedAccessSerializer(serializers.ModelSerializer):
    place = serializers.CharField(source="place_id")
    state = serializers.SerializerMethodField(help_text="；".join(f"{key} {said}" for key, said in STATES.items()))
    until = serializers.DateTimeField(source="posting.until", default=None, help_text="到这一刻自动结束")

    class Meta:
        model = TimedAccess
        fields = ("id", "account", "place", "hours", "reason", "document", "state", "asked_by", "asked_at",
                  "decided_by", "decided_at", "refusal", "until", "ended_by", "ended_at", "ended_reason")  # fmt: skip
        read_only_fields = fields

    @extend_schema_field({"type": "string", "enum": list(STATES)})
    def get_state(self, row: TimedAccess) -> str:
        return state_of(row)


class AccessAsked(StrictSerializer):
    account = RowId(required=False, help_text="查阅人的账号 id；不给时为本人")
    place = PlaceCode(help_text="县、乡镇或村的代码")
    hours = Whole(min_value=1, max_value=LONGEST_HOURS)
    reason = Text(max_length=200)
    document = Text(max_length=80, help_text="督查通知或介绍信的文号")


class TimedAccessViewSet(RetrieveModelMixin, Listed):
    """Who was let in for some hours: asked by one, decided by another, ended by the clock."""

    queryset = TimedAccess.objects.select_related("posting", "place", "account", "asked_by")
    serializer_class = TimedAccessSerializer
    listing = ACCESSES
    lookup_value_converter = "int"
    rights = {
        "": Right.ACCESS_GRANT,
        "list": Right.ACCESS_VIEW,
        "retrieve": Right.ACCESS_VIEW,
        "create": Right.ACCESS_ASK,
        "end": Right.ACCESS_END,
    }

    def row(self, rows: Any, pk: Any) -> TimedAccess:
        """Reading takes no more than to be seen: who asked for a place beyond his own follows his request."""
        if self.action == "retrieve":
            read: TimedAccess = self.row_without_right(rows, pk)
            return read
        row: TimedAccess = super().row(rows, pk)
        return row

    def shown(self, row: TimedAccess, status: int = 200) -> Response:
        stored = TimedAccess.objects.select_related("posting").get(pk=row.pk)
        return Response(TimedAccessSerializer(stored).data, status=status)

    @extend_schema(request=AccessAsked, responses={201: TimedAccessSerializer})
    def create(self, request: Request) -> Response:
        """Ask for access, for oneself or (the county's office) for a team."""
        given = self.body(AccessAsked)
        place = found(Place.objects.all(), "place", given.pop("place"))
        account = found(User.objects.all(), "account", given.pop("account", request.user.pk))
        return self.shown(services.ask_access(by=request.user, account=account, place=place, **given), 201)

    @extend_schema(request=None, responses=TimedAccessSerializer)
    @action(detail=True, methods=["post"])
    def grant(self, request: Request, pk: int) -> Response:
        """Let in from now on; the county's office and leaders are told."""
        return self.shown(services.grant_access(by=request.user, access=self.get_object()))

    @extend_schema(request=Reason, responses=TimedAccessSerializer)
    @action(detail=True, methods=["post"])
    def refuse(self, request: Request, pk: int) -> Response:
        """Let nobody in."""
        return self.shown(services.refuse_access(by=request.user, access=self.get_object(), **self.body(Reason)))

    @extend_schema(request=Reason, responses=TimedAccessSerializer)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: int) -> Response:
        """End it before its hour."""
        return self.shown(services.end_access(by=request.user, access=self.get_object(), **self.body(Reason)))


def found(rows: Any, field: str, pk: Any) -> Any:
    """The row that the body names, beyond one's places: what is asked for is not open yet. Raises Refused (404)."""
    row = rows.filter(pk=pk).first()
    if row is None:
        raise not_found(field, "没有找到，请核对。")
    return row


class SignInSerializer(serializers.ModelSerializer):
    account = serializers.CharField(source="user.username", default="", help_text="空为没有这个账号")

    class Meta:
        model = SignInAttempt
        fields = ("id", "at", "account", "address", "outcome", "request")
        read_only_fields = fields


class SignInViewSet(Listed):
    """Every try to sign in, for the officer of the logs."""

    queryset = SignInAttempt.objects.select_related("user")
    serializer_class = SignInSerializer
    listing = SIGN_INS
    rights = {"": Right.LOG_VIEW}


RESOURCES = {"timed-access": TimedAccessViewSet, "sign-ins": SignInViewSet}
