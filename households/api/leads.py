"""Leads: raised, checked, decided; and the income test of each."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.mixins import RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from households.api import refusals  # noqa: F401  makes the refusals of the verbs known
from households.leads import selectors, services
from households.leads.income import services as income
from households.leads.income.shown import classes_of, outcome_of
from households.leads.lists import LEADS
from households.leads.services import FOUND, Measured, Told
from households.models import Batch, Household, IncomeTest, Lead, Member
from households.models.income import TEST_FIELDS
from povreg.kit.api.errors import not_found
from povreg.kit.api.fields import Amount, Day, Matching, RowId, StrictSerializer, Text, Whole, masked_name, masked_phone
from povreg.kit.pages.api import Listed
from villages.models import Place
from villages.rights import Right

PHONE = r"^(\+?[0-9-]{7,19})?$"
SOURCES = [(str(each), str(each.label)) for each in Lead.Source if each not in FOUND]
CODE = r"^[0-9]{1,2}$"
CODE_SAID = "应为代码表里的代码。"


class LeadSerializer(serializers.ModelSerializer):
    """Who told it is masked; what was said is for those who check or raised it."""

    village = serializers.CharField(source="village_id")
    told_name = masked_name()
    told_phone = masked_phone()
    said = serializers.SerializerMethodField(help_text="无核实权限时为空")
    finding = serializers.SerializerMethodField(help_text="无核实权限时为空")
    outcome = serializers.ChoiceField(Lead.Outcome.choices, allow_blank=True)

    class Meta:
        model = Lead
        fields: tuple[str, ...] = (
            "id", "source", "household", "member", "village", "group_name", "told_name", "told_phone", "said", "year",
            "found_on", "cause", "subject", "value", "threshold", "monitor_type", "risks", "state", "checked_by",
            "checking_since", "visited_on", "finding", "outcome", "outcome_reason", "handed_to", "batch", "decided_on",
        )  # fmt: skip
        read_only_fields = fields

    def get_said(self, row: Lead) -> str:
        return row.said if self.readable(row) else ""

    def get_finding(self, row: Lead) -> str:
        return row.finding if self.readable(row) else ""

    def readable(self, row: Lead) -> bool:
        return selectors.may_read(self.context["request"].user, row)


class PossibleClass(serializers.Serializer):
    label = serializers.CharField(help_text="监测对象类型")
    fits = serializers.BooleanField(help_text="可以认定")
    why = serializers.CharField(help_text="理由")


class IncomeTestSerializer(serializers.ModelSerializer):
    """An income test; ``result`` is empty where the year has no line (``reason``)."""

    gap = serializers.SerializerMethodField(help_text="全户到监测线还差（范围内）或高出（范围外）多少元")
    classes = serializers.SerializerMethodField(help_text="三类监测对象能否认定及理由")

    class Meta:
        model = IncomeTest
        fields: tuple[str, ...] = (
            "id", "household", "lead", "application", "asked_on", "since", "until", *TEST_FIELDS, "left_out",
            "member_ids", "others", "basis", "before_per_head", "event", "line_amount", "watch_until", "persons",
            "net_income", "per_head", "result", "reason", "is_heavy", "is_sharp_fall", "gap", "classes", "version",
        )  # fmt: skip
        read_only_fields = fields

    def get_gap(self, row: IncomeTest) -> str | None:
        gap = outcome_of(row, row.line_amount).gap
        return None if gap is None else f"{gap:.2f}"

    @extend_schema(responses=PossibleClass(many=True))
    def get_classes(self, row: IncomeTest) -> list[dict[str, Any]]:
        found = classes_of(outcome_of(row, row.line_amount), row.household, event=bool(row.event))
        return [{"label": label, "fits": fits, "why": why} for label, fits, why in found]


class LeadDetail(LeadSerializer):
    allowed = serializers.SerializerMethodField(help_text="此刻可办的事：leads/{id}/ 之后的地址")
    income_test = IncomeTestSerializer(default=None, allow_null=True)

    class Meta(LeadSerializer.Meta):
        fields = (*LeadSerializer.Meta.fields, "allowed", "income_test")
        read_only_fields = fields

    def get_allowed(self, row: Lead) -> list[str]:
        user = self.context["request"].user
        return list(selectors.next_steps(user, row)[0])


class Raised(LeadDetail):
    tracking_no = serializers.CharField(help_text="查询号，告诉反映的人")

    class Meta(LeadDetail.Meta):
        fields = (*LeadDetail.Meta.fields, "tracking_no")
        read_only_fields = fields


def yuan(**kwargs: Any) -> Amount:
    return Amount(max_digits=12, decimal_places=2, required=False, allow_null=True, **kwargs)


class NewLead(StrictSerializer):
    source = serializers.ChoiceField(SOURCES)
    found_on = Day()
    said = Text(max_length=services.LONGEST, help_text="发生了什么")
    household = RowId(required=False, help_text="知道是哪一户的")
    member = RowId(required=False, help_text="主要是谁")
    village = Matching(r"^[0-9]{9}([0-9]{3})?$", "应为村或乡镇的代码。", required=False, help_text="不知道是哪一户的")
    group_name = Text(max_length=40, required=False)
    told_name = Text(max_length=40, required=False)
    told_phone = Matching(PHONE, "电话应为 7 到 20 位数字。", required=False, allow_blank=True)
    subject = Text(max_length=40, required=False, help_text="数值说明，如医保自付")
    value = yuan()
    threshold = yuan()
    monitor_type = Matching(r"^[1-3]$", CODE_SAID, required=False, help_text="拟定类别代码")
    risks = serializers.ListField(child=Matching(CODE, CODE_SAID), max_length=12, required=False)


class Visiting(StrictSerializer):
    visited_on = Day()
    finding = Text(max_length=2000)


class LeadSubject(StrictSerializer):
    household = RowId()


class Listing(StrictSerializer):
    batch = RowId(help_text="这一户所在的名单")
    reason = Text(max_length=300)


class Reasoned(StrictSerializer):
    reason = Text(max_length=300)


class Handing(Reasoned):
    handed_to = Text(max_length=60)


def test_body() -> type[StrictSerializer]:
    """Every amount of a test, and what else is asked."""
    fields: dict[str, Any] = {name: yuan() for name in (*TEST_FIELDS, "before_per_head")}
    fields["left_out"] = serializers.ListField(child=serializers.ChoiceField(TEST_FIELDS), required=False)
    fields["member_ids"] = serializers.ListField(child=RowId(), max_length=50, required=False)
    fields["others"] = Whole(min_value=0, max_value=income.MOST_OTHERS, required=False)
    fields["basis"] = Text(max_length=120, required=False, allow_blank=True)
    fields["event"] = Text(max_length=120, required=False, allow_blank=True)
    fields["version"] = Whole(min_value=1, max_value=2**31 - 1, required=False, help_text="修改时给读到的版本")
    return type("IncomeTesting", (StrictSerializer,), fields)


IncomeTesting = test_body()


class LeadViewSet(RetrieveModelMixin, Listed):
    queryset = Lead.objects.select_related("village", "household", "income_test__household")
    serializer_class = LeadSerializer
    listing = LEADS
    lookup_value_converter = "int"
    rights = {
        "": Right.LEAD_VIEW,
        "create": Right.LEAD_RAISE,
        **dict.fromkeys(("check", "visit", "household", "income_test"), Right.LEAD_CHECK),
        **dict.fromkeys(("list_it", "dismiss", "hand"), Right.LEAD_DECIDE),
    }

    def shown(self, row: Lead) -> Response:
        fresh = LeadViewSet.queryset.get(pk=row.pk)
        return Response(LeadDetail(fresh, context=self.get_serializer_context()).data)

    @extend_schema(responses=LeadDetail)
    def retrieve(self, request: Request, pk: int) -> Response:
        """One lead with its income test, and what the caller may do next in ``allowed``."""
        return self.shown(self.get_object())

    @extend_schema(request=NewLead, responses={201: Raised})
    def create(self, request: Request) -> Response:
        """Note a lead about a household, or about somebody told by name at a place."""
        given = self.body(NewLead)
        told = Told(*(given.pop(name, "") for name in ("told_name", "told_phone", "group_name")))
        measured = Measured(*(given.pop(name, blank) for name, blank in MEASURED))
        facts = given | {"told": told, "measured": measured} | self._subject(given)
        row = services.raise_lead(by=request.user, **facts)
        fresh = LeadViewSet.queryset.get(pk=row.pk)
        return Response(Raised(fresh, context=self.get_serializer_context()).data, status=201)

    def _subject(self, given: dict[str, Any]) -> dict[str, Any]:
        """The rows that the body names."""
        found: dict[str, Any] = {"household": None, "member": None, "village": None}
        if "household" in given:
            rows = Household.objects.select_related("village")
            found["household"] = self.referred(rows, "household", given["household"])
        if "member" in given:
            found["member"] = self.visible(Member.objects, "member", given["member"])
        if "village" in given:
            found["village"] = Place.objects.filter(pk=given["village"]).first()
            if found["village"] is None:
                raise not_found("village", "没有这个地方，请核对代码。")
        return found

    @extend_schema(request=None, responses=LeadDetail)
    @action(detail=True, methods=["post"])
    def check(self, request: Request, pk: int) -> Response:
        """Take a lead up."""
        return self.shown(services.check_lead(by=request.user, lead=self.get_object()))

    @extend_schema(request=Visiting, responses=LeadDetail)
    @action(detail=True, methods=["post"])
    def visit(self, request: Request, pk: int) -> Response:
        """Note what was found on the spot."""
        return self.shown(services.note_visit(by=request.user, lead=self.get_object(), **self.body(Visiting)))

    @extend_schema(request=LeadSubject, responses=LeadDetail)
    @action(detail=True, methods=["post"])
    def household(self, request: Request, pk: int) -> Response:
        """Say which household a lead is about that was told by name."""
        row = self.get_object()
        household = self.referred(Household.objects, "household", self.body(LeadSubject)["household"])
        return self.shown(services.name_household(by=request.user, lead=row, household=household))

    @extend_schema(request=IncomeTesting, responses=LeadDetail)
    @action(detail=True, methods=["put"], url_path="income-test")
    def income_test(self, request: Request, pk: int) -> Response:
        """Save the income test of a lead; what is not given stays as it is."""
        row = self.get_object()
        given = self.body(IncomeTesting)
        version = given.pop("version", None)
        income.save_income_test(by=request.user, about=row, facts=given, version=version)
        return self.shown(row)

    @extend_schema(request=Listing, responses=LeadDetail)
    @action(detail=True, methods=["post"], url_path="list")
    def list_it(self, request: Request, pk: int) -> Response:
        """The household stands on this list now."""
        row = self.get_object()
        given = self.body(Listing)
        batch = self.visible(Batch.objects, "batch", given["batch"])
        return self.shown(services.list_lead(by=request.user, lead=row, batch=batch, reason=given["reason"]))

    @extend_schema(request=Reasoned, responses=LeadDetail)
    @action(detail=True, methods=["post"])
    def dismiss(self, request: Request, pk: int) -> Response:
        """Nothing comes of it; the reason is what the person who told is answered."""
        return self.shown(services.dismiss_lead(by=request.user, lead=self.get_object(), **self.body(Reasoned)))

    @extend_schema(request=Handing, responses=LeadDetail)
    @action(detail=True, methods=["post"])
    def hand(self, request: Request, pk: int) -> Response:
        """Another department's matter."""
        return self.shown(services.hand_over_lead(by=request.user, lead=self.get_object(), **self.body(Handing)))


MEASURED: tuple[tuple[str, Any], ...] = (("subject", ""), ("value", None), ("threshold", None))
