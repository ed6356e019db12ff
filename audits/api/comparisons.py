"""Comparisons in the API: push a department's list, read the hits, answer them."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.mixins import RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from audits.comparisons import selectors, services
from audits.comparisons.filters import SOURCES
from audits.comparisons.lists import COMPARISONS, HITS
from audits.models import ComparisonHit, ComparisonList
from households.api import refusals  # noqa: F401  makes the refusals of the verbs known
from povreg.kit.api.errors import not_found
from povreg.kit.api.fields import Day, Matching, StrictSerializer, Text
from povreg.kit.pages.api import Listed
from villages.models import Place
from villages.rights import Right


class ComparisonSerializer(serializers.ModelSerializer):
    """A department's list; ``counts`` says what became of its rows."""

    county = serializers.CharField(source="county_id")

    class Meta:
        model = ComparisonList
        fields = ("id", "county", "source", "department", "as_of", "keep_until", "state", "counts", "at")
        read_only_fields = fields


class PushedRow(StrictSerializer):
    name = Text(max_length=60, help_text="姓名")
    id_no = Text(max_length=22, required=False, allow_blank=True, help_text="证件号码；没有的给出生日期")
    birth_date = Day(required=False)
    on = Day(required=False, help_text="发生日期")
    detail = serializers.DictField(
        child=serializers.CharField(max_length=80, allow_blank=True), required=False, help_text="列名到内容"
    )

    def validate_detail(self, value: dict[str, str]) -> dict[str, str]:
        """A blank says nothing and is not kept."""
        return {name: said for name, said in value.items() if said}


class Pushing(StrictSerializer):
    county = Matching(r"^[0-9]{6}$", "应为县的代码。")
    source = serializers.ChoiceField(SOURCES)
    department = Text(max_length=60, required=False, allow_blank=True, default="")
    as_of = Day()
    keep_until = Day(help_text="到期自动删除")
    rows = PushedRow(many=True, help_text=f"一次最多 {services.MOST_PUSHED} 行")


class ComparisonViewSet(Listed):
    queryset = ComparisonList.objects.all()
    serializer_class = ComparisonSerializer
    listing = COMPARISONS
    rights = {"": Right.COMPARE_VIEW, "create": Right.COMPARE_IMPORT}

    @extend_schema(request=Pushing, responses={201: ComparisonSerializer})
    def create(self, request: Request) -> Response:
        """Push a department's list: it is kept sealed, compared at once, deleted by ``keep_until``."""
        given = self.body(Pushing)
        county = Place.objects.filter(pk=given.pop("county"), level=Place.Level.COUNTY).first()
        if county is None:
            raise not_found("county", "没有这个县，请核对代码。")
        row = services.push_list(by=request.user, county=county, **given)
        return Response(ComparisonSerializer(row, context=self.get_serializer_context()).data, status=201)


class HitSerializer(serializers.ModelSerializer):
    """A hit; ``detail`` is what the department's list says, for who may read it there."""

    village = serializers.CharField(source="village_id")
    answer = serializers.ChoiceField(ComparisonHit.Answer.choices, allow_blank=True)
    detail = serializers.SerializerMethodField(help_text="无核实权限时为空")

    class Meta:
        model = ComparisonHit
        fields = (
            "id", "list", "source", "severity", "weak", "household", "member", "village", "detail", "on", "found_on",
            "answer", "answer_reason", "answered_on", "finding",
        )  # fmt: skip
        read_only_fields = fields

    def get_detail(self, row: ComparisonHit) -> str:
        return row.detail if selectors.may_read(self.context["request"].user, row) else ""


class HitAnswer(StrictSerializer):
    answer = serializers.ChoiceField(ComparisonHit.Answer.choices)
    reason = Text(max_length=300)


class HitViewSet(RetrieveModelMixin, Listed):
    queryset = ComparisonHit.objects.all()
    serializer_class = HitSerializer
    listing = HITS
    lookup_value_converter = "int"
    rights: dict[str, Any] = {
        "": Right.COMPARE_VIEW,
        "answer": (Right.FINDING_ANSWER, Right.COMPARE_IMPORT),
    }

    @extend_schema(request=HitAnswer, responses=HitSerializer)
    @action(detail=True, methods=["post"])
    def answer(self, request: Request, pk: int) -> Response:
        """What the field check found."""
        row = services.answer_hit(by=request.user, hit=self.get_object(), **self.body(HitAnswer))
        return Response(HitSerializer(row, context=self.get_serializer_context()).data)
