"""Scans and photos of households."""

from __future__ import annotations

from typing import Any

import django_filters
from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from households.api import refusals  # noqa: F401  makes the refusals of the verbs known
from households.models import Attachment, Household
from households.register import attachments
from households.register.filters import SurveyYear
from households.register.years import FIRST_YEAR
from povreg.kit.api import filters
from povreg.kit.api.fields import FormId, FormWhole, StrictSerializer, Text
from povreg.kit.api.views import ScopedViewSet
from villages.api.serializers import Labels
from villages.rights import Right


class AttachmentSerializer(serializers.ModelSerializer):
    village = serializers.CharField(source="village_id")
    labels = Labels()

    class Meta:
        model = Attachment
        fields = ("id", "household", "village", "year", "kind", "title", "content_type", "size", "sha256",
                  "labels", "created_at")  # fmt: skip
        read_only_fields = fields


class NewAttachment(StrictSerializer):
    """A JPEG, PNG, WebP or PDF of at most 10 MB, as multipart/form-data."""

    household = FormId()
    kind = Text(max_length=4, help_text="附件类别代码")
    file = serializers.FileField(max_length=200, allow_empty_file=True)
    year = FormWhole(FIRST_YEAR, 2100, required=False)
    title = Text(max_length=80, required=False, allow_blank=True, default="")


class Removing(StrictSerializer):
    reason = Text(max_length=200)


class AttachmentFilter(django_filters.FilterSet):
    place = filters.Place(field_name="village_id")
    household = filters.Whole(field_name="household_id", help_text="户 id")
    year = SurveyYear()
    kind = filters.Code(help_text="附件类别代码")


class AttachmentViewSet(ListModelMixin, RetrieveModelMixin, ScopedViewSet):
    """What was scanned or photographed of households; files that were taken off are not listed."""

    queryset = Attachment.objects.filter(removed_at=None)
    serializer_class = AttachmentSerializer
    filterset_class = AttachmentFilter
    lookup_value_converter = "int"
    orderings = {"created_at": ("created_at",), "place": ("village_id", "household_id")}
    rights = {"": Right.HOUSEHOLD_VIEW, "create": Right.HOUSEHOLD_EDIT, "remove": Right.HOUSEHOLD_EDIT}

    def get_parsers(self) -> list[Any]:
        uploading = self.request and self.request.method == "POST" and self.detail is False
        return [MultiPartParser()] if uploading else super().get_parsers()

    @extend_schema(request={"multipart/form-data": NewAttachment}, responses={201: AttachmentSerializer})
    def create(self, request: Request) -> Response:
        """Keep a file with a household. Images lose what the camera wrote into them."""
        given = {"year": None, **self.body(NewAttachment)}
        household = self.referred(Household.objects, "household", given.pop("household"))
        row = attachments.add_attachment(by=request.user, household=household, **given)
        return Response(AttachmentSerializer(row).data, status=201)

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    @action(detail=True)
    def file(self, request: Request, pk: int) -> FileResponse:
        """The file itself."""
        row = self.get_object()
        return FileResponse(row.file.open("rb"), as_attachment=True, content_type="application/octet-stream")

    @extend_schema(request=Removing, responses=AttachmentSerializer)
    @action(detail=True, methods=["post"])
    def remove(self, request: Request, pk: int) -> Response:
        """Take a file off; it stays for the history."""
        row = attachments.remove_attachment(by=request.user, attachment=self.get_object(), **self.body(Removing))
        return Response(AttachmentSerializer(row).data)
