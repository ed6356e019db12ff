"""What left, and whether a file is one of it."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from audits.exports.lists import EXPORTED
from povreg.kit.api.fields import StrictSerializer
from povreg.kit.pages.api import Listed
from povreg.proof.models import ExportRecord
from povreg.proof.selectors import may_see_rows
from povreg.proof.views import verdict_of
from villages.rights import Right


class ExportRecordSerializer(serializers.ModelSerializer):
    class Meta:
        model = ExportRecord
        fields = (
            "id", "kind", "title", "form", "by", "place_code", "narrowed", "unmasked", "reason", "rows", "digest",
            "key_id", "signature", "seal", "at",
        )  # fmt: skip
        read_only_fields = fields


class FileToVerify(StrictSerializer):
    """A workbook, csv or other file that left here, as multipart/form-data."""

    file = serializers.FileField(max_length=200)


class AlteredRow(serializers.Serializer):
    sheet = serializers.CharField()
    kind = serializers.ChoiceField(("changed", "added", "deleted"))
    row = serializers.IntegerField(help_text="表格里的行号；已被删去的为 0")
    was = serializers.IntegerField(help_text="导出时是第几条数据；多出的为 0")
    name = serializers.CharField(allow_blank=True, help_text="户编号、人编号")


class VerdictShown(serializers.Serializer):
    """Rows, faults and the record are told to those who may export where the file is from."""

    state = serializers.ChoiceField(("unaltered", "altered", "unknown"))
    message = serializers.CharField(allow_blank=True)
    record = ExportRecordSerializer(allow_null=True)
    faults = serializers.ListField(child=serializers.CharField())
    rows = AlteredRow(many=True)


class ExportRecordViewSet(Listed):
    """The log of exports: one's own, and those of the places where one sees the trail."""

    queryset = ExportRecord.objects.all()
    serializer_class = ExportRecordSerializer
    listing = EXPORTED
    rights = {"verify": (Right.EXPORT, Right.TRAIL_VIEW)}

    def get_parsers(self) -> list[Any]:
        uploading = self.request and self.request.method == "POST"
        return [MultiPartParser()] if uploading else super().get_parsers()

    @extend_schema(request={"multipart/form-data": FileToVerify}, responses=VerdictShown)
    @action(detail=False, methods=["post"])
    def verify(self, request: Request) -> Response:
        """Whether a file left here unaltered; else which rows differ. The file is not kept."""
        verdict = verdict_of(self.body(FileToVerify)["file"])
        full = may_see_rows(request.user, verdict.record)
        return Response(
            VerdictShown(
                {
                    "state": verdict.state,
                    "message": verdict.why,
                    "record": verdict.record if full else None,
                    "faults": verdict.faults if full else [],
                    "rows": verdict.rows if full else [],
                }
            ).data
        )
