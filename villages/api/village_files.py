"""Yearly files of villages in the API."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.mixins import RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from povreg.kit.api.fields import Answer, Facts, StrictSerializer, Whole
from povreg.kit.pages.api import Listed
from villages.api.serializers import PlaceCode
from villages.models import Place, VillageYear
from villages.rights import Right
from villages.yearbook import selectors, services
from villages.yearbook.gaps import gaps_of
from villages.yearbook.lists import FILES
from villages.yearbook.parts import COLLECTIVE, FACTS, total


class FileSerializer(serializers.ModelSerializer):
    village = serializers.CharField(source="village_id")
    recorded = serializers.IntegerField(help_text="已登记的项数")
    gaps = serializers.SerializerMethodField(help_text="短板")
    collective_income = serializers.SerializerMethodField(help_text="村集体经济收入（元），各来源合计")

    class Meta:
        model = VillageYear
        fields = ("id", "version", "village", "year", "recorded", "gaps", "collective_income", *FACTS)
        read_only_fields = fields

    def get_gaps(self, row: Any) -> list[str]:
        return list(gaps_of(row))

    def get_collective_income(self, row: VillageYear) -> str | None:
        amount = total(row, COLLECTIVE)
        return None if amount is None else str(amount)


class NewFile(StrictSerializer):
    village = PlaceCode(help_text="行政村")
    year = Whole(min_value=services.FIRST_YEAR, max_value=2100)
    copy = Answer(required=False, default=False, help_text="不常变的内容沿用最近一份台账")


class FileEdit(Facts):
    version = Whole(min_value=0, max_value=2**31 - 1, help_text="读到的版本号；别人已改过时答 409")

    class Meta:
        model = VillageYear
        fields = ("version", *FACTS)


class VillageFileViewSet(RetrieveModelMixin, Listed):
    """A village's file of a year (村情台账): facilities, land, services, industry, collective income, gaps."""

    queryset = VillageYear.objects.select_related("village__parent")
    serializer_class = FileSerializer
    lookup_value_converter = "int"
    rights = {"": Right.VILLAGE_FILE_EDIT, "retrieve": Right.VILLAGE_FILE_VIEW}
    listing = FILES

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        return selectors.files(self.request.user)

    def shown(self, row: VillageYear, status: int = 200) -> Response:
        found = selectors.files(self.request.user).get(pk=row.pk)
        return Response(FileSerializer(found).data, status=status)

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One file, with what is recorded and what the village lacks."""
        return self.shown(self.get_object())

    @extend_schema(request=NewFile, responses={201: FileSerializer})
    def create(self, request: Request) -> Response:
        """Begin the file of a village for a year."""
        given = self.body(NewFile)
        village = self.visible(Place.objects.all(), "village", given.pop("village"))
        return self.shown(services.start_year(by=request.user, village=village, **given), status=201)

    @extend_schema(request=FileEdit, responses=FileSerializer)
    def partial_update(self, request: Request, pk: int) -> Response:
        """Change the facts that are given. 409 when somebody saved after ``version`` was read."""
        row, given = self.get_object(), self.body(FileEdit)
        version = given.pop("version")
        return self.shown(services.save_facts(by=request.user, row=row, version=version, facts=given))


RESOURCES = {"village-files": VillageFileViewSet}
