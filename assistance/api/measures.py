"""Measures and their catalogue in the API."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.mixins import RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from assistance.catalogue.lists import CATALOGUE
from assistance.catalogue.selectors import measures_at, versions_for
from assistance.measures import services
from assistance.measures.lists import MEASURES
from assistance.measures.services import given_of
from assistance.models import CatalogueItem, Disbursement, Measure, ResettlementSite
from assistance.models.measure import LoanUse, Misuse, Source
from households.models import Household, Member
from povreg.kit.api.errors import not_found
from povreg.kit.api.fields import Amount, Day, Matching, RowId, RowSerializer, StrictSerializer, Text
from povreg.kit.pages.api import Listed
from villages.rights import Right

CODE, CODE_SAID = r"^[0-9]{1,2}$", "应为风险代码。"


class MeasureSerializer(RowSerializer):
    village = serializers.CharField(source="village_id")
    item = serializers.CharField(source="item.code")
    item_label = serializers.CharField(source="item.label")

    class Meta:
        model = Measure
        fields = (
            "id", "household", "village", "member", "item", "item_label", "delivered_on", "ends_on", "amount",
            "tier", "quantity", "payer", "source", "voucher", "payment", "effect", "risks", "use", "misuse",
            "settled_on", "area", "rate", "serves", "site", "keys_on", "old_house_on", "withdrawn_on",
            "withdrawn_reason", "version",
        )  # fmt: skip
        read_only_fields = fields


class MeasureFacts(StrictSerializer):
    """What is the same of a new measure and a corrected one."""

    delivered_on = Day()
    member = RowId(required=False, help_text="受益人；不给时为全户")
    amount = Amount(12, 2, min_value=0, required=False, help_text="元")
    quantity = Amount(10, 2, min_value=0, required=False)
    tier = Text(max_length=20, required=False, allow_blank=True, help_text="档次；金额分档的措施才有")
    source = serializers.ChoiceField(choices=Source.choices, required=False)
    payer = Text(max_length=60, required=False, allow_blank=True)
    voucher = Text(max_length=60, required=False, allow_blank=True)
    payment = RowId(required=False, help_text="资金拨付；给了的，来源、单位和凭证按拨付记录")
    effect = Text(max_length=200, required=False, allow_blank=True)
    ends_on = Day(required=False)
    use = serializers.ChoiceField(choices=LoanUse.choices, required=False, help_text="小额信贷的用途")
    misuse = serializers.ChoiceField(choices=Misuse.choices, required=False)
    settled_on = Day(required=False, help_text="还清、离岗日期")
    area = Amount(7, 2, min_value=0, required=False, help_text="安置住房面积，平方米")
    rate = Amount(5, 3, min_value=0, required=False, help_text="贷款年利率，百分数")
    serves = RowId(required=False, help_text="贴息的贷款（措施 id）")
    site = RowId(required=False, help_text="安置点")
    keys_on = Day(required=False, help_text="交钥匙日期")
    old_house_on = Day(required=False, help_text="旧房拆除日期")
    risks = serializers.ListField(child=Matching(CODE, CODE_SAID), max_length=12, required=False)


class NewMeasure(MeasureFacts):
    household = RowId()
    item = Text(max_length=8, help_text="目录中的措施编码，如 110501")


class Withdrawal(StrictSerializer):
    reason = Text(max_length=120)


REFERRED: dict[str, Any] = {"payment": Disbursement, "serves": Measure, "site": ResettlementSite}
"""Facts of a measure that are rows of other tables, which the caller must be able to see."""


class MeasureViewSet(RetrieveModelMixin, Listed):
    """Measures that reached households."""

    queryset = Measure.objects.select_related("item", "household", "member")
    serializer_class = MeasureSerializer
    listing = MEASURES
    lookup_value_converter = "int"
    rights = {
        "": Right.HOUSEHOLD_VIEW,
        "create": Right.MEASURE_EDIT,
        "correct": Right.MEASURE_EDIT,
        "withdraw": Right.MEASURE_EDIT,
    }

    @extend_schema(request=NewMeasure, responses={201: MeasureSerializer})
    def create(self, request: Request) -> Response:
        """Note a measure that reached a household."""
        given = self.body(NewMeasure)
        household = self.referred(Household.objects, "household", given.pop("household"))
        code = given.pop("item")
        found = measures_at(household.village_id, given["delivered_on"])
        item = next((row for row in found if row.code == code), None)
        if item is None:
            raise not_found("item", "目录里没有这个编码的措施，或那一天不在执行，请核对。")
        row = services.deliver_measure(by=request.user, household=household, item=item, **self.facts(given))
        return Response(MeasureSerializer(row).data, status=201)

    @extend_schema(request=MeasureFacts, responses=MeasureSerializer)
    @action(detail=True, methods=["post"])
    def correct(self, request: Request, pk: int) -> Response:
        """Set right what was noted."""
        row = self.get_object()
        given = self.body(MeasureFacts)
        return Response(
            MeasureSerializer(services.correct_measure(by=request.user, measure=row, **self.facts(given))).data
        )

    @extend_schema(request=Withdrawal, responses=MeasureSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: int) -> Response:
        """Take back what was noted wrongly."""
        row = self.get_object()
        return Response(
            MeasureSerializer(services.withdraw_measure(by=request.user, measure=row, **self.body(Withdrawal))).data
        )

    def facts(self, given: dict[str, Any]) -> dict[str, Any]:
        """What the verbs take."""
        member = given.get("member")
        for name, rows in REFERRED.items():
            if given.get(name):
                given[name] = self.visible(rows.objects, name, given[name])
        return {
            "delivered_on": given["delivered_on"],
            "member": self.referred(Member.objects, "member", member) if member else None,
            "given": given_of(given),
        }


class CatalogueViewSet(Listed):
    """The catalogue of measures of the caller's county."""

    queryset = CatalogueItem.objects.all()
    listing = CATALOGUE

    def get_queryset(self) -> QuerySet[CatalogueItem]:
        return versions_for(self.request.user)
