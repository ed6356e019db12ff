"""What a county sets for procedures: templates, and the time in which they are open."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.mixins import RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from households.api import refusals  # noqa: F401  makes the refusals of the verbs known
from households.models import ProcedureTemplate, SeasonWindow, TemplateStep
from households.models.template import DayRule, Kind
from households.procedures.county.lists import TEMPLATES, WINDOWS
from households.procedures.engine import templates, windows
from povreg.kit.api.errors import refused
from povreg.kit.api.fields import Amount, Answer, Day, StrictSerializer, Text, Whole
from povreg.kit.pages.api import Listed
from villages.api.serializers import PlaceCode
from villages.models import Place
from villages.rights import Right


class TemplateStepShown(serializers.ModelSerializer):
    roles = serializers.ListField(child=serializers.CharField())
    attachments = serializers.ListField(child=serializers.CharField())
    signers = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = TemplateStep
        fields = ("code", "kind", "label", "level", "roles", "attachments", "signers", "quorum", "people",
                  "sample_percent", "days", "min_days", "day_rule", "is_optional", "enabled")  # fmt: skip
        read_only_fields = fields


class TemplateSerializer(serializers.ModelSerializer):
    place = serializers.CharField(source="place_id", allow_null=True, help_text="空为全国")
    steps = TemplateStepShown(many=True)

    class Meta:
        model = ProcedureTemplate
        fields = ("id", "code", "kind", "name", "version", "place", "is_active", "is_default", "read_only", "source",
                  "note", "signature_gap_days", "objection_days", "steps")  # fmt: skip
        read_only_fields = fields


class StepRevision(StrictSerializer):
    """What a county may set of one step; what is left out stays."""

    code = Text(max_length=30, help_text="步骤代码")
    label = Text(max_length=60, required=False)
    days = Whole(min_value=0, max_value=365, required=False)
    day_rule = serializers.ChoiceField(DayRule.choices, required=False)
    enabled = Answer(required=False)
    quorum = Text(max_length=7, required=False, help_text="分数，例如 2/3")
    sample_percent = Amount(max_digits=4, decimal_places=1, required=False)


class Revision(StrictSerializer):
    place = PlaceCode(help_text="县代码")
    steps = serializers.ListField(child=StepRevision(), required=False, max_length=50)
    name = Text(max_length=60, required=False)
    source = Text(max_length=300, help_text="依据")
    signature_gap_days = Whole(min_value=0, max_value=365, required=False)


class TemplateViewSet(RetrieveModelMixin, Listed):
    """The country's procedures and one's county's own versions: steps, days, who acts, what is attached."""

    queryset = ProcedureTemplate.objects.all()
    serializer_class = TemplateSerializer
    listing = TEMPLATES
    lookup_value_converter = "int"
    rights = {"": Right.BATCH_VIEW, "revise": Right.TEMPLATE_EDIT, "retire": Right.TEMPLATE_EDIT}

    def get_queryset(self) -> Any:
        return super().get_queryset().prefetch_related("steps")

    @extend_schema(request=Revision, responses={201: TemplateSerializer})
    @action(detail=True, methods=["post"])
    def revise(self, request: Request, pk: int) -> Response:
        """Make the county's next version; lists that run keep the one they started with."""
        template = self.get_object()
        given = self.body(Revision)
        place = self.visible(Place.objects, "place", given.pop("place"))
        self.demand_right(place.code)
        rows = given.pop("steps", [])
        changes = {row.pop("code"): templates.StepChange(**row) for row in [dict(row) for row in rows]}
        if len(changes) < len(rows):
            raise refused("steps", "同一步骤出现了两次，请只保留一行。")
        fresh = templates.revise_template(
            by=request.user, template=template, place=place.code, changes=changes, **given
        )
        return Response(TemplateSerializer(fresh).data, status=201)

    @extend_schema(request=None, responses=TemplateSerializer)
    @action(detail=True, methods=["post"])
    def retire(self, request: Request, pk: int) -> Response:
        """No new list starts with this version."""
        template = self.get_object()
        if template.place_id:
            self.demand_right(template.place_id)
        return Response(TemplateSerializer(templates.retire_template(by=request.user, template=template)).data)

    def row(self, rows: QuerySet, pk: Any) -> Any:
        return self.row_without_right(rows, pk)


class WindowSerializer(serializers.ModelSerializer):
    kind = serializers.ChoiceField(Kind.choices, allow_blank=True, help_text="空为各种程序")
    place = serializers.CharField(source="place_id")

    class Meta:
        model = SeasonWindow
        fields = ("id", "function", "kind", "place", "opens_on", "closes_on", "reason", "withdrawn_at")
        read_only_fields = fields


class NewWindow(StrictSerializer):
    function = serializers.ChoiceField(SeasonWindow.Function.choices)
    kind = serializers.ChoiceField(Kind.choices, required=False, help_text="不给时对各种程序")
    place = PlaceCode()
    opens_on = Day()
    closes_on = Day(help_text="含当天")
    reason = Text(max_length=200, help_text="依据")


class Withdrawing(StrictSerializer):
    reason = Text(max_length=200)


class WindowViewSet(RetrieveModelMixin, Listed):
    """When applications, drafting and approval are open; without any window they always are."""

    queryset = SeasonWindow.objects.all()
    serializer_class = WindowSerializer
    listing = WINDOWS
    lookup_value_converter = "int"
    rights = {"": Right.BATCH_VIEW, "list": Right.BATCH_VIEW, "create": Right.TEMPLATE_EDIT,
              "withdraw": Right.TEMPLATE_EDIT}  # fmt: skip

    @extend_schema(request=NewWindow, responses={201: WindowSerializer})
    def create(self, request: Request) -> Response:
        """Open a function for a place from one day to another."""
        given = {"kind": "", **self.body(NewWindow)}
        place = self.visible(Place.objects, "place", given.pop("place"))
        self.demand_right(place.code)
        row = windows.open_window(by=request.user, place=place.code, **given)
        return Response(WindowSerializer(row).data, status=201)

    @extend_schema(request=Withdrawing, responses=WindowSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: int) -> Response:
        """Take a window back: it no longer counts."""
        row = self.get_object()
        return Response(
            WindowSerializer(windows.close_window(by=request.user, window=row, **self.body(Withdrawing))).data
        )
