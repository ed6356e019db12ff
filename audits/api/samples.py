"""Samples: drawn, read with their rates, filled household by household."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.mixins import RetrieveModelMixin
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from audits.models import Sample, SampleCase, SamplePhoto
from audits.samples import services
from audits.samples.lists import CASES, SAMPLES
from audits.samples.measures import all_measures
from audits.samples.plans import Wanted
from audits.samples.results import results_of
from povreg.kit.api.errors import not_found
from povreg.kit.api.fields import Day, Matching, StrictSerializer, Text
from povreg.kit.pages.api import Listed
from villages.models import Place
from villages.rights import Right

MEASURES = [(each.code, each.label) for each in all_measures()]
WORDS = ("yes", "no", "unsure")


class SampleSerializer(serializers.ModelSerializer):
    place = serializers.CharField(source="place_id")
    wanted = serializers.IntegerField(default=0, read_only=True, help_text="要核的户数")
    seen = serializers.IntegerField(default=0, read_only=True, help_text="已核的户数")

    class Meta:
        model = Sample
        fields: tuple[str, ...] = (
            "id", "place", "year", "name", "design", "measures", "confidence", "margin", "expected", "least",
            "risk_weight", "villages_drawn", "seed", "frame_digest", "drawn_at", "wanted", "seen", "closed_on",
        )  # fmt: skip
        read_only_fields = fields


class ResultSerializer(serializers.Serializer):
    code = serializers.CharField()
    label = serializers.CharField()
    answered = serializers.IntegerField(help_text="有答案的户数")
    rate = serializers.FloatField()
    low = serializers.FloatField()
    high = serializers.FloatField()
    limit = serializers.FloatField(allow_null=True)
    kept = serializers.CharField(allow_blank=True, help_text="yes、no、unsure；没有界限的为空")


class SampleDetail(SampleSerializer):
    strata = serializers.JSONField(help_text="各层的户数和抽取户数")
    results = serializers.SerializerMethodField()

    class Meta(SampleSerializer.Meta):
        fields = (*SampleSerializer.Meta.fields, "strata", "results")
        read_only_fields = fields

    @extend_schema(responses=ResultSerializer(many=True))
    def get_results(self, row: Sample) -> list[dict[str, Any]]:
        return list(ResultSerializer(results_of(row), many=True).data)


class Drawing(StrictSerializer):
    name = Text(max_length=60)
    place = Matching(r"^[0-9]{6}([0-9]{3}([0-9]{3})?)?$", "应为县、乡镇或村的代码。")
    year = serializers.IntegerField(min_value=2014, max_value=2100)
    design = serializers.ChoiceField(Sample.Design.choices)
    measures = serializers.ListField(child=serializers.ChoiceField(MEASURES), min_length=1)
    confidence = serializers.FloatField(required=False, default=0.95, min_value=0.51, max_value=0.999)
    margin = serializers.FloatField(required=False, default=0.03, min_value=0.001, max_value=0.499)
    expected = serializers.FloatField(required=False, default=0.05, min_value=0.001, max_value=0.999)
    least = serializers.IntegerField(required=False, default=0, min_value=0, max_value=50)
    risk_weight = serializers.FloatField(required=False, default=1.0, min_value=1, max_value=100)
    villages_drawn = serializers.IntegerField(required=False, default=0, min_value=0, max_value=500)
    seed = Matching(r"^[0-9A-Za-z-]{1,32}$", "种子只能是数字、字母和短横。", required=False)


class Answers(StrictSerializer):
    """One answer for each measure asked of the household."""

    answers = serializers.DictField(child=serializers.ChoiceField(WORDS), help_text="指标代码：yes、no、unsure")
    seen_on = Day()
    note = Text(max_length=500, required=False, allow_blank=True, default="")
    version = serializers.IntegerField(required=False, min_value=1, max_value=32767)


class PhotoFile(StrictSerializer):
    """A JPEG, PNG, WebP or HEIC photo, as multipart/form-data."""

    file = serializers.FileField(max_length=200)


class PhotoSerializer(serializers.ModelSerializer):
    class Meta:
        model = SamplePhoto
        fields = ("id", "content_type", "size", "sha256", "by", "at")
        read_only_fields = fields


class CaseReason(StrictSerializer):
    reason = Text(max_length=500)


class CaseSerializer(serializers.ModelSerializer):
    village = serializers.CharField(source="village_id")

    class Meta:
        model = SampleCase
        fields: tuple[str, ...] = (
            "id", "sample", "household", "village", "population", "stratum", "position", "persons", "state", "answers",
            "seen_on", "note", "version",
        )  # fmt: skip
        read_only_fields = fields


class SampleViewSet(RetrieveModelMixin, Listed):
    queryset = Sample.objects.defer("frame")
    serializer_class = SampleSerializer
    listing = SAMPLES
    lookup_value_converter = "int"
    rights = {"": Right.SAMPLE_VIEW, "create": Right.SAMPLE_DRAW}

    @extend_schema(responses=SampleDetail)
    def retrieve(self, request: Request, pk: int) -> Response:
        """One sample with its strata, and its rates with their intervals."""
        return Response(SampleDetail(self.get_object(), context=self.get_serializer_context()).data)

    @extend_schema(request=Drawing, responses={201: SampleDetail})
    def create(self, request: Request) -> Response:
        """Draw a sample."""
        given = self.body(Drawing)
        place = Place.objects.filter(pk=given["place"]).first()
        if place is None:
            raise not_found("place", "没有这个地方，请核对代码。")
        shares: dict[str, Any] = {
            name: Decimal(str(given[name])) for name in ("confidence", "margin", "expected", "risk_weight")
        }
        plain: dict[str, Any] = {
            name: given[name] for name in ("year", "design", "measures", "least", "villages_drawn")
        }
        wanted = Wanted(place=place, **plain, **shares)
        row = services.draw_sample(by=request.user, wanted=wanted, name=given["name"], seed=given.get("seed", ""))
        return Response(SampleDetail(row, context=self.get_serializer_context()).data, status=201)


class CaseViewSet(Listed):
    queryset = SampleCase.objects.exclude(state=SampleCase.State.RESERVE).select_related("sample")
    serializer_class = CaseSerializer
    listing = CASES
    lookup_value_converter = "int"
    rights = {
        "": Right.SAMPLE_VIEW,
        "note": Right.SAMPLE_DRAW,
        "unreached": Right.SAMPLE_DRAW,
        "add_photo": Right.SAMPLE_DRAW,
    }

    def get_parsers(self) -> list[Any]:
        uploading = "add_photo" in (self.action_map or {}).values()
        return [MultiPartParser()] if uploading else super().get_parsers()

    @extend_schema(request={"multipart/form-data": PhotoFile}, responses={201: PhotoSerializer})
    @action(detail=True, methods=["post"], url_path="photos")
    def add_photo(self, request: Request, pk: int) -> Response:
        """Keep a photo taken in a household."""
        row = services.add_photo(by=request.user, case=self.get_object(), file=self.body(PhotoFile)["file"])
        return Response(PhotoSerializer(row).data, status=201)

    @extend_schema(request=Answers, responses=CaseSerializer)
    @action(detail=True, methods=["post"])
    def note(self, request: Request, pk: int) -> Response:
        """Note what was found in a household."""
        row, given = self.get_object(), self.body(Answers)
        meaning = {"yes": True, "no": False, "unsure": None}
        answers = {code: meaning[word] for code, word in given.pop("answers").items()}
        return Response(CaseSerializer(services.note_case(by=request.user, case=row, answers=answers, **given)).data)

    @extend_schema(request=CaseReason, responses=CaseSerializer)
    @action(detail=True, methods=["post"])
    def unreached(self, request: Request, pk: int) -> Response:
        """Nobody was met: the next household of the reserve steps in."""
        row = services.note_unreached(by=request.user, case=self.get_object(), **self.body(CaseReason))
        return Response(CaseSerializer(row).data)
