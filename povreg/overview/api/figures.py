"""Figures in the API: the reports cell by cell, and the summaries that the dashboards read."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from django.http import FileResponse, Http404
from django.urls import reverse
from drf_spectacular.helpers import forced_singular_serializer
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from households.closed.selectors import as_read
from households.eligibility.selectors import covers
from households.figures.dimensions import HOUSEHOLD
from households.figures.parts import OF_PERSON
from households.register.years import FIRST_YEAR, default_year, years_offered
from povreg.kit.api.errors import not_found, refused
from povreg.kit.api.fields import FormWhole, Matching, StrictSerializer
from povreg.kit.api.views import refuse_parameters
from povreg.kit.views import demand, holds
from povreg.overview.dashboard.tallies import counts_of
from povreg.overview.reports.asked import ITEMS, PLACES, Asked
from povreg.overview.reports.columns import SHOWN
from povreg.overview.reports.declared import AMOUNTS, BY_CODE, FILTERS, REPORTS, Report
from povreg.overview.reports.grid import Cell, Grid, Line
from povreg.overview.reports.views import GRIDS, as_workbook
from povreg.overview.reports.words import rule
from villages.api.serializers import PlaceCode
from villages.models import Place
from villages.rights import Right

WORD = r"^[a-z0-9_]{1,30}$"
WRONG = "应为小写字母、数字或下划线，请对照接口说明。"
FILE = "application/octet-stream"
CODE = OpenApiParameter("code", OpenApiTypes.STR, OpenApiParameter.PATH, description="报表代码")


class AskedYear(FormWhole):
    """A survey year in an address."""

    def __init__(self) -> None:
        super().__init__(
            least=FIRST_YEAR, most=years_offered()[0], required=False, help_text="不给时为范围内最近有记录的年度"
        )


class AskedPlace(StrictSerializer):
    place = PlaceCode(required=False, help_text="不给时为自己最大的范围")

    def get_fields(self) -> dict[str, Any]:
        return {**super().get_fields(), "year": AskedYear()}


class AskedReport(AskedPlace):
    rows = Matching(WORD, WRONG, required=False, help_text="行：place 为下级地区，item 为项目，其余见 reports/ 的 rows")
    show = serializers.ChoiceField(
        list(SHOWN.items()), required=False, help_text="数额类报表的行不是项目时，各列显示什么"
    )

    def get_fields(self) -> dict[str, Any]:
        narrowing = {
            code: Matching(r"^[A-Za-z0-9_]{1,30}$", WRONG, required=False, help_text=f"只统计：{HOUSEHOLD[code].label}")
            for code in FILTERS
        }
        return {**super().get_fields(), **narrowing}


class ChoiceShown(serializers.Serializer):
    code = serializers.CharField()
    label = serializers.CharField()


class ReportShown(serializers.Serializer):
    code = serializers.CharField()
    title = serializers.CharField()
    group = serializers.CharField()
    of = serializers.ChoiceField([("household", "户"), ("person", "人")])
    rows = ChoiceShown(many=True)
    filters = serializers.DictField(child=ChoiceShown(many=True), help_text="可以按什么筛选，各有哪些值")


class HeadShown(serializers.Serializer):
    code = serializers.CharField()
    label = serializers.CharField()
    unit = serializers.CharField(help_text="户、人、元、亩、%")


class CellShown(serializers.Serializer):
    value = serializers.CharField(allow_null=True, help_text="文本形式的数；没有可算的为空")
    list = serializers.CharField(allow_blank=True, help_text="背后名单的接口地址；无权查看名单时为空")


class LineShown(serializers.Serializer):
    label = serializers.CharField()
    sub = serializers.CharField(allow_blank=True)
    cells = CellShown(many=True)
    total = CellShown(allow_null=True)


class GridShown(serializers.Serializer):
    code = serializers.CharField()
    title = serializers.CharField()
    place = serializers.CharField()
    year = serializers.IntegerField()
    rows = serializers.CharField(help_text="行是什么")
    rule = serializers.CharField(help_text="口径")
    filters = serializers.DictField(child=serializers.CharField())
    counted_at = serializers.DateTimeField()
    heads = HeadShown(many=True)
    lines = LineShown(many=True)
    total = LineShown()


class Figures(ViewSet):
    """What is counted at a place and year. Raises Http404 outside the caller's places, PermissionDenied without the
    right to figures."""

    def check_permissions(self, request: Request) -> None:
        super().check_permissions(request)
        if self.action:
            demand(request.user, Right.DASHBOARD_VIEW)

    def asked(self, serializer: type[StrictSerializer]) -> dict[str, Any]:
        """The parameters, read as the description says. Raises ValidationError."""
        query = self.request.query_params
        refuse_parameters(self.request, set(serializer().fields))
        read = serializer(data={name: query[name] for name in query})
        read.is_valid(raise_exception=True)
        return dict(read.validated_data)

    def where(self, given: dict[str, Any]) -> tuple[Place, int]:
        """Place and year asked for, or the widest place and the latest year with records."""
        user = self.request.user
        code = given.get("place") or min(user.places_with(Right.DASHBOARD_VIEW), key=len)  # type: ignore[union-attr]
        found = Place.objects.filter(pk=code, level__lte=Place.Level.VILLAGE).first()
        if found is None or not covers(user, Right.DASHBOARD_VIEW, code):
            raise not_found("place", "没有找到，或不在您负责的范围内，请核对。")
        return found, given.get("year") or default_year(user)


class ReportViewSet(Figures):
    """The reports of the county, as their pages show them."""

    lookup_field = "code"
    lookup_value_converter = "slug"

    @extend_schema(responses=ReportShown(many=True))
    def list(self, request: Request) -> Response:
        """Which reports there are, and how each can be asked for."""
        refuse_parameters(request, set())
        return Response([ReportShown(described(report)).data for report in REPORTS])

    @extend_schema(parameters=[CODE, AskedReport], responses=GridShown)
    def retrieve(self, request: Request, code: str) -> Response:
        """One report: the cells of the page, each with the address of the list behind it."""
        asked = self.wanted(code)
        return Response(GridShown(as_data(asked, GRIDS[asked.report.kind](asked, request.user))).data)

    @extend_schema(parameters=[CODE, AskedReport], responses={(200, FILE): OpenApiTypes.BINARY})
    @action(detail=True)
    def sheet(self, request: Request, code: str) -> FileResponse:
        """The report as a workbook, as its page offers it."""
        answer = as_workbook(self.wanted(code), request.user)
        answer.headers["Content-Type"] = FILE
        return answer

    def wanted(self, code: str) -> Asked:
        """The report as the address asks for it. Raises Http404 for one that is none, Refused (404, 422)."""
        report = BY_CODE.get(code)
        if report is None:
            raise Http404
        given = self.asked(AskedReport)
        place, year = self.where(given)
        return Asked(
            report=report,
            place=place,
            year=as_read(year, place.pk),
            rows=_rows(report, given.get("rows", "")),
            show=given.get("show", next(iter(SHOWN))) if report.kind == AMOUNTS else "",
            filters=_filters(given),
            linked=holds(self.request.user, Right.HOUSEHOLD_VIEW, place.pk),
        )


def rows_of(report: Report) -> list[dict[str, str]]:
    """What may stand in the rows of a report; the first is the one it stands on unless asked otherwise."""
    items = [{"code": ITEMS, "label": "项目"}] if report.kind == AMOUNTS else []
    across = [{"code": each.code, "label": each.label} for each in report.across]
    return [*items, {"code": PLACES, "label": "下级地区"}, *across]


def described(report: Report) -> dict[str, Any]:
    filters = {
        code: [{"code": bucket, "label": label} for bucket, label in HOUSEHOLD[code].names().items()]
        for code in FILTERS
    }
    whom = "person" if report.of == OF_PERSON else "household"
    return {"code": report.code, "title": report.title, "group": report.group, "of": whom,
            "rows": rows_of(report), "filters": filters}  # fmt: skip


def _rows(report: Report, wanted: str) -> str:
    """Raises Refused (422) for rows that the report does not have."""
    known = [each["code"] for each in rows_of(report)]
    if wanted and wanted not in known:
        raise refused("rows", f"这张报表的行只能是 {'、'.join(known)}。")
    return wanted or known[0]


def _filters(given: dict[str, Any]) -> dict[str, str]:
    """Raises Refused (422) for a value that a filter does not have."""
    chosen = {code: given[code] for code in FILTERS if code in given}
    for code, bucket in chosen.items():
        if bucket not in HOUSEHOLD[code].names():
            raise refused(code, f"“{HOUSEHOLD[code].label}”没有这个值，请对照 reports/ 的 filters。")
    return chosen


def as_data(asked: Asked, grid: Grid) -> dict[str, Any]:
    """The table of the page, with addresses of the API."""
    return {
        "code": asked.report.code,
        "title": asked.report.title,
        "place": asked.place.pk,
        "year": asked.year,
        "rows": asked.rows,
        "rule": rule(asked),
        "filters": asked.filters,
        "counted_at": grid.at,
        "heads": grid.heads,
        "lines": [_line(line) for line in grid.lines],
        "total": _line(grid.total),
    }


def _line(line: Line) -> dict[str, Any]:
    return {
        "label": line.label,
        "sub": line.sub,
        "cells": [_cell(cell) for cell in line.cells],
        "total": _cell(line.total) if line.total else None,
    }


def _cell(cell: Cell) -> dict[str, Any]:
    """A cell leads to the list of the API that its page's list is: of people or of households."""
    value = None if cell.value is None else f"{cell.value:f}" if isinstance(cell.value, Decimal) else str(cell.value)
    page = urlsplit(cell.url)
    lists = reverse("api:members-list" if page.path == reverse("people") else "api:households-list")
    return {"value": value, "list": f"{lists}?{page.query}" if page.query else ""}


