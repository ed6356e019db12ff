"""Plans and needs in the API."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.mixins import RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from assistance.catalogue.selectors import measures_at
from assistance.models import NeedsSurvey, Plan, PlanLine
from assistance.models.plan import Need, Path
from assistance.needs.services import record_needs
from assistance.plans import services
from assistance.plans.lists import MISSING, PLANS
from assistance.plans.services import Aims
from households.models import Household
from povreg.kit.api.errors import not_found
from povreg.kit.api.fields import Amount, Day, RowId, StrictSerializer, Text, Whole
from povreg.kit.pages.api import Listed
from villages.rights import Right

ONE_OF = {"max_length": 12, "required": False, "default": list}


class PlanLineSerializer(serializers.ModelSerializer):
    item = serializers.CharField(source="item.code")
    item_label = serializers.CharField(source="item.label")

    class Meta:
        model = PlanLine
        fields = ("id", "item", "item_label", "quantity", "amount", "due_on", "responsible")
        read_only_fields = fields


class PlanSerializer(serializers.ModelSerializer):
    village = serializers.CharField(source="village_id")
    lines = PlanLineSerializer(many=True, read_only=True)

    class Meta:
        model = Plan
        fields = (
            "id", "household", "village", "year", "causes", "risks", "path", "path_reason", "other_paths",
            "target_income", "target", "drawn_on", "state", "agreed_on", "lines", "version",
        )  # fmt: skip
        read_only_fields = fields


class NeedsSerializer(serializers.ModelSerializer):
    class Meta:
        model = NeedsSurvey
        fields = ("id", "household", "surveyed_on", "needs", "will", "situation", "difficulty")
        read_only_fields = fields


class NewNeeds(StrictSerializer):
    household = RowId()
    surveyed_on = Day()
    needs = serializers.ListField(child=serializers.ChoiceField(choices=Need.choices), **ONE_OF)
    will = serializers.ListField(child=serializers.ChoiceField(choices=Path.choices), **ONE_OF)
    situation = Text(max_length=300, required=False, allow_blank=True, default="")
    difficulty = Text(max_length=300, required=False, allow_blank=True, default="")


class NewPlan(StrictSerializer):
    household = RowId()
    year = Whole(min_value=2014, max_value=2100)
    path = serializers.ChoiceField(choices=Path.choices)
    path_reason = Text(max_length=200)
    other_paths = serializers.ListField(child=serializers.ChoiceField(choices=Path.choices), **ONE_OF)
    target_income = Amount(12, 2, min_value=0, required=False)
    target = Text(max_length=200, required=False, allow_blank=True, default="")


class NewPlanLine(StrictSerializer):
    item = Text(max_length=8, help_text="目录中的措施编码")
    due_on = Day()
    quantity = Amount(10, 2, min_value=0, required=False)
    amount = Amount(12, 2, min_value=0, required=False)
    responsible = Text(max_length=60, required=False, allow_blank=True, default="")


class Agreement(StrictSerializer):
    agreed_on = Day()


class PlanViewSet(RetrieveModelMixin, Listed):
    """Plans of households."""

    queryset = Plan.objects.select_related("household").prefetch_related("lines__item")
    serializer_class = PlanSerializer
    listing = PLANS
    lookup_value_converter = "int"
    rights = {
        "": Right.HOUSEHOLD_VIEW,
        "create": Right.PLAN_EDIT,
        "needs": Right.PLAN_EDIT,
        "lines": Right.PLAN_EDIT,
        "agree": Right.PLAN_EDIT,
    }

    @extend_schema(request=NewPlan, responses={201: PlanSerializer})
    def create(self, request: Request) -> Response:
        """Begin the plan of a household for a year; its needs must have been asked."""
        given = self.body(NewPlan)
        household = self.referred(Household.objects, "household", given.pop("household"))
        row = services.draw_plan(by=request.user, household=household, year=given.pop("year"), aims=Aims(**given))
        return Response(PlanSerializer(row).data, status=201)

    @extend_schema(request=NewNeeds, responses={201: NeedsSerializer})
    @action(detail=False, methods=["post"])
    def needs(self, request: Request) -> Response:
        """Note what a household needs and wants."""
        given = self.body(NewNeeds)
        household = self.referred(Household.objects, "household", given.pop("household"))
        return Response(NeedsSerializer(record_needs(by=request.user, household=household, **given)).data, status=201)

    @extend_schema(request=NewPlanLine, responses={201: PlanLineSerializer})
    @action(detail=True, methods=["post"])
    def lines(self, request: Request, pk: int) -> Response:
        """Put a measure of the catalogue on the plan."""
        row = self.get_object()
        given = self.body(NewPlanLine)
        code = given.pop("item")
        item = next((each for each in measures_at(row.village_id) if each.code == code), None)
        if item is None:
            raise not_found("item", "目录里没有这个编码的措施，请核对。")
        line = services.add_line(by=request.user, plan=row, item=item, **given)
        return Response(PlanLineSerializer(line).data, status=201)

    @extend_schema(request=Agreement, responses=PlanSerializer)
    @action(detail=True, methods=["post"])
    def agree(self, request: Request, pk: int) -> Response:
        """The household agreed."""
        row = services.agree_plan(by=request.user, plan=self.get_object(), **self.body(Agreement))
        return Response(PlanSerializer(row).data)


class MissingPlanViewSet(Listed):
    """Households that must have a plan this year and have none."""

    queryset = Household.objects.all()
    listing = MISSING
