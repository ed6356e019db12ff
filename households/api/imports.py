"""Sheets through the API: upload, read the check, confirm once, fetch the rejected rows."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import FileResponse, Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.mixins import RetrieveModelMixin
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from households.api import refusals  # noqa: F401  makes the refusals of the verbs known
from households.models import SheetImport
from households.sheets import selectors, services
from households.sheets.layouts import LAYOUTS
from households.sheets.lists import IMPORTS
from households.sheets.outcome import QUESTIONS
from povreg.kit.api.fields import StrictSerializer, Text
from povreg.kit.pages.api import Listed
from villages.api.serializers import PlaceCode
from villages.models import Place
from villages.rights import Right

LAYOUT_CHOICES = [(layout.code, layout.label) for layout in LAYOUTS.values()]
COUNTS = ("rows_read", "created", "updated", "unchanged", "rejected")


class RejectShown(serializers.Serializer):
    """One fault: the row's number as the spreadsheet shows it."""

    sheet = serializers.CharField(allow_blank=True)
    row = serializers.IntegerField()
    column = serializers.CharField(allow_blank=True)
    code = serializers.CharField()
    message = serializers.CharField()


class SheetShown(serializers.Serializer):
    """One sheet of the file: read, or why it was left out."""

    name = serializers.CharField()
    visible = serializers.BooleanField()
    used = serializers.BooleanField()
    why = serializers.CharField(allow_blank=True)
    rows = serializers.IntegerField()
    hidden = serializers.IntegerField()
    skipped = serializers.IntegerField()


class OutcomeShown(serializers.Serializer):
    """rows_read = created + updated + unchanged + rejected. Of the rejects and warnings the first hundred."""

    rows_read = serializers.IntegerField()
    created = serializers.IntegerField()
    updated = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    rejected = serializers.IntegerField()
    rejects = RejectShown(many=True)
    rejects_by_code = serializers.DictField(child=serializers.IntegerField())
    warnings = RejectShown(many=True)
    warnings_by_code = serializers.DictField(child=serializers.IntegerField())
    skipped = serializers.IntegerField(default=0, help_text="不是数据的行：合计、签字、空行等")
    sheets = SheetShown(many=True, default=list)
    questions = RejectShown(many=True, default=list, help_text="存疑、没有写入的格或行；前一百条")
    questions_by_code = serializers.DictField(child=serializers.IntegerField(), default=dict)


class UndoShown(serializers.Serializer):
    """What an undo did: households put back, entered ones withdrawn, and those that stay as they are (the first
    hundred)."""

    undone = serializers.IntegerField()
    withdrawn = serializers.IntegerField()
    kept = serializers.ListField(child=serializers.DictField(child=serializers.CharField()))
    kept_count = serializers.IntegerField()


class ImportSerializer(serializers.ModelSerializer):
    county = serializers.CharField(source="county_id")
    status = serializers.SerializerMethodField()
    by = serializers.IntegerField(source="by_id", allow_null=True, help_text="上传人的账号 id")
    job = serializers.SerializerMethodField(help_text="正在或最后进行的任务")
    error = serializers.SerializerMethodField(help_text="不能读取的原因")
    check = serializers.SerializerMethodField(help_text="检查结果：按此导入会怎样")
    outcome = serializers.SerializerMethodField(help_text="导入结果")
    undo = serializers.SerializerMethodField(help_text="撤销的结果")
    has_rejects = serializers.BooleanField(source="rejects")

    class Meta:
        model = SheetImport
        fields = ("id", "layout", "county", "file_name", "sha256", "status", "by", "created_at", "job", "error",
                  "check", "outcome", "undo", "has_rejects")  # fmt: skip
        read_only_fields = fields

    def get_status(self, row: SheetImport) -> SheetImport.Status:
        return SheetImport.Status(services.standing(row))

    def get_job(self, row: SheetImport) -> UUID | None:
        return row.job_id

    def get_error(self, row: SheetImport) -> str:
        return str(row.preview.get("error", ""))

    @extend_schema_field(OutcomeShown(allow_null=True))
    def get_check(self, row: SheetImport) -> Any:
        return self._outcome(row.preview)

    @extend_schema_field(OutcomeShown(allow_null=True))
    def get_outcome(self, row: SheetImport) -> Any:
        return self._outcome(row.report)

    @extend_schema_field(UndoShown(allow_null=True))
    def get_undo(self, row: SheetImport) -> Any:
        return row.report.get("undo")

    def _outcome(self, report: dict[str, Any]) -> Any:
        return OutcomeShown(report).data if "rows_read" in report else None


