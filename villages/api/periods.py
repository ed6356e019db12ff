"""What counties set about their years, their office and their programmes, in the API."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from povreg.kit.api.fields import Day, StrictSerializer, Text, Whole
from povreg.kit.pages.api import Listed
from povreg.kit.views import demand
from villages.api.serializers import PlaceCode, Reason
from villages.models import OfficeName, Place, Programme, WorkingYear
from villages.models.period import CountyRow
from villages.periods import services
from villages.periods.lists import OFFICE_NAMES, PROGRAMMES, WORKING_YEARS
from villages.rights import Right

FIELDS = ("id", "county", "source", "created_at", "withdrawn_at", "withdrawn_reason")


class CountyRowSerializer(serializers.ModelSerializer):
    county = serializers.CharField(source="county_id", help_text="县的代码")


class WorkingYearSerializer(CountyRowSerializer):
    class Meta:
        model = WorkingYear
        fields = (*FIELDS, "year")
        read_only_fields = fields


class OfficeNameSerializer(CountyRowSerializer):
    class Meta:
        model = OfficeName
        fields = (*FIELDS, "since", "name", "group", "hotline")
        read_only_fields = fields


class ProgrammeSerializer(CountyRowSerializer):
    procedures = serializers.ListField(child=serializers.CharField(), help_text="办理事项代码")

    class Meta:
        model = Programme
        fields = (*FIELDS, "name", "procedures", "line_kind", "year_from", "year_to")
        read_only_fields = fields


class NewRow(StrictSerializer):
    county = PlaceCode(help_text="县的代码")
    source = Text(max_length=200, help_text="依据")


class NewWorkingYear(NewRow):
    year = Whole(min_value=services.FIRST_YEAR, max_value=2100)


class NewOfficeName(NewRow):
    since = Day(help_text="启用日期")
    name = Text(max_length=40, help_text="机构名称")
    group = Text(max_length=60, required=False, allow_blank=True, help_text="领导小组名称；不给时按所在时期")
    hotline = Text(max_length=40, required=False, allow_blank=True, help_text="监督电话；不给时为 12317")


class NewProgramme(NewRow):
    name = Text(max_length=60)
    procedures = serializers.ListField(child=Text(max_length=20), max_length=20, help_text="办理事项代码")
    line_kind = serializers.ChoiceField(Programme.Line.choices, default=Programme.Line.PROVINCIAL)
    year_from = Whole(min_value=services.FIRST_YEAR, max_value=2100)
    year_to = Whole(
        min_value=services.FIRST_YEAR, max_value=2100, required=False, allow_null=True, help_text="不给时长期有效"
    )


class CountyRowViewSet(Listed):
    """Rows that a county adds and withdraws."""

    lookup_value_converter = "int"
    rights = {"": Right.STANDARD_VIEW, "create": Right.STANDARD_EDIT, "withdraw": Right.STANDARD_EDIT}

    def row(self, rows: Any, pk: Any) -> CountyRow:
        row: CountyRow = super().row_without_right(rows, pk)
        if self.right() is not Right.STANDARD_VIEW:
            demand(self.request.user, self.right(), row.county_id)
        return row

    def added(self, shape: type[NewRow], verb: Any) -> Response:
        given = self.body(shape)
        county = self.referred(Place.objects.all(), "county", given.pop("county"))
        row = verb(by=self.request.user, county=county, **given)
        return Response(self.serializer_class(row).data, status=201)

    def withdrawn(self) -> Response:
        row = services.withdraw_setting(by=self.request.user, row=self.get_object(), **self.body(Reason))
        return Response(self.serializer_class(row).data)


class WorkingYearViewSet(CountyRowViewSet):
    """The year that a county works on: the latest row that was not withdrawn."""

    queryset = WorkingYear.objects.all()
    serializer_class = WorkingYearSerializer
    listing = WORKING_YEARS

    @extend_schema(request=NewWorkingYear, responses={201: WorkingYearSerializer})
    def create(self, request: Request) -> Response:
        """Set the working year of a county."""
        return self.added(NewWorkingYear, services.set_working_year)

    @extend_schema(request=Reason, responses=WorkingYearSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: int) -> Response:
        """Take a working year back; the one before holds again."""
        return self.withdrawn()


class OfficeNameViewSet(CountyRowViewSet):
    """What a county's office is called, from which day on."""

    queryset = OfficeName.objects.all()
    serializer_class = OfficeNameSerializer
    listing = OFFICE_NAMES

    @extend_schema(request=NewOfficeName, responses={201: OfficeNameSerializer})
    def create(self, request: Request) -> Response:
        """Name the office of a county from a day on."""
        return self.added(NewOfficeName, services.name_office)

    @extend_schema(request=Reason, responses=OfficeNameSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: int) -> Response:
        """Take a name back; the one before holds again."""
        return self.withdrawn()


class ProgrammeViewSet(CountyRowViewSet):
    """Programmes of the province that counties have switched on."""

    queryset = Programme.objects.all()
    serializer_class = ProgrammeSerializer
    listing = PROGRAMMES

    @extend_schema(request=NewProgramme, responses={201: ProgrammeSerializer})
    def create(self, request: Request) -> Response:
        """Switch a programme on in a county."""
        return self.added(NewProgramme, services.start_programme)

    @extend_schema(request=Reason, responses=ProgrammeSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: int) -> Response:
        """Take a programme back."""
        return self.withdrawn()


RESOURCES = {
    "working-years": WorkingYearViewSet,
    "office-names": OfficeNameViewSet,
    "programmes": ProgrammeViewSet,
}
