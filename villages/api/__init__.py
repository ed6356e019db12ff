"""Places, standards and tokens in the API."""

from __future__ import annotations

from typing import Any

import django_filters
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from povreg.kit.api import filters
from povreg.kit.api.errors import Answer, Refused
from povreg.kit.api.policy import SignedIn, TokenThrottle
from povreg.kit.api.views import ScopedViewSet, refuse_parameters
from povreg.kit.pages.api import Listed
from povreg.kit.throttle import address_of
from povreg.kit.views import demand
from villages.api import (
    access as api_access,
    accounts as api_accounts,
    messages as api_messages,
    periods as api_periods,
    units as api_units,
    village_files as api_village_files,
)
from villages.api.places import CODE, PlaceDecisions
from villages.api.serializers import (
    Correction,
    Credentials,
    LineSerializer,
    NewLine,
    NewPlace,
    NewSet,
    PlaceSerializer,
    Reason,
    Renaming,
    SetSerializer,
    TokenSerializer,
    params_of,
)
from villages.models import ApiToken, CriteriaSet, Place, PovertyLine
from villages.people import api_schemes  # noqa: F401  names the ways to sign in
from villages.people.api_sign_in import BearerToken
from villages.people.tokens import FACTOR_FIRST, PASSWORD_FIRST, issue_token, revoke_token
from villages.places import services as places
from villages.places.selectors import LEVELS
from villages.rights import Right
from villages.standards import services as standards
from villages.standards.lists import LINES, SETS


