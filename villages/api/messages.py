"""Messages in the API: what one was told, and the notes of an office to those who enter."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.mixins import RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from povreg.kit.api.fields import StrictSerializer, Text
from povreg.kit.api.pages import LIMITS
from povreg.kit.pages.api import Listed
from villages.api.serializers import PlaceCode
from villages.messages import selectors, services
from villages.messages.lists import MESSAGES, SENT
from villages.models import Message, Place
from villages.rights import Right

AUDIENCE = [(role.value, role.label) for role in selectors.RECIPIENTS]


class MessageSerializer(serializers.ModelSerializer):
    place = serializers.CharField(source="place_id", allow_null=True)
    sender_name = serializers.CharField(source="sender.name", default="", help_text="空为系统")

    class Meta:
        model = Message
        fields = ("id", "kind", "text", "url", "place", "sender_name", "sent_at", "read_at")
        read_only_fields = fields


class SendingShown(serializers.Serializer):
    """One note, told to many."""

    text = serializers.CharField()
    url = serializers.CharField(allow_blank=True)
    place_name = serializers.CharField(source="place__name")
    told = serializers.IntegerField(help_text="收到的人数")
    read = serializers.IntegerField(help_text="已读的人数")
    sent_at = serializers.DateTimeField(source="at")


def audience() -> serializers.ChoiceField:
    return serializers.ChoiceField(AUDIENCE, default=AUDIENCE[0][0], help_text="收件人的岗位")


class Note(StrictSerializer):
    place = PlaceCode(help_text="这个范围内现在任职的人都会收到")
    to = audience()
    text = Text(max_length=services.LONGEST, help_text="要办什么；不写姓名、证件号码和电话")
    url = Text(max_length=300, required=False, allow_blank=True, help_text="农户名单的网页地址，以 /households/ 开头")


class Told(serializers.Serializer):
    told = serializers.IntegerField(help_text="收到的人数")


class Unread(serializers.Serializer):
    unread = serializers.IntegerField()


class MarkedRead(serializers.Serializer):
    read = serializers.IntegerField(help_text="刚刚标为已读的条数")


class MessageViewSet(RetrieveModelMixin, Listed):
    """One's own messages; nobody reads those of another."""

    queryset = Message.objects.select_related("sender").order_by("-sent_at", "-pk")
    serializer_class = MessageSerializer
    listing = MESSAGES
    lookup_value_converter = "int"
    parameters = {"sent": set(LIMITS)}
    rights = {"create": Right.NOTE_SEND, "sent": Right.NOTE_SEND}

    def row(self, rows: QuerySet, pk: Any) -> Message:
        found: Message = self.row_without_right(rows, pk)
        return found

    @extend_schema(request=Note, responses={201: Told})
    def create(self, request: Request) -> Response:
        """Send a note to everybody who holds a post under a place today."""
        given = self.body(Note)
        place = self.visible(Place.objects.all(), "place", given.pop("place"))
        told = services.send_note(by=request.user, place=place, role=given.pop("to"), **given)
        return Response(Told({"told": told}).data, status=201)

    @extend_schema(request=None, responses=MessageSerializer)
    @action(detail=True, methods=["post"])
    def read(self, request: Request, pk: int) -> Response:
        """Note that one has read a message; again changes nothing."""
        services.mark_read(by=request.user, message=self.get_object())
        return Response(MessageSerializer(self.get_object()).data)

    @extend_schema(request=None, responses=MarkedRead)
    @action(detail=False, methods=["post"], url_path="read-all")
    def read_all(self, request: Request) -> Response:
        """Note that one has read all one's messages."""
        return Response(MarkedRead({"read": services.mark_all_read(by=request.user)}).data)

    @extend_schema(responses=Unread, filters=False)
    @action(detail=False, pagination_class=None)
    def unread(self, request: Request) -> Response:
        """How many messages wait to be read."""
        return Response(Unread({"unread": selectors.unread_count(request.user)}).data)

    @extend_schema(responses=SendingShown(many=True), filters=False)
    @action(detail=False)
    def sent(self, request: Request) -> Response:
        """The notes one has sent, latest first: to how many, and how many of them have read it."""
        page = self.paginate_queryset(SENT.rows(request.user))
        return self.get_paginated_response(SendingShown(page, many=True).data)


RESOURCES = {"messages": MessageViewSet}
