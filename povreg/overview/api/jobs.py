"""Exports and jobs in the API, and the table of all its addresses."""

from __future__ import annotations

from uuid import UUID

import django_filters
from django.db.models import QuerySet
from django.http import FileResponse, Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from households.api.serializers import Year
from households.eligibility.services import recompute_place
from households.sheets import services as sheets
from households.sheets.layouts import EXPORTED
from povreg.jobs import services as jobs
from povreg.jobs.models import Job
from povreg.kit.api import (
    filters,
    schema,  # noqa: F401  makes its descriptions of fields known
)
from povreg.kit.api.errors import Answer, Refused
from povreg.kit.api.fields import Answer as YesNo, StrictSerializer, Text
from povreg.kit.api.views import ScopedViewSet
from povreg.kit.views import demand
from povreg.overview.jobs.selectors import may_download, may_steer, seconds_left, visible_jobs
from villages.api.serializers import PlaceCode
from villages.models import Place
from villages.rights import Right

LAYOUT_CHOICES = [(layout.code, layout.label) for layout in EXPORTED.values()]


class JobSerializer(serializers.ModelSerializer):
    owner = serializers.IntegerField(source="owner_id", allow_null=True, help_text="发起人的账号 id")
    place = serializers.CharField(source="place_code", allow_blank=True)
    seconds_left = serializers.SerializerMethodField()
    has_result = serializers.BooleanField(source="result_file", help_text="有结果文件可下载（限发起人）")
    report = serializers.DictField(help_text="结果，各种任务不同")

    class Meta:
        model = Job
        fields = ("id", "kind", "title", "owner", "place", "status", "expected", "done", "changed", "seconds_left",
                  "message", "error", "report", "has_result", "created_at", "started_at", "ended_at")  # fmt: skip
        read_only_fields = fields

    def get_seconds_left(self, job: Job) -> int | None:
        return seconds_left(job)


class JobFilter(django_filters.FilterSet):
    place = filters.Place(field_name="place_code")
    kind = filters.Word(pattern=r"^[a-z][a-z0-9_-]*$")
    status = filters.Choice(choices=Job.Status.choices)


class JobViews(ListModelMixin, RetrieveModelMixin, ScopedViewSet):
    """What one does with any job."""

    queryset = Job.objects.all()
    serializer_class = JobSerializer
    filterset_class = JobFilter
    lookup_value_converter = "uuid"
    orderings = {"created_at": ("created_at",)}

    def get_queryset(self) -> QuerySet[Job]:
        fake = getattr(self, "swagger_fake_view", False)
        return Job.objects.none() if fake else visible_jobs(self.request.user)

    def get_object(self) -> Job:
        job = self.get_queryset().filter(pk=self.kwargs["pk"]).first()
        if job is None:
            raise Http404
        return job

    def steered(self) -> Job:
        """The job, if the person may cancel or repeat it. Raises PermissionDenied."""
        job = self.get_object()
        if not may_steer(self.request.user, job):
            self.permission_denied(self.request)
        return job

    @extend_schema(request=None, responses=JobSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: UUID) -> Response:
        """Stop a job that has not ended; 409 for one that has."""
        job = self.steered()
        if not jobs.cancel(by=request.user, job=job):
            raise Refused(Answer(409, "conflict", "任务已经结束，不能再取消。"))
        return Response(JobSerializer(self.get_object()).data)

    @extend_schema(request=None, responses=JobSerializer)
    @action(detail=True, methods=["post"])
    def retry(self, request: Request, pk: UUID) -> Response:
        """Repeat a failed or cancelled job; 409 for any other."""
        job = self.steered()
        if not jobs.retry(by=request.user, job=job):
            raise Refused(Answer(409, "conflict", "只有失败或已取消的任务可以重试。"))
        return Response(JobSerializer(self.get_object()).data)

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    @action(detail=True)
    def result(self, request: Request, pk: UUID) -> FileResponse:
        """The result file, for the job's owner while he holds the right it was made with."""
        job = self.get_object()
        if not may_download(request.user, job):
            raise Http404
        return FileResponse(
            job.result_file.open("rb"),
            as_attachment=True,
            filename=job.result_name,
            content_type="application/octet-stream",
        )


class NewJob(StrictSerializer):
    """A recompute; exports and imports are asked for at their own addresses."""

    kind = serializers.ChoiceField([("recompute", "重新评定")])
    place = PlaceCode()
    year = Year()


class JobViewSet(JobViews):
    """One's own jobs, and those of one's places where the role grants it."""

    rights = {"create": Right.RECOMPUTE}

    @extend_schema(request=NewJob, responses={202: JobSerializer})
    def create(self, request: Request) -> Response:
        """Judge a place anew for a year: ask ``jobs/{id}/`` until it is ``done``. While such a job waits or runs, the
        answer is that one."""
        given = self.body(NewJob)
        place = self.visible(Place.objects, "place", given["place"])
        self.demand_right(place.code)
        job = recompute_place(by=request.user, place=place, year=given["year"])
        return Response(JobSerializer(Job.objects.get(pk=job.pk)).data, status=202)


class NewExport(StrictSerializer):
    layout = serializers.ChoiceField(LAYOUT_CHOICES)
    place = PlaceCode()
    year = Year(required=False, help_text="年度表要填")
    unmasked = YesNo(required=False, help_text="导出完整号码：要有权限和理由，记入日志")
    reason = Text(max_length=200, required=False, allow_blank=True)


class ExportFilter(django_filters.FilterSet):
    place = filters.Place(field_name="place_code")
    status = filters.Choice(choices=Job.Status.choices)


class ExportViewSet(JobViews):
    """One's own exports: ask for one, watch it, fetch the file."""

    filterset_class = ExportFilter
    http_method_names = ["get", "post", "options"]
    rights = {"": Right.EXPORT}

    def get_queryset(self) -> QuerySet[Job]:
        return super().get_queryset().filter(owner=self.request.user.pk, kind=sheets.EXPORT)

    @extend_schema(request=NewExport, responses={201: JobSerializer})
    def create(self, request: Request) -> Response:
        """Start an export; ask its address until ``status`` is ``done``, then fetch ``result``."""
        given = self.body(NewExport)
        place = self.referred(Place.objects, "place", given.pop("place"))
        demand(request.user, Right.EXPORT, place.code)
        job = sheets.request_export(by=request.user, place=place, **given)
        return Response(JobSerializer(Job.objects.get(pk=job.pk)).data, status=201)


RESOURCES = {"exports": ExportViewSet, "jobs": JobViewSet}
