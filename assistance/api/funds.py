"""Projects, funds and payments: read as lists and one by one; proposed, recorded, allocated and paid by the verbs."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.mixins import RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from assistance.funds import catalogue
from assistance.funds.ledger import services as ledger
from assistance.funds.ledger.lists import PAYMENTS, SOURCES
from assistance.funds.ledger.services import Overdrawn, PaidAlready, Payee
from assistance.funds.projects import services
from assistance.funds.projects.deeds import open_deeds
from assistance.funds.projects.lists import PROJECTS
from assistance.funds.projects.services import WrongState
from assistance.funds.projects.way import STEPS
from assistance.models import Allocation, Disbursement, FundSource, Project
from households.models import Household
from povreg.kit.api.errors import Answer, answer_to
from povreg.kit.api.fields import Amount, Day, Matching, RowId, StrictSerializer, Text, Whole
from povreg.kit.pages.api import Listed
from villages.models import Place
from villages.rights import Right

CATEGORIES = [(each.code, each.label) for each in catalogue.categories().values()]
FUNDS = [(each.code, each.label) for each in catalogue.funds().values()]
FORBIDDEN = [(each.code, each.label) for each in catalogue.forbidden_uses().values()]


@answer_to.register
def wrong_state(fault: WrongState) -> Answer:
    """409: the project stands elsewhere on its way."""
    return Answer(409, "state", "；".join(fault.messages))


@answer_to.register
def overdrawn(fault: Overdrawn) -> Answer:
    """409: less is left than was asked."""
    return Answer(409, "state", "；".join(fault.messages))


@answer_to.register
def paid_already(fault: PaidAlready) -> Answer:
    """409: it was paid before."""
    return Answer(409, "state", "；".join(fault.messages))


def money(**kwargs: Any) -> Amount:
    return Amount(max_digits=14, decimal_places=2, **kwargs)


class ProjectSerializer(serializers.ModelSerializer):
    place = serializers.CharField(source="place_id")

    class Meta:
        model = Project
        fields: tuple[str, ...] = (
            "id", "place", "year", "name", "category", "content", "site", "quantity", "budget", "supervisor",
            "contractor", "link_form", "households_meant", "people_meant", "starts_on", "ends_on", "state", "since",
            "forbidden", "allocated", "paid", "version",
        )  # fmt: skip
        read_only_fields = fields


class ProjectDetail(ProjectSerializer):
    allowed = serializers.SerializerMethodField(help_text="此刻可办的事")

    class Meta(ProjectSerializer.Meta):
        fields = (*ProjectSerializer.Meta.fields, "allowed")
        read_only_fields = fields

    def get_allowed(self, row: Project) -> list[str]:
        return [deed.code for deed in open_deeds(self.context["request"].user, row)]


class NewProject(StrictSerializer):
    place = Matching(r"^[0-9]{6}([0-9]{3}([0-9]{3})?)?$", "应为县、乡镇或村的代码。")
    name = Text(max_length=80)
    year = Whole(min_value=2014, max_value=2100)
    category = serializers.ChoiceField(CATEGORIES)
    content = Text(max_length=1000)
    budget = money(help_text="投资估算，元")
    supervisor = Text(max_length=80)
    quantity = money(required=False, allow_null=True, help_text="规模，按类别的单位")
    site = Text(max_length=80, required=False)
    link_form = Text(max_length=200, required=False)
    households_meant = Whole(min_value=0, max_value=100_000, required=False)
    people_meant = Whole(min_value=0, max_value=500_000, required=False)
    starts_on = Day(required=False)
    ends_on = Day(required=False)
    allowed_because = Text(max_length=200, required=False)


class StepTaken(StrictSerializer):
    step = serializers.ChoiceField([(step.code, step.label) for step in STEPS.values()])
    on = Day()
    document = Text(max_length=80, required=False)
    note = Text(max_length=300, required=False)
    contractor = Text(max_length=80, required=False)
    forbidden = serializers.ChoiceField(FORBIDDEN, required=False)


class Allocating(StrictSerializer):
    source = RowId(help_text="资金来源 id")
    amount = money()
    document = Text(max_length=80)
    on = Day()


class AllocationSerializer(serializers.ModelSerializer):
    class Meta:
        model = Allocation
        fields = ("id", "source", "project", "amount", "paid", "document", "on")
        read_only_fields = fields


class ProjectViewSet(RetrieveModelMixin, Listed):
    """Projects on their way from a village's proposal to acceptance."""

    queryset = Project.objects.select_related("place__parent")
    listing = PROJECTS
    serializer_class = ProjectSerializer
    lookup_value_converter = "int"
    rights = {
        "": Right.FUND_VIEW,
        "create": Right.PROJECT_PROPOSE,
        "step": (Right.PROJECT_PROPOSE, Right.PROJECT_REVIEW, Right.PROJECT_APPROVE, Right.PROJECT_RUN),
        "allocate": Right.FUND_MANAGE,
    }

    @extend_schema(responses=ProjectDetail)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return Response(ProjectDetail(self.get_object(), context=self.get_serializer_context()).data)

    @extend_schema(request=NewProject, responses={201: ProjectSerializer})
    def create(self, request: Request) -> Response:
        """Propose a project."""
        given = self.body(NewProject)
        place = self.visible(Place.objects, "place", given.pop("place"))
        self.demand_right(place.pk)
        row = services.propose_project(by=request.user, place=place, **given)
        return Response(ProjectSerializer(row).data, status=201)

    @extend_schema(request=StepTaken, responses=ProjectSerializer)
    @action(detail=True, methods=["post"])
    def step(self, request: Request, pk: int) -> Response:
        """Take a step of its way."""
        row, given = self.get_object(), self.body(StepTaken)
        found = services.take_step(by=request.user, project=row, code=given.pop("step"), **given)
        return Response(ProjectSerializer(found).data)

    @extend_schema(request=Allocating, responses={201: AllocationSerializer})
    @action(detail=True, methods=["post"])
    def allocate(self, request: Request, pk: int) -> Response:
        """Give it part of a source."""
        row, given = self.get_object(), self.body(Allocating)
        source = self.referred(FundSource.objects, "source", given.pop("source"))
        found = ledger.allocate(by=request.user, project=row, source=source, **given)
        return Response(AllocationSerializer(found).data, status=201)