class TallyShown(serializers.Serializer):
    measure = serializers.CharField()
    bucket = serializers.CharField()
    poor = serializers.BooleanField(help_text="贫困村的")
    households = serializers.IntegerField()
    people = serializers.IntegerField()
    amount = serializers.DecimalField(18, 2, allow_null=True)


class SummaryShown(serializers.Serializer):
    place = serializers.CharField()
    year = serializers.IntegerField()
    as_of = serializers.DateTimeField(allow_null=True, help_text="最后一次评定")
    figures = TallyShown(many=True, help_text="figure=measure.bucket 是背后的户")


class SummaryViewSet(Figures):
    """What the recompute counted of a place and year: the figures of the dashboard."""

    @extend_schema(parameters=[AskedPlace], responses=forced_singular_serializer(SummaryShown))
    def list(self, request: Request) -> Response:
        """Households and people by measure and bucket, poor villages apart from the others."""
        place, year = self.where(self.asked(AskedPlace))
        counts = counts_of(place.pk, year)
        names = ("measure", "bucket", "poor", "households", "people", "amount")
        figures = [dict(zip(names, (*key, *sums), strict=True)) for key, sums in sorted(counts.rows.items())]
        shown = {"place": place.pk, "year": year, "as_of": counts.as_of, "figures": figures}
        return Response(SummaryShown(shown).data)


RESOURCES = {"reports": ReportViewSet, "summaries": SummaryViewSet}
