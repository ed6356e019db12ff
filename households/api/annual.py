"""Yearly records: list, read, open a year, edit."""

from __future__ import annotations

import django_filters
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from households.api import (
    refusals,  # noqa: F401  makes the refusals of the verbs known
    serializers as shapes,
)
from households.closed.selectors import is_closed
from households.models import AnnualRecord, Household
from households.register import services
from households.register.filters import SurveyYear
from povreg.kit.api import filters
from povreg.kit.api.views import ScopedViewSet
from villages.rights import Right


class AnnualFilter(django_filters.FilterSet):
    place = filters.Place(field_name="village_id")
    household = filters.Whole(field_name="household_id", help_text="户 id")
    year = SurveyYear()


class AnnualViewSet(ListModelMixin, RetrieveModelMixin, ScopedViewSet):
    """What was surveyed of a household for a year (一年一结果)."""

    queryset = AnnualRecord.objects.all()
    serializer_class = shapes.AnnualSerializer
    filterset_class = AnnualFilter
    lookup_value_converter = "int"
    orderings = {"place": ("village_id", "household_id", "-year"), "year": ("year",), "updated": ("updated_at",)}
    rights = {
        "": Right.HOUSEHOLD_VIEW,
        "create": Right.HOUSEHOLD_EDIT,
        "partial_update": Right.HOUSEHOLD_EDIT,
        "copy": Right.HOUSEHOLD_EDIT,
    }

    @extend_schema(request=shapes.NewRecord, responses={201: shapes.AnnualSerializer})
    def create(self, request: Request) -> Response:
        """Open a year with the facts given. 409 when the year has a record already: change that one."""
        given = self.body(shapes.NewRecord)
        household = self.referred(Household.objects, "household", given.pop("household"))
        year, ticks, reason = given.pop("year"), given.pop("confirmed", ()), given.pop("reason", "")
        record = services.edit_annual(
            by=request.user, household=household, year=year, version=None, facts=given, ticks=ticks, reason=reason
        )
        return shown(record, status=201)

    @extend_schema(request=shapes.RecordEdit, responses=shapes.AnnualSerializer)
    def partial_update(self, request: Request, pk: int) -> Response:
        """Change what is given. 409 when somebody saved after ``version`` was read."""
        record = self.get_object()
        given = self.body(shapes.RecordEdit)
        version, ticks, reason = given.pop("version"), given.pop("confirmed", ()), given.pop("reason", "")
        saved = services.edit_annual(
            by=request.user,
            household=record.household,
            year=record.year,
            version=version,
            facts=given,
            ticks=ticks,
            reason=reason,
        )
        return shown(saved)

    @extend_schema(request=shapes.Copying, responses={201: shapes.AnnualSerializer})
    @action(detail=False, methods=["post"])
    def copy(self, request: Request) -> Response:
        """Open a year with last year's record, to be corrected."""
        given = self.body(shapes.Copying)
        household = self.referred(Household.objects, "household", given["household"])
        return shown(services.copy_last_year(by=request.user, household=household, year=given["year"]), status=201)


def shown(record: AnnualRecord, status: int = 200) -> Response:
    """The record as stored now; of a closed year with what came later."""
    stored = record if is_closed(record.village_id, record.year) else AnnualRecord.objects.get(pk=record.pk)
    return Response(shapes.AnnualSerializer(stored).data, status=status)
