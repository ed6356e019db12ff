"""What changed of a household, when, by whom and why."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from households.history.selectors import KINDS, household_history
from povreg.kit.api.filters import whole_of
from villages.rights import Right

USUAL, MOST = 100, 500
LIMIT = {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL}


class ChangeShown(serializers.Serializer):
    label = serializers.CharField(help_text="哪一项")
    before = serializers.CharField(help_text="证件、电话和账号已遮盖")
    after = serializers.CharField()


class SentenceShown(serializers.Serializer):
    at = serializers.DateTimeField()
    who = serializers.CharField(help_text="姓名；系统和批量导入写明")
    verb = serializers.CharField(allow_blank=True, help_text="办理的事项")
    reason = serializers.CharField(allow_blank=True)
    subject = serializers.CharField(help_text="本户、成员姓名、年度记录等")
    kind = serializers.ChoiceField(list(KINDS.items()))
    changes = ChangeShown(many=True)


class HouseholdHistory:
    """Part of the resource of households."""

    parameters = {"history": {"limit"}}
    rights: dict[str, Any] = {"history": Right.HISTORY_VIEW}

    @extend_schema(
        responses=SentenceShown(many=True),
        filters=False,
        parameters=[OpenApiParameter("limit", LIMIT, description="最近多少条")],
    )
    @action(detail=True, pagination_class=None)
    def history(self: Any, request: Request, pk: int) -> Response:
        """The latest changes of everything that belongs to the household, newest first."""
        household = self.get_object()
        limit = whole_of(request, "limit", 1, MOST) if "limit" in request.query_params else USUAL
        return Response(SentenceShown(household_history(request.user, household, limit), many=True).data)
