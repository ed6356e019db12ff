"""Objections to posted lists: taken, assigned, looked into, decided, answered."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.mixins import RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from households.api import refusals  # noqa: F401  makes the refusals of the verbs known
from households.models import Household, Notice, Objection
from households.procedures.objections import selectors as objection_desk, services as objections
from households.procedures.objections.lists import OBJECTIONS
from povreg.kit.api.errors import not_found
from povreg.kit.api.fields import Day, Matching, RowId, StrictSerializer, Text, Whole
from povreg.kit.masking import mask_name, mask_phone
from povreg.kit.pages.api import Listed
from villages.models import User
from villages.rights import Right

PHONE = r"^(\+?[0-9-]{7,19})?$"
CHANNELS = [(str(each), str(each.label)) for each in Objection.Channel if each != Objection.Channel.WEB]
HANDLING = {"assign", "decide", "answer"}


class ManyObjections(serializers.ListSerializer):
    """A page of objections asks who has a part in their cases once."""

    def to_representation(self, data: Any) -> Any:
        rows = list(data)
        objection_desk.keep_cases(rows)
        return super().to_representation(rows)


class ObjectionSerializer(serializers.ModelSerializer):
    """Who objected is masked; what was written is for those who handle it, look into it or took it."""

    place = serializers.CharField(source="place_id")
    line = serializers.IntegerField(
        source="line.position", allow_null=True, default=None, help_text="公示中的序号；空为整份名单"
    )
    name = serializers.SerializerMethodField(help_text="已遮盖；不得知道提出人的为空")
    phone = serializers.SerializerMethodField(help_text="已遮盖；不得知道提出人的为空")
    text = serializers.SerializerMethodField(help_text="无办理权限时为空")
    assigned_to = serializers.IntegerField(source="assigned_to_id", allow_null=True, help_text="核查人的账号 id")
    decision = serializers.ChoiceField(Objection.Decision.choices, allow_blank=True)
    effect = serializers.ChoiceField(Objection.Effect.choices, allow_blank=True)
    investigation = serializers.SerializerMethodField(help_text="无办理权限时为空")

    class Meta:
        model = Objection
        fields: tuple[str, ...] = (
            "id", "notice", "batch", "about", "line", "is_late", "is_confidential", "against_village",
            "place", "channel", "state", "name", "phone", "text", "received_on",
            "due_on", "assigned_to", "investigation", "investigated_on", "decision", "effect",
            "decision_reason", "decided_on", "answer", "answered_on",
        )  # fmt: skip
        read_only_fields = fields
        list_serializer_class = ManyObjections

    def get_name(self, row: Objection) -> str:
        return mask_name(row.name) if objection_desk.may_know(self.context["request"].user, row) else ""

    def get_phone(self, row: Objection) -> str:
        return mask_phone(row.phone) if objection_desk.may_know(self.context["request"].user, row) else ""

    def get_text(self, row: Objection) -> str:
        return row.text if self.readable(row) else ""

    def get_investigation(self, row: Objection) -> str:
        return row.investigation if self.readable(row) else ""

    def readable(self, row: Objection) -> bool:
        return objection_desk.may_read(self.context["request"].user, row)


class ObjectionDetail(ObjectionSerializer):
    allowed = serializers.SerializerMethodField(help_text="此刻可办的事：objections/{id}/ 之后的地址")

    class Meta(ObjectionSerializer.Meta):
        fields = (*ObjectionSerializer.Meta.fields, "allowed")
        read_only_fields = fields

    def get_allowed(self, row: Objection) -> list[str]:
        user = self.context["request"].user
        steps = list(objection_desk.next_steps(user, row)[0])
        return [*steps, "unmask"] if objection_desk.may_unmask(user, row) else steps


class Received(ObjectionDetail):
    tracking_no = serializers.CharField(help_text="查询号，告诉提出人；只显示这一次")

    class Meta(ObjectionDetail.Meta):
        fields = (*ObjectionDetail.Meta.fields, "tracking_no")
        read_only_fields = fields


class NewObjection(StrictSerializer):
    notice = RowId()
    line = Whole(min_value=1, max_value=1_000_000, required=False, help_text="公示中的序号；不给时对整份名单")
    missed = Text(max_length=80, required=False, allow_blank=True, default="", help_text="漏评的户：户主姓名、所在组")
    is_confidential = serializers.BooleanField(default=False, help_text="要求保密")
    against_village = serializers.BooleanField(default=False, help_text="反映村干部的问题，不交本村人员核查")
    received_on = Day(required=False, help_text="收到日期；不给时为今天")
    channel = serializers.ChoiceField(CHANNELS)
    text = Text(max_length=objections.LONGEST, help_text="按本人的说法记录，不写证件号、卡号")
    name = Text(max_length=40, required=False, allow_blank=True, default="")
    phone = Matching(PHONE, "电话应为 7 到 20 位数字。", required=False, allow_blank=True, default="")


class Assigning(StrictSerializer):
    to = RowId(help_text="核查人的账号 id（objections/{id}/investigators/ 列出）")


class Investigating(StrictSerializer):
    text = Text(max_length=2000)
    on = Day(required=False)


class Judging(StrictSerializer):
    decision = serializers.ChoiceField(Objection.Decision.choices)
    effect = serializers.ChoiceField(
        [("out", "取消该户"), ("back", "退回该户"), ("add", "补报该户")],
        required=False,
        help_text="异议成立时对该户的处理",
    )
    household = RowId(required=False, help_text="漏评成立时补报的户")
    reason = Text(max_length=300)


class Answering(StrictSerializer):
    answer = Text(max_length=500, help_text="提出人凭查询号可见，不写姓名、电话、病情")


class Looking(StrictSerializer):
    reason = Text(max_length=200, help_text="至少 4 个字，记入查看日志")


class Person(serializers.Serializer):
    name = serializers.CharField(allow_blank=True)
    phone = serializers.CharField(allow_blank=True)


class Investigator(serializers.ModelSerializer):
    class Meta:
        model = User
        fields = ("id", "name")
        read_only_fields = fields


class ObjectionViewSet(RetrieveModelMixin, Listed):
    """Objections to posted lists."""

    queryset = Objection.objects.select_related("notice__batch__step", "batch", "line")
    serializer_class = ObjectionSerializer
    listing = OBJECTIONS
    lookup_value_converter = "int"
    rights = {
        "": Right.BATCH_VIEW,
        "create": Right.OBJECTION_TAKE,
        "investigate": Right.OBJECTION_TAKE,
        "investigators": Right.OBJECTION_HANDLE,
        "unmask": Right.UNMASK,
        **dict.fromkeys(HANDLING, Right.OBJECTION_HANDLE),
    }

    def shown(self, row: Objection) -> Response:
        fresh = ObjectionViewSet.queryset.get(pk=row.pk)
        return Response(ObjectionDetail(fresh, context=self.get_serializer_context()).data)

    @extend_schema(responses=ObjectionDetail)
    def retrieve(self, request: Request, pk: int) -> Response:
        """One objection, with what the caller may do next in ``allowed``."""
        return self.shown(self.get_object())

    @extend_schema(request=NewObjection, responses={201: Received})
    def create(self, request: Request) -> Response:
        """Take an objection that somebody made by phone or in person."""
        given = self.body(NewObjection)
        notice = self.referred(Notice.objects, "notice", given.pop("notice"))
        position = given.pop("line", None)
        line = None if position is None else notice.lines.filter(position=position).first()
        if position is not None and line is None:
            raise not_found("line", "这份公示中没有这个序号，请核对。")
        wish = objections.Wish(given.pop("is_confidential"), given.pop("against_village"))
        row = objections.receive_objection(by=request.user, notice=notice, line=line, wish=wish, **given)
        return Response(Received(row, context=self.get_serializer_context()).data, status=201)

    @extend_schema(responses=Investigator(many=True), filters=False)
    @action(detail=True, pagination_class=None)
    def investigators(self, request: Request, pk: int) -> Response:
        """Accounts that may be given this objection."""
        return Response(Investigator(objection_desk.investigators(self.get_object()), many=True).data)

    @extend_schema(request=Assigning, responses=ObjectionDetail)
    @action(detail=True, methods=["post"])
    def assign(self, request: Request, pk: int) -> Response:
        """Give the objection to somebody to look into."""
        row = self.get_object()
        chosen = objection_desk.investigators(row).filter(pk=self.body(Assigning)["to"]).first()
        if chosen is None:
            raise not_found("to", "没有找到这个账号，或他不能核查本村的异议，请另选一人。")
        return self.shown(objections.assign_objection(by=request.user, objection=row, to=chosen))

    @extend_schema(request=Investigating, responses=ObjectionDetail)
    @action(detail=True, methods=["post"])
    def investigate(self, request: Request, pk: int) -> Response:
        """Note what was found on the spot."""
        row = self.get_object()
        return self.shown(objections.investigate_objection(by=request.user, objection=row, **self.body(Investigating)))

    @extend_schema(request=Judging, responses=ObjectionDetail)
    @action(detail=True, methods=["post"])
    def decide(self, request: Request, pk: int) -> Response:
        """Uphold or reject; an upheld one takes the household out or sends it back."""
        row, given = self.get_object(), self.body(Judging)
        if "household" in given:
            given["household"] = self.referred(Household.objects, "household", given["household"])
        return self.shown(objections.decide_objection(by=request.user, objection=row, **given))

    @extend_schema(request=Answering, responses=ObjectionDetail)
    @action(detail=True, methods=["post"])
    def answer(self, request: Request, pk: int) -> Response:
        """Answer whoever objected; that ends the objection."""
        row = self.get_object()
        return self.shown(objections.answer_objection(by=request.user, objection=row, **self.body(Answering)))

    @extend_schema(request=Looking, responses=Person)
    @action(detail=True, methods=["post"])
    def unmask(self, request: Request, pk: int) -> Response:
        """Full name and phone; the look and its reason are logged."""
        row = self.get_object()
        return Response(objection_desk.unmask(by=request.user, objection=row, **self.body(Looking)))
