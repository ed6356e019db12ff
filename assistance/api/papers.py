"""Requests for correction in the API: which there are, one, answering it."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.mixins import RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from assistance.models import CorrectionRequest
from assistance.papers import services
from assistance.papers.corrections.lists import REQUESTS
from povreg.kit.api.fields import RowSerializer, StrictSerializer, Text
from povreg.kit.pages.api import Listed
from villages.rights import Right


class AskedCorrectionSerializer(RowSerializer):
    """What was asked, without the phone, and what was answered."""

    village = serializers.CharField(source="village_id")

    class Meta:
        model = CorrectionRequest
        fields = (
            "id", "household", "village", "about", "said", "received_on", "due_on", "outcome", "answer", "answered_by",
            "answered_on", "version",
        )  # fmt: skip
        read_only_fields = fields


class GivenAnswer(StrictSerializer):
    outcome = serializers.ChoiceField(choices=CorrectionRequest.Outcome.choices)
    answer = Text(max_length=300)


class CorrectionRequestViewSet(RetrieveModelMixin, Listed):
    """What households say is wrong about them."""

    queryset = CorrectionRequest.objects.all()
    serializer_class = AskedCorrectionSerializer
    listing = REQUESTS
    lookup_value_converter = "int"
    rights = {"": Right.LEAD_VIEW, "answer": services.TAKES}

    @extend_schema(request=GivenAnswer, responses=AskedCorrectionSerializer)
    @action(detail=True, methods=["post"])
    def answer(self, request: Request, pk: int) -> Response:
        """Say what became of a request."""
        row = services.answer_correction(by=request.user, request=self.get_object(), **self.body(GivenAnswer))
        return Response(AskedCorrectionSerializer(row, context=self.get_serializer_context()).data)


RESOURCES = {"correction-requests": CorrectionRequestViewSet}