class SourceSerializer(serializers.ModelSerializer):
    place = serializers.CharField(source="place_id")
    left = serializers.DecimalField(max_digits=14, decimal_places=2, read_only=True, help_text="结余，元")

    class Meta:
        model = FundSource
        fields = (
            "id", "place", "year", "kind", "fund", "document", "amount", "allocated", "left", "received_on",
            "industry_share", "note", "version",
        )  # fmt: skip
        read_only_fields = fields


class NewSource(StrictSerializer):
    place = Matching(r"^[0-9]{6}$", "应为县的代码。")
    year = Whole(min_value=2014, max_value=2100)
    kind = serializers.ChoiceField(FundSource.Kind.choices)
    fund = serializers.ChoiceField(FUNDS)
    document = Text(max_length=80)
    amount = money()
    received_on = Day()
    industry_share = Amount(max_digits=4, decimal_places=1, required=False, allow_null=True)
    note = Text(max_length=200, required=False)


class SourceViewSet(RetrieveModelMixin, Listed):
    """Money that came to the county."""

    queryset = FundSource.objects.select_related("place")
    listing = SOURCES
    serializer_class = SourceSerializer
    lookup_value_converter = "int"
    rights = {"": Right.FUND_VIEW, "create": Right.FUND_MANAGE}

    @extend_schema(request=NewSource, responses={201: SourceSerializer})
    def create(self, request: Request) -> Response:
        """Record money that came."""
        given = self.body(NewSource)
        place = self.visible(Place.objects, "place", given.pop("place"))
        self.demand_right(place.pk)
        row = ledger.save_source(by=request.user, place=place, **given)
        return Response(SourceSerializer(row).data, status=201)


class DisbursementSerializer(serializers.ModelSerializer):
    village = serializers.CharField(source="village_id")

    class Meta:
        model = Disbursement
        fields = (
            "id", "project", "allocation", "household", "village", "payee", "item", "amount", "paid_on", "voucher",
            "reverses", "is_reversed",
        )  # fmt: skip
        read_only_fields = fields


class PaidHousehold(StrictSerializer):
    household = RowId()
    amount = money()


class Paying(StrictSerializer):
    allocation = RowId(help_text="资金安排 id")
    item = Text(max_length=60)
    voucher = Text(max_length=60)
    paid_on = Day()
    unit = Text(max_length=80, required=False, help_text="拨付给单位的")
    amount = money(required=False, help_text="拨付给单位的金额")
    households = serializers.ListField(child=PaidHousehold(), required=False, max_length=2000)


class Paid(serializers.Serializer):
    """What one act paid: a row for the unit or for each household."""

    payments = DisbursementSerializer(many=True)


class Reversing(StrictSerializer):
    on = Day()
    voucher = Text(max_length=60)
    reason = Text(max_length=200)


class DisbursementViewSet(RetrieveModelMixin, Listed):
    """Payments out of allocations; a payment taken back is a row with the negative amount."""

    queryset = Disbursement.objects.select_related("project")
    listing = PAYMENTS
    serializer_class = DisbursementSerializer
    lookup_value_converter = "int"
    rights = {"": Right.FUND_VIEW, "create": Right.FUND_MANAGE, "reverse": Right.FUND_MANAGE}

    @extend_schema(request=Paying, responses={201: Paid})
    def create(self, request: Request) -> Response:
        """Pay a unit or households, all or nothing."""
        given = self.body(Paying)
        allocation = self.referred(Allocation.objects.select_related("project"), "allocation", given.pop("allocation"))
        payees = self.payees(given.pop("unit", ""), given.pop("amount", None), given.pop("households", []))
        rows = ledger.disburse(by=request.user, allocation=allocation, payees=payees, **given)
        return Response(Paid({"payments": rows}).data, status=201)

    def payees(self, unit: str, amount: Any, households: list[dict[str, Any]]) -> list[Payee]:
        rows = self.all_visible(Household.objects, "households", [each["household"] for each in households])
        found = {row.pk: row for row in rows}
        listed = [Payee(each["amount"], household=found[each["household"]]) for each in households]
        return [*([Payee(amount, unit=unit)] if unit and amount is not None else []), *listed]

    @extend_schema(request=Reversing, responses={201: DisbursementSerializer})
    @action(detail=True, methods=["post"])
    def reverse(self, request: Request, pk: int) -> Response:
        """Take a payment back as a whole."""
        row = ledger.reverse_payment(by=request.user, payment=self.get_object(), **self.body(Reversing))
        return Response(DisbursementSerializer(row).data, status=201)


RESOURCES = {"projects": ProjectViewSet, "funds": SourceViewSet, "disbursements": DisbursementViewSet}
