"""What left, and whether a file is one of it."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from audits.exports import services
from audits.exports.declared import DATASETS, Dataset, open_to
from audits.exports.lists import EXPORTED
from audits.models import SavedExport
from povreg.kit.api.errors import not_found
from povreg.kit.api.fields import RULE, Answer, StrictSerializer, Text
from povreg.kit.api.views import ScopedViewSet
from povreg.kit.pages.api import Listed
from povreg.proof.models import ExportRecord
from povreg.proof.selectors import may_see_rows
from povreg.proof.views import verdict_of
from villages.api.serializers import PlaceCode
from villages.models import Place
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


class ColumnShown(serializers.Serializer):
    name = serializers.CharField()
    label = serializers.CharField()


class DatasetShown(serializers.Serializer):
    code = serializers.CharField()
    label = serializers.CharField()
    group = serializers.CharField()
    columns = ColumnShown(many=True)


class Columns(serializers.DictField):
    """Datasets by code, each with the names of its columns; none: all of them."""

    def __init__(self, **kwargs: Any) -> None:
        child = serializers.ListField(child=Text(max_length=60), max_length=200)
        super().__init__(child=child, allow_empty=False, help_text="数据集代码：列名；空列表为全部列", **kwargs)

    def to_internal_value(self, data: Any) -> dict[str, list[str]]:
        given = super().to_internal_value(data)
        unknown = sorted(set(given) - {each.code for each in DATASETS})
        if unknown:
            raise serializers.ValidationError(
                f"没有这个数据集：{'、'.join(unknown)[:80]}。可选的见 datasets/。", code=RULE
            )
        for code, names in given.items():
            if strange := sorted(set(names) - set(DATASETS[code].columns())):
                raise serializers.ValidationError(f"{code} 没有这一列：{'、'.join(strange)[:80]}。", code=RULE)
        return given


class Exporting(StrictSerializer):
    datasets = Columns()
    place = PlaceCode()
    year = serializers.IntegerField(required=False, allow_null=True, default=None, min_value=2000, max_value=2100)
    form = serializers.ChoiceField(services.FORMS, required=False, default=services.XLSX)
    unmasked = Answer(required=False, default=False, help_text="完整的证件、电话和银行卡号，要有理由")
    reason = Text(max_length=200, required=False, allow_blank=True, default="")


class ExportStarted(serializers.Serializer):
    job = serializers.UUIDField(help_text="在 jobs/ 里看进度、取文件")
    title = serializers.CharField()
    expected = serializers.IntegerField(allow_null=True, help_text="预计行数")


class DatasetViewSet(ScopedViewSet):
    """The export centre: what can be taken away, and taking it."""

    queryset = SavedExport.objects.none()
    serializer_class = DatasetShown
    filterset_class = None
    pagination_class = None
    rights = {"": Right.TRAIL_VIEW}
    parameters = {"list": set()}

    def known_parameters(self) -> set[str]:
        return set()

    @extend_schema(responses=DatasetShown(many=True))
    def list(self, request: Request) -> Response:
        """The datasets open to oneself, with their columns."""
        return Response(DatasetShown([described(each) for each in open_to(request.user)], many=True).data)

    @extend_schema(request=Exporting, responses={202: ExportStarted})
    @action(detail=False, methods=["post"])
    def export(self, request: Request) -> Response:
        """Start an export; the file is the job's result."""
        given = self.body(Exporting)
        place = Place.objects.visible_to(request.user).filter(pk=given.pop("place")).first()
        if place is None:
            raise not_found("place", "没有这个地方，或不在您负责的范围内，请核对代码。")
        job = services.request_datasets(by=request.user, place=place, **given)
        return Response(ExportStarted({"job": job.pk, "title": job.title, "expected": job.expected}).data, status=202)


def described(dataset: Dataset) -> dict[str, Any]:
    columns = [{"name": name, "label": str(field.verbose_name)} for name, field in dataset.columns().items()]
    return {"code": dataset.code, "label": dataset.label, "group": dataset.group, "columns": columns}


class SavedExportSerializer(serializers.ModelSerializer):
    class Meta:
        model = SavedExport
        fields = ("id", "name", "datasets", "year", "form", "saved_at")
        read_only_fields = fields


class Keeping(StrictSerializer):
    name = Text(max_length=services.LONGEST_NAME)
    datasets = Columns()
    year = serializers.IntegerField(required=False, allow_null=True, default=None, min_value=2000, max_value=2100)
    form = serializers.ChoiceField(services.FORMS, required=False, default=services.XLSX)


class SavedExportViewSet(ListModelMixin, ScopedViewSet):
    """What somebody keeps under a name to export again; nobody else's business."""

    queryset = SavedExport.objects.all()
    serializer_class = SavedExportSerializer
    lookup_value_converter = "int"
    rights = {"": Right.TRAIL_VIEW}

    @extend_schema(request=Keeping, responses={201: SavedExportSerializer})
    def create(self, request: Request) -> Response:
        """Keep a choice, in place of one of that name."""
        row = services.keep_choice(by=request.user, **self.body(Keeping))
        return Response(SavedExportSerializer(row).data, status=201)

    @extend_schema(request=None, responses={204: OpenApiResponse(description="已删除")})
    @action(detail=True, methods=["post"])
    def drop(self, request: Request, pk: int) -> Response:
        """Forget one's own choice."""
        services.drop_choice(by=request.user, saved=self.row_without_right(SavedExport.objects.all(), pk))
        return Response(status=204)
