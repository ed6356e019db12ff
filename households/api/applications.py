"""Applications of households before any list, and the visits that follow them."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.mixins import RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from households.api import (
    batch_bodies as bodies,
    refusals,  # noqa: F401  makes the refusals of the verbs known
)
from households.api.serializers import Year
from households.models import Application, Household, Survey, Surveyor
from households.procedures.applications import selectors as application_reads, services as applications
from households.procedures.applications.lists import APPLICATIONS
from households.procedures.engine.procedure import shipped
from povreg.kit.api.fields import Answer, Day, RowId, StrictSerializer, Text
from povreg.kit.pages.api import Listed
from villages.rights import Right

ENDS = [(str(each), str(each.label)) for each in (Application.State.DECLINED, Application.State.WITHDRAWN)]


class SurveyorShown(serializers.ModelSerializer):
    class Meta:
        model = Surveyor
        fields = ("name", "signed_on", "is_representative")
        read_only_fields = fields


class SurveyShown(serializers.ModelSerializer):
    surveyors = SurveyorShown(many=True)

    class Meta:
        model = Survey
        fields = ("id", "surveyed_on", "finding", "note", "household_signed", "read_back", "surveyors")
        read_only_fields = fields


class ApplicationSerializer(serializers.ModelSerializer):
    village = serializers.CharField(source="village_id")

    class Meta:
        model = Application
        fields: tuple[str, ...] = (
            "id", "kind", "household", "village", "year", "applied_on", "reason", "by_proxy", "proxy_name",
            "proxy_relation", "thumbprint", "authorised_on", "state", "state_reason", "batch", "at",
        )  # fmt: skip
        read_only_fields = fields


class ApplicationDetail(ApplicationSerializer):
    surveys = SurveyShown(many=True)

    class Meta(ApplicationSerializer.Meta):
        fields = (*ApplicationSerializer.Meta.fields, "surveys")
        read_only_fields = fields


class Proxy(StrictSerializer):
    """Who applies for a household that cannot do so itself."""

    name = Text(max_length=40)
    relation = Text(max_length=40, help_text="与申请人的关系")
    thumbprint = Answer(help_text="申请书由申请人按手印")


class NewApplication(StrictSerializer):
    household = RowId()
    kind = serializers.ChoiceField([(str(each.kind), each.label) for each in shipped() if each.applied_for])
    year = Year()
    applied_on = Day()
    reason = Text(max_length=300)
    authorised_on = Day(required=False, help_text="承诺授权日期；纳入监测必填")
    proxy = Proxy(required=False)


class Ending(StrictSerializer):
    state = serializers.ChoiceField(ENDS)
    reason = Text(max_length=200)


class ApplicationViewSet(RetrieveModelMixin, Listed):
    """Who asked to be listed for what, and what became of it."""

    queryset = Application.objects.all()
    serializer_class = ApplicationSerializer
    listing = APPLICATIONS
    lookup_value_converter = "int"
    orderings = {"applied_on": ("applied_on",), "place": ("village_id", "household_id")}
    rights = {
        "": Right.BATCH_VIEW,
        "create": Right.BATCH_DRAFT,
        "close": Right.BATCH_DRAFT,
        "survey": Right.STEP_RECORD,
    }

    def shown(self, row: Application, status: int = 200) -> Response:
        fresh = Application.objects.get(pk=row.pk)
        fresh.surveys = application_reads.surveys(self.request.user, fresh)  # type: ignore[attr-defined]
        return Response(ApplicationDetail(fresh).data, status=status)

    @extend_schema(responses=ApplicationDetail)
    def retrieve(self, request: Request, pk: int) -> Response:
        """One application with the visits that followed it."""
        return self.shown(self.get_object())

    @extend_schema(request=NewApplication, responses={201: ApplicationDetail})
    def create(self, request: Request) -> Response:
        """Note an application."""
        given = self.body(NewApplication)
        household = self.referred(Household.objects, "household", given.pop("household"))
        proxy = applications.Proxy(**given.pop("proxy")) if "proxy" in given else None
        return self.shown(applications.apply(by=request.user, household=household, proxy=proxy, **given), status=201)

    @extend_schema(request=Ending, responses=ApplicationDetail)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: int) -> Response:
        """Decline an open application, or note that it was withdrawn."""
        row = self.get_object()
        return self.shown(applications.close_application(by=request.user, application=row, **self.body(Ending)))

    @extend_schema(request=bodies.Visit, responses=ApplicationDetail)
    @action(detail=True, methods=["post"])
    def survey(self, request: Request, pk: int) -> Response:
        """Note a visit for the application."""
        row = self.get_object()
        facts = bodies.visit(self.body(bodies.Visit))
        applications.record_survey(by=request.user, household=row.household, kind=row.kind, year=row.year, **facts)
        return self.shown(row)