class NewImport(StrictSerializer):
    """A workbook (.xlsx, .xlsm, .xls, .ods or .csv, at most 60 MB), as multipart/form-data."""

    file = serializers.FileField(max_length=200, allow_empty_file=True)
    county = PlaceCode(help_text="6 位县代码")
    layout = serializers.ChoiceField(LAYOUT_CHOICES, required=False, help_text="不给时按表头辨认")


class Confirmation(StrictSerializer):
    sure = serializers.BooleanField(required=False, default=False, help_text="改动的行超过一半时须为真")


class Undoing(StrictSerializer):
    reason = Text(max_length=200, help_text="撤销的原因")


class ColumnLine(StrictSerializer):
    header = Text(max_length=80, help_text="表中的列名，或列标（@K 为 K 列）")
    column = Text(max_length=80, help_text="本系统的列名")


class Columns(StrictSerializer):
    columns = serializers.ListField(child=ColumnLine(), max_length=100)
    confirmed = serializers.ListField(
        child=serializers.ChoiceField(sorted(QUESTIONS)), required=False, max_length=20, help_text="回答“是”的存疑种类"
    )


class ImportViewSet(RetrieveModelMixin, Listed):
    """Workbooks on their way into the register. An upload is checked by a job; nothing is written before
    ``confirm``."""

    queryset = SheetImport.objects.select_related("job")
    serializer_class = ImportSerializer
    listing = IMPORTS
    lookup_value_converter = "int"
    rights = {
        "": Right.IMPORT,
        "list": (Right.IMPORT, Right.TRAIL_VIEW),
        "retrieve": (Right.IMPORT, Right.TRAIL_VIEW),
    }

    def row(self, rows: Any, pk: Any) -> Any:
        return self.row_without_right(rows, pk)  # a township's officer imports into its part of the county

    def get_parsers(self) -> list[Any]:
        uploading = self.request and self.request.method == "POST" and self.detail is False
        return [MultiPartParser()] if uploading else super().get_parsers()

    def shown(self, row: SheetImport, status: int = 200) -> Response:
        fresh = ImportViewSet.queryset.get(pk=row.pk)
        return Response(ImportSerializer(fresh).data, status=status)

    @extend_schema(request={"multipart/form-data": NewImport}, responses={201: ImportSerializer})
    def create(self, request: Request) -> Response:
        """Upload a workbook and start its check; ask its address until ``status`` is ``checked``."""
        given = self.body(NewImport)
        county = self.visible_county(given["county"])
        row = services.upload_sheet(
            by=request.user, file=given["file"], county=county.pk, layout=given.get("layout", "")
        )
        return self.shown(row, status=201)

    def visible_county(self, code: str) -> Place:
        """A county into which the caller imports, at least in part. Raises Refused (404)."""
        found = next((place for place in selectors.counties_to_import(self.request.user) if place.pk == code), None)
        return found or self.visible(Place.objects.none(), "county", code)

    @extend_schema(request=Columns, responses=ImportSerializer)
    @action(detail=True, methods=["post"])
    def columns(self, request: Request, pk: int) -> Response:
        """Assign unknown headers to columns of the layout, and check again."""
        row = self.get_object()
        given = self.body(Columns)
        chosen = {line["header"]: line["column"] for line in given["columns"]}
        confirmed = given.get("confirmed")
        return self.shown(services.check_sheet(by=request.user, sheet=row, chosen=chosen, confirmed=confirmed))

    @extend_schema(request=Confirmation, responses=ImportSerializer)
    @action(detail=True, methods=["post"])
    def confirm(self, request: Request, pk: int) -> Response:
        """Import what was checked, once; ask the address until ``status`` is ``done``."""
        row, sure = self.get_object(), self.body(Confirmation)["sure"]
        return self.shown(services.confirm_sheet(by=request.user, sheet=row, sure=sure))

    @extend_schema(request=None, responses=ImportSerializer)
    @action(detail=True, methods=["post"])
    def discard(self, request: Request, pk: int) -> Response:
        """Put an upload aside without importing it."""
        return self.shown(services.discard_sheet(by=request.user, sheet=self.get_object()))

    @extend_schema(request=Undoing, responses=ImportSerializer)
    @action(detail=True, methods=["post"])
    def undo(self, request: Request, pk: int) -> Response:
        """Take an import back as a whole; ask the address until ``status`` is ``undone``."""
        row, reason = self.get_object(), self.body(Undoing)["reason"]
        return self.shown(services.undo_sheet(by=request.user, sheet=row, reason=reason))

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    @action(detail=True)
    def rejects(self, request: Request, pk: int) -> FileResponse:
        """The rejected rows in the same layout with the reason, to be corrected and uploaded again; 404 when none was
        rejected."""
        row = self.get_object()
        if not row.rejects:
            raise Http404
        return FileResponse(row.rejects.open("rb"), as_attachment=True, content_type="application/octet-stream")
