"""Filters of the list of households under a name: one's own, and those that offices above share."""

from __future__ import annotations

from typing import Any

import django_filters
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from households.api.narrowing import Narrowing, codes_of, given_of
from households.api.selection import COLUMN_CHOICES
from households.api.serializers import HouseholdSerializer
from households.find import selectors, services
from households.find.filters import list_filters
from households.find.listing import decorate, households_list
from households.models import SavedFilter
from households.register.years import FIRST_YEAR, default_year, years_offered
from povreg.kit.api import filters
from povreg.kit.api.fields import Answer, StrictSerializer, Text
from povreg.kit.api.filters import whole_of
from povreg.kit.api.pages import LIMITS
from povreg.kit.api.views import ScopedViewSet
from villages.rights import Right

YEAR = {"type": "integer", "minimum": FIRST_YEAR, "maximum": years_offered()[0]}


def columns() -> serializers.ListField:
    return serializers.ListField(
        child=serializers.ChoiceField(COLUMN_CHOICES),
        required=False,
        max_length=len(COLUMN_CHOICES),
        help_text="网页上显示的列；不给时为自己现在选的列",
    )


class SavedSerializer(serializers.ModelSerializer):
    filters = serializers.SerializerMethodField()
    columns = serializers.ListField(child=serializers.CharField())
    owner_name = serializers.CharField(source="owner.name")
    mine = serializers.SerializerMethodField(help_text="自己的可以改名、共享和删除")
    shared_in = serializers.CharField(allow_blank=True, help_text="共享给哪里的人（区划代码）；空为没有共享")

    class Meta:
        model = SavedFilter
        fields = ("id", "name", "filters", "columns", "mine", "owner_name", "shared_in", "created_at")
        read_only_fields = fields

    @extend_schema_field(Narrowing)
    def get_filters(self, row: SavedFilter) -> dict[str, Any]:
        return dict(Narrowing(given_of(row.query)).data)

    def get_mine(self, row: SavedFilter) -> bool:
        return row.owner_id == self.context["request"].user.pk


class Naming(StrictSerializer):
    name = Text(max_length=200, help_text=f"最多 {services.LONGEST} 个字")


class Saving(Naming):
    filters = Narrowing()
    columns = columns()
    replace = Answer(required=False, help_text="true：替换同名的筛选")


class Sharing(StrictSerializer):
    on = Answer(help_text="true 共享给自己任职范围内的人，false 停止共享")


class SavedFilterSet(django_filters.FilterSet):
    mine = filters.YesNo(method="is_mine", help_text="true 只列自己的，false 只列别人共享的")

    def is_mine(self, rows: QuerySet, name: str, value: bool) -> QuerySet:
        own = Q(owner=self.request.user)
        return rows.filter(own if value else ~own)


class SavedFilterViewSet(ListModelMixin, RetrieveModelMixin, ScopedViewSet):
    """Saved filters; the year and what is typed into the search box are never part of one."""

    queryset = SavedFilter.objects.all()
    serializer_class = SavedSerializer
    filterset_class = SavedFilterSet
    lookup_value_converter = "int"
    orderings = {"created_at": ("created_at",), "name": ("name",)}
    parameters = {"households": {"year", *LIMITS}}
    rights = {"": Right.HOUSEHOLD_VIEW}

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return SavedFilter.objects.none()
        return selectors.readable_filters(self.request.user).select_related("owner")

    def get_object(self) -> SavedFilter:
        return get_object_or_404(self.get_queryset(), pk=self.kwargs["pk"])

    def own(self) -> SavedFilter:
        """Raises Http404, and PermissionDenied for another's that is shared."""
        row = self.get_object()
        if row.owner_id != self.request.user.pk:
            raise PermissionDenied
        return row

    def shown(self, row: SavedFilter, status: int = 200) -> Response:
        return Response(self.get_serializer(row).data, status=status)

    @extend_schema(request=Saving, responses={201: SavedSerializer})
    def create(self, request: Request) -> Response:
        """Keep a filter under a name."""
        given = self.body(Saving)
        given.setdefault("columns", selectors.chosen_columns(request.user))
        query = codes_of(given.pop("filters"))
        return self.shown(services.save_filter(by=request.user, query=query, **given), status=201)

    @extend_schema(request=Naming, responses=SavedSerializer)
    @action(detail=True, methods=["post"])
    def rename(self, request: Request, pk: int) -> Response:
        """Give one's own filter another name."""
        return self.shown(services.rename_filter(by=request.user, saved=self.own(), **self.body(Naming)))

    @extend_schema(request=Sharing, responses=SavedSerializer)
    @action(detail=True, methods=["post"])
    def share(self, request: Request, pk: int) -> Response:
        """Let the people of one's place use one's filter, or end that; an office's right."""
        return self.shown(services.share_filter(by=request.user, saved=self.own(), **self.body(Sharing)))

    @extend_schema(request=None, responses={204: OpenApiResponse(description="已删除")})
    @action(detail=True, methods=["post"])
    def drop(self, request: Request, pk: int) -> Response:
        """Forget one's filter; no household is touched."""
        services.drop_filter(by=request.user, saved=self.own())
        return Response(status=204)

    @extend_schema(
        responses=HouseholdSerializer(many=True),
        filters=False,
        parameters=[OpenApiParameter("year", YEAR, description="评定年度；不给时为范围内最近有记录的年度")],
    )
    @action(detail=True)
    def households(self, request: Request, pk: int) -> Response:
        """The households that a filter finds inside one's own postings, in the list's order."""
        row = self.get_object()
        asked = "year" in request.query_params
        year = whole_of(request, "year", FIRST_YEAR, years_offered()[0]) if asked else default_year(request.user)
        page = self.paginate_queryset(households_list(request.user, list_filters(row.query), year))
        return self.get_paginated_response(HouseholdSerializer(decorate(page or [], year), many=True).data)
