"""Findings: opened, assigned, answered, verified; rounds and inspections to read."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.mixins import RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from audits.findings import selectors, services
from audits.findings.forms import BY_HAND
from audits.findings.lists import FINDINGS, INSPECTIONS, ROUNDS
from audits.models import AuditRound, Finding, FindingStep, InspectionVisit
from households.api import refusals  # noqa: F401  makes the refusals of the verbs known
from households.models import Batch, Household
from povreg.kit.api.errors import not_found
from povreg.kit.api.fields import Day, Matching, RowId, StrictSerializer, Text
from povreg.kit.pages.api import Listed
from villages.models import Place
from villages.rights import Right

OUTCOMES = [each for each in Finding.Outcome.choices if each[0] != "untrue"]


class StepSerializer(serializers.ModelSerializer):
    by_name = serializers.CharField(source="by.name", default="", help_text="办理人；系统办理的为空")

    class Meta:
        model = FindingStep
        fields = ("kind", "text", "by_name", "at")
        read_only_fields = fields


class FindingSerializer(serializers.ModelSerializer):
    village = serializers.CharField(source="village_id")
    outcome = serializers.ChoiceField(Finding.Outcome.choices, allow_blank=True)

    class Meta:
        model = Finding
        fields: tuple[str, ...] = (
            "id", "source", "rule", "severity", "round", "village", "household", "member", "year", "title", "demand",
            "state", "deadline", "opened_on", "answered_by", "answered_on", "outcome", "batch", "verified_by",
            "ended_on", "reopened",
        )  # fmt: skip
        read_only_fields = fields


class FindingDetail(FindingSerializer):
    steps = StepSerializer(many=True)
    allowed = serializers.SerializerMethodField(help_text="此刻可办的事：findings/{id}/ 之后的地址")

    class Meta(FindingSerializer.Meta):
        fields = (*FindingSerializer.Meta.fields, "said", "steps", "allowed")
        read_only_fields = fields

    def get_allowed(self, row: Finding) -> list[str]:
        return list(selectors.next_steps(self.context["request"].user, row)[0])


class NewFinding(StrictSerializer):
    source = serializers.ChoiceField(BY_HAND)
    title = Text(max_length=80)
    said = Text(max_length=services.LONGEST, required=False, allow_blank=True, default="")
    severity = serializers.ChoiceField(Finding.Severity.choices, required=False, default=Finding.Severity.DOUBT)
    household = RowId(required=False, help_text="涉及某一户的")
    village = Matching(r"^[0-9]{9}([0-9]{3})?$", "应为村或乡镇的代码。", required=False, help_text="涉及全村、全镇的")
    round = RowId(required=False, help_text="计入的轮次")


class FindingAssignment(StrictSerializer):
    demand = Text(max_length=300)
    deadline = Day()


class FindingAnswer(StrictSerializer):
    outcome = serializers.ChoiceField(OUTCOMES)
    text = Text(max_length=services.LONGEST)
    batch = RowId(required=False, help_text="剔除、补录时办理的名单")


class Saying(StrictSerializer):
    text = Text(max_length=services.LONGEST)


class SayingAndDay(Saying):
    deadline = Day()


class FindingViewSet(RetrieveModelMixin, Listed):
    queryset = Finding.objects.select_related("village", "household", "round")
    serializer_class = FindingSerializer
    listing = FINDINGS
    lookup_value_converter = "int"
    rights = {
        "": Right.FINDING_VIEW,
        **dict.fromkeys(("create", "assign", "reopen"), Right.FINDING_OPEN),
        "answer": Right.FINDING_ANSWER,
        **dict.fromkeys(("close", "send_back", "dismiss"), Right.FINDING_VERIFY),
    }

    def shown(self, row: Finding, status: int = 200) -> Response:
        fresh = FindingViewSet.queryset.prefetch_related("steps__by").get(pk=row.pk)
        return Response(FindingDetail(fresh, context=self.get_serializer_context()).data, status=status)

    @extend_schema(responses=FindingDetail)
    def retrieve(self, request: Request, pk: int) -> Response:
        """One finding with its steps, and what the caller may do next in ``allowed``."""
        return self.shown(self.get_object())

    @extend_schema(request=NewFinding, responses={201: FindingDetail})
    def create(self, request: Request) -> Response:
        """Open a finding about a household, or about a village or township."""
        given = self.body(NewFinding)
        return self.shown(services.open_finding(by=request.user, **given | self._subject(given)), 201)

    def _subject(self, given: dict[str, Any]) -> dict[str, Any]:
        """The rows that the body names."""
        found: dict[str, Any] = {"household": None, "village": None, "round": None}
        if "household" in given:
            rows = Household.objects.select_related("village")
            found["household"] = self.referred(rows, "household", given["household"])
        if "village" in given:
            found["village"] = Place.objects.filter(pk=given["village"]).first()
            if found["village"] is None:
                raise not_found("village", "没有这个地方，请核对代码。")
        if "round" in given:
            found["round"] = self.visible(AuditRound.objects, "round", given["round"])
        return found

    @extend_schema(request=FindingAssignment, responses=FindingDetail)
    @action(detail=True, methods=["post"])
    def assign(self, request: Request, pk: int) -> Response:
        """Ask for it to be put right by a day."""
        return self.shown(
            services.assign_finding(by=request.user, finding=self.get_object(), **self.body(FindingAssignment))
        )

    @extend_schema(request=FindingAnswer, responses=FindingDetail)
    @action(detail=True, methods=["post"])
    def answer(self, request: Request, pk: int) -> Response:
        """Report how it was put right."""
        row = self.get_object()
        given = self.body(FindingAnswer)
        if "batch" in given:
            given["batch"] = self.visible(Batch.objects, "batch", given["batch"])
        return self.shown(services.answer_finding(by=request.user, finding=row, **given))

    @extend_schema(request=Saying, responses=FindingDetail)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: int) -> Response:
        """Verified by somebody else than who answered: at an end."""
        return self.shown(services.close_finding(by=request.user, finding=self.get_object(), **self.body(Saying)))

    @extend_schema(request=SayingAndDay, responses=FindingDetail)
    @action(detail=True, methods=["post"], url_path="return")
    def send_back(self, request: Request, pk: int) -> Response:
        """Not put right yet: once more by another day."""
        row = self.get_object()
        return self.shown(services.return_finding(by=request.user, finding=row, **self.body(SayingAndDay)))

    @extend_schema(request=Saying, responses=FindingDetail)
    @action(detail=True, methods=["post"])
    def dismiss(self, request: Request, pk: int) -> Response:
        """It turned out untrue."""
        return self.shown(services.dismiss_finding(by=request.user, finding=self.get_object(), **self.body(Saying)))

    @extend_schema(request=SayingAndDay, responses=FindingDetail)
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, pk: int) -> Response:
        """It came back, or was never gone."""
        row = self.get_object()
        return self.shown(services.reopen_finding(by=request.user, finding=row, **self.body(SayingAndDay)))


class RoundViewSet(Listed):
    """Rounds of audits with their numbers."""

    queryset = AuditRound.objects.all()
    serializer_class = None
    listing = ROUNDS


class InspectionViewSet(Listed):
    """Visits of inspectors."""

    queryset = InspectionVisit.objects.all()
    serializer_class = None
    listing = INSPECTIONS
