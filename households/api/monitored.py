"""Monitored households: class, risks, days, and what stands between them and the removal of their risk."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.mixins import RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from households.eligibility.clearing import selectors
from households.leads.monitored.lists import MONITORED
from households.models import Clearance, Household
from povreg.kit.pages.api import Listed
from villages.rights import Right


class ClearanceSerializer(serializers.ModelSerializer):
    """Whether the risk may be removed, judged for the running year."""

    class Meta:
        model = Clearance
        fields = (
            "year", "monitor_type", "since", "months", "per_head", "line_amount", "failed", "missing", "eligible",
            "judged_at",
        )  # fmt: skip
        read_only_fields = fields


class LineShown(serializers.Serializer):
    code = serializers.CharField(help_text="指标或条件")
    label = serializers.CharField()
    result = serializers.CharField(help_text="pass, fail, missing")
    words = serializers.CharField(allow_blank=True, help_text="依据")
    advice = serializers.CharField(allow_blank=True, help_text="怎么办")


class MonitoredSerializer(serializers.ModelSerializer):
    village = serializers.CharField(source="village_id")
    head_name = serializers.CharField(allow_null=True)
    clearance = ClearanceSerializer(source="judged", allow_null=True, default=None)

    class Meta:
        model = Household
        fields: tuple[str, ...] = (
            "id", "household_no", "village", "head_name", "monitor_type", "risks", "risk_identified_on", "risk_cleared",
            "risk_cleared_on", "risk_clear_way", "clearance",
        )  # fmt: skip
        read_only_fields = fields


class MonitoredDetail(MonitoredSerializer):
    lines = serializers.SerializerMethodField(help_text="风险消除的每个条件；风险已消除的为空")

    class Meta(MonitoredSerializer.Meta):
        fields = (*MonitoredSerializer.Meta.fields, "lines")
        read_only_fields = fields

    @extend_schema(responses=LineShown(many=True))
    def get_lines(self, row: Any) -> list[dict[str, str]]:
        found = selectors.lines(row.judged) if row.judged else []
        return [LineShown(each).data for each in found]


class MonitoredViewSet(RetrieveModelMixin, Listed):
    """监测对象, those whose risk was removed as well."""

    queryset = Household.objects.filter(removed_on__isnull=True).exclude(monitor_type="")
    serializer_class = MonitoredSerializer
    listing = MONITORED
    lookup_value_converter = "int"
    rights = {"": Right.LEAD_VIEW}

    def get_queryset(self) -> Any:
        rows = super().get_queryset()
        return rows if self.action == "list" else rows.annotate(head_name=selectors.head_name("pk"))

    @extend_schema(responses=MonitoredDetail)
    def retrieve(self, request: Request, pk: int) -> Response:
        """One monitored household with every condition of the removal of its risk."""
        row = self.get_object()
        selectors.with_clearances([row], request.user)
        return Response(MonitoredDetail(row, context=self.get_serializer_context()).data)
