"""Visits in the API: whom to visit, who was visited, logging one."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.mixins import RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from assistance.models import Visit
from assistance.models.visit import Answer, Way
from assistance.visits import selectors, services
from assistance.visits.lists import DUE, VISITS
from assistance.visits.services import TOPICS, Seen, Signed
from households.models import Household
from povreg.kit.api.fields import Answer as YesNo, Day, RowId, RowSerializer, StrictSerializer, Text
from povreg.kit.pages.api import Listed
from villages.rights import Right


class VisitSerializer(RowSerializer):
    """``problems`` is empty for who may not read what the family told."""

    village = serializers.CharField(source="village_id")
    by_name = serializers.CharField(source="by.name")
    problems = serializers.SerializerMethodField()

    class Meta:
        model = Visit
        fields = (
            "id", "household", "village", "by", "by_name", "visited_on", "way", "at_home", *TOPICS, "problems",
            "next_step", "next_on", "signer", "unsigned_reason", "lead", "withdrawn_on", "withdrawn_reason", "version",
        )  # fmt: skip
        read_only_fields = fields

    def get_problems(self, row: Visit) -> str:
        return row.problems if selectors.may_read(self.context["request"].user, row) else ""


class TopicAnswer(StrictSerializer):
    """One thing: whether it is in order, and what is wrong."""

    answer = serializers.ChoiceField(choices=[Answer.FINE, Answer.PROBLEM])
    words = Text(max_length=200, required=False, allow_blank=True, default="")


class NewVisit(StrictSerializer):
    household = RowId()
    visited_on = Day()
    way = serializers.ChoiceField(choices=Way.choices)
    at_home = YesNo(required=False, help_text="家里人在村里")
    living = TopicAnswer(required=False, help_text="吃、穿")
    housing = TopicAnswer(required=False, help_text="住房")
    water = TopicAnswer(required=False, help_text="饮水")
    school = TopicAnswer(required=False, help_text="上学")
    health = TopicAnswer(required=False, help_text="看病花钱")
    work = TopicAnswer(required=False, help_text="务工就业")
    next_step = Text(max_length=120, required=False, allow_blank=True, default="")
    next_on = Day(required=False)
    unsigned_reason = Text(max_length=60, required=False, allow_blank=True, default="", help_text="接口不传签名")


class Withdrawn(StrictSerializer):
    reason = Text(max_length=120)


class VisitViewSet(RetrieveModelMixin, Listed):
    """Visits to households."""

    queryset = Visit.objects.select_related("household", "by")
    serializer_class = VisitSerializer
    listing = VISITS
    lookup_value_converter = "int"
    rights = {"": Right.HOUSEHOLD_VIEW, "create": Right.VISIT_LOG, "withdraw": Right.VISIT_LOG}

    @extend_schema(request=NewVisit, responses={201: VisitSerializer})
    def create(self, request: Request) -> Response:
        """Log a visit; photos and signatures come through the page."""
        given = self.body(NewVisit)
        household = self.referred(Household.objects, "household", given.pop("household"))
        row = services.log_visit(
            by=request.user,
            household=household,
            visited_on=given["visited_on"],
            way=given["way"],
            seen=seen_of(given),
            signed=Signed(reason=given["unsigned_reason"]),
        )
        return Response(VisitSerializer(row, context=self.get_serializer_context()).data, status=201)

    @extend_schema(request=Withdrawn, responses=VisitSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: int) -> Response:
        """Take back a visit that was noted wrongly."""
        row = services.withdraw_visit(by=request.user, visit=self.get_object(), **self.body(Withdrawn))
        return Response(VisitSerializer(row, context=self.get_serializer_context()).data)


def seen_of(given: dict[str, Any]) -> Seen:
    """What was found, of a body."""
    found = {name: given[name] for name in TOPICS if name in given}
    return Seen(
        {name: each["answer"] for name, each in found.items()},
        {name: each["words"] for name, each in found.items()},
        given.get("at_home"),
        given["next_step"],
        given.get("next_on"),
    )


class DueVisitViewSet(Listed):
    """Households by whether they were visited in their period."""

    queryset = Household.objects.all()
    listing = DUE