class PlaceFilter(django_filters.FilterSet):
    place = filters.Place(field_name="code")
    parent = filters.Word(field_name="parent_id", pattern=filters.PLACE, help_text="上级的代码")
    level = filters.Choice(method="of_level", choices=[(name, name) for name in LEVELS])
    name = filters.Word(field_name="short_name", lookup_expr="contains", help_text="名称的一部分")
    retired = filters.YesNo(method="is_retired", help_text="true 只列已撤销的，false 只列现行的")

    def of_level(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(level=LEVELS[value])

    def is_retired(self, rows: QuerySet, name: str, value: bool) -> QuerySet:
        return rows.filter(retired_on__isnull=not value)


class PlaceViewSet(PlaceDecisions, ListModelMixin, RetrieveModelMixin, ScopedViewSet):
    """Places inside one's postings."""

    queryset = Place.objects.all()
    serializer_class = PlaceSerializer
    filterset_class = PlaceFilter
    lookup_field = "code"
    lookup_value_converter = "int"
    orderings = {"code": ("code",), "name": ("short_name",)}
    rights = {"create": Right.PLACE_EDIT, "rename": Right.PLACE_EDIT, **PlaceDecisions.rights}

    def row(self, rows: Any, pk: Any) -> Place:
        place: Place = super().row_without_right(rows, str(pk))
        if self.right():
            demand(self.request.user, self.right(), place.code)
        return place

    @extend_schema(parameters=[CODE])
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().retrieve(request, *args, **kwargs)

    @extend_schema(request=NewPlace, responses={201: PlaceSerializer})
    def create(self, request: Request) -> Response:
        """Add a village under a township, or a group under a village."""
        given = self.body(NewPlace)
        parent = self.referred(Place.objects.all(), "parent", given["parent"])
        if parent.level == Place.Level.VILLAGE:
            row = places.add_group(by=request.user, village=parent.code, name=given["name"])
        else:
            code = given.get("code", "")
            row = places.add_village(by=request.user, township=parent.code, code=code, name=given["name"])
        return Response(PlaceSerializer(row).data, status=201)

    @extend_schema(parameters=[CODE], request=Renaming, responses=PlaceSerializer)
    @action(detail=True, methods=["post"])
    def rename(self, request: Request, code: int) -> Response:
        """Give a place a new name by a decision."""
        place = self.get_object()
        places.rename_place(by=request.user, place=place.code, **self.body(Renaming))
        return Response(PlaceSerializer(self.get_object()).data)


class LineViewSet(RetrieveModelMixin, Listed):
    """Poverty lines that hold for one's places: the country's, those above and below."""

    queryset = PovertyLine.objects.all()
    serializer_class = LineSerializer
    listing = LINES
    lookup_value_converter = "int"
    rights = {
        "": Right.STANDARD_VIEW,
        "create": Right.STANDARD_EDIT,
        "correct": Right.STANDARD_EDIT,
        "withdraw": Right.STANDARD_EDIT,
    }

    def row(self, rows: Any, pk: Any) -> PovertyLine:
        line: PovertyLine = super().row_without_right(rows, pk)
        if self.right() is not Right.STANDARD_VIEW:
            demand(self.request.user, self.right(), line.place_id or "")
        return line

    @extend_schema(request=NewLine, responses={201: LineSerializer})
    def create(self, request: Request) -> Response:
        """Publish a line for one's own place."""
        given = self.body(NewLine)
        place = self.referred(Place.objects.all(), "place", given.pop("place"))
        line = standards.add_line(by=request.user, place=place, **given)
        return Response(LineSerializer(line).data, status=201)

    @extend_schema(request=Correction, responses=LineSerializer)
    @action(detail=True, methods=["post"])
    def correct(self, request: Request, pk: int) -> Response:
        """Withdraw a line and publish the right one in its place; answers with the new one."""
        line = self.get_object()
        return Response(
            LineSerializer(standards.correct_line(by=request.user, line=line, **self.body(Correction))).data
        )

    @extend_schema(request=Reason, responses=LineSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: int) -> Response:
        """Take a line back."""
        line = self.get_object()
        return Response(LineSerializer(standards.withdraw_line(by=request.user, line=line, **self.body(Reason))).data)


class SetViewSet(RetrieveModelMixin, Listed):
    """Criteria sets that hold for one's places, every version."""

    queryset = CriteriaSet.objects.all()
    serializer_class = SetSerializer
    listing = SETS
    lookup_value_converter = "int"
    rights = {"": Right.STANDARD_VIEW, "create": Right.STANDARD_EDIT, "withdraw": Right.STANDARD_EDIT}

    def row(self, rows: Any, pk: Any) -> CriteriaSet:
        row: CriteriaSet = super().row_without_right(rows, pk)
        if self.right() is not Right.STANDARD_VIEW:
            demand(self.request.user, self.right(), row.place_id or "")
        return row

    @extend_schema(request=NewSet, responses={201: SetSerializer})
    def create(self, request: Request) -> Response:
        """Publish a set of criteria as the next version of its name at one's own place."""
        given = self.body(NewSet)
        place = self.referred(Place.objects.all(), "place", given.pop("place"))
        row = standards.publish_set_version(by=request.user, place=place, params=params_of(given), **given)
        return Response(SetSerializer(row).data, status=201)

    @extend_schema(request=Reason, responses=SetSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: int) -> Response:
        """Stop using a set; places fall to the next one that holds."""
        row = standards.withdraw_set(by=request.user, criteria_set=self.get_object(), **self.body(Reason))
        return Response(SetSerializer(row).data)


TOKEN: Any = [{"token": []}]  # a requirement of OpenAPI; the annotation of extend_schema knows names only


class TokenView(APIView):
    """Tokens: get one with one's password, give it back."""

    throttle_classes = [TokenThrottle]
    authentication_classes = [BearerToken]

    def get_permissions(self) -> list[Any]:
        return [SignedIn()] if self.request and self.request.method == "DELETE" else [AllowAny()]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if request.method in ("POST", "DELETE"):
            refuse_parameters(request, set())

    @extend_schema(request=Credentials, responses={201: TokenSerializer}, auth=[])
    def post(self, request: Request) -> Response:
        """A token for username and password; it is shown this once and lives twelve hours.

        Wrong passwords count and delay as on the login page (401).
        """
        read = Credentials(data=request.data)
        read.is_valid(raise_exception=True)
        try:
            token, row = issue_token(**read.validated_data, address=address_of(request))
        except ValidationError as refusal:
            raise Refused(refused_sign_in(refusal)) from refusal
        return Response(TokenSerializer({"token": token, "expires_at": row.expires_at}).data, status=201)

    @extend_schema(request=None, responses={204: OpenApiResponse(description="已收回")}, auth=TOKEN)
    def delete(self, request: Request) -> Response:
        """Give back the token of this request."""
        assert isinstance(request.auth, ApiToken)
        revoke_token(by=request.user, token=request.auth)
        return Response(status=204)


def refused_sign_in(refusal: ValidationError) -> Answer:
    """403 while the password is an initial one or the second factor is lacking, else 401 in the login page's words."""
    message = "；".join(refusal.messages)
    code = getattr(refusal, "code", "")
    if code in (PASSWORD_FIRST, FACTOR_FIRST):
        return Answer(403, code, message)
    return Answer(401, "authentication_failed", message, headers={"WWW-Authenticate": 'Bearer realm="povreg"'})


RESOURCES = {
    "places": PlaceViewSet,
    "standards": LineViewSet,
    "criteria-sets": SetViewSet,
    **api_access.RESOURCES,
    **api_accounts.RESOURCES,
    **api_messages.RESOURCES,
    **api_periods.RESOURCES,
    **api_units.RESOURCES,
    **api_village_files.RESOURCES,
}
