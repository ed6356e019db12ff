"""Lists: drafted, filled, taken through their steps by the verbs of the pages."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Count, Q
from drf_spectacular.utils import extend_schema
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from households.api import (
    batch_bodies as bodies,
    refusals,  # noqa: F401  makes the refusals of the verbs known
)
from households.api.batch_bulk import BatchBulk
from households.api.batch_entries import BatchEntries
from households.api.batch_rows import BatchDetail, BatchSerializer, in_full
from households.api.batch_steps import BatchSteps
from households.models import Batch, ProcedureTemplate
from households.procedures.engine.filters import KindChoice
from households.procedures.engine.procedure import kind_choices
from households.procedures.lists import batches
from households.procedures.lists.looked import look
from households.register.filters import SurveyYear
from povreg.kit.api import filters
from povreg.kit.api.views import ScopedViewSet
from povreg.kit.views import demand
from villages.models import Place
from villages.rights import Right


class BatchFilter(django_filters.FilterSet):
    place = filters.Place(field_name="place_id")
    kind = KindChoice(choices=kind_choices)
    year = SurveyYear()
    state = filters.Choice(choices=Batch.State.choices)
    step = filters.Word(field_name="step__code", most=30, help_text="当前步骤的代码")
    overdue_on = filters.Day(field_name="due_on", lookup_expr="lt", help_text="期限早于这一天的")


class BatchViewSet(BatchSteps, BatchEntries, BatchBulk, ListModelMixin, RetrieveModelMixin, ScopedViewSet):
    """Lists of households of one kind, village and year, and where they stand."""

    queryset = Batch.objects.select_related("step", "template", "place", "created_by").annotate(
        households=Count("entries", filter=Q(entries__state="listed"))
    )
    serializer_class = BatchSerializer
    filterset_class = BatchFilter
    lookup_value_converter = "int"
    orderings = {"place": ("place_id", "kind", "-year"), "year": ("year",), "due_on": ("due_on",)}
    parameters = BatchEntries.parameters
    rights = {
        "": Right.BATCH_VIEW,
        "create": Right.BATCH_DRAFT,
        **BatchSteps.rights,
        **BatchEntries.rights,
        **BatchBulk.rights,
    }

    def shown(self, batch: Batch, status: int = 200) -> Response:
        """The list as it is now, with what its next step asks for."""
        row = BatchViewSet.queryset.get(pk=batch.pk)
        return Response(BatchDetail(in_full(self.request.user, row)).data, status=status)

    @extend_schema(responses=BatchDetail)
    def retrieve(self, request: Request, pk: int) -> Response:
        """One list: its steps, what the current one still lacks, and in ``allowed`` what the caller may do. That
        somebody who decides has read it is noted."""
        row = self.get_object()
        look(request.user, row)
        return self.shown(row)

    @extend_schema(request=bodies.NewBatch, responses={201: BatchDetail})
    def create(self, request: Request) -> Response:
        """Draft a list."""
        given = self.body(bodies.NewBatch)
        village = self.referred(Place.objects, "village", given.pop("village"))
        demand(request.user, Right.BATCH_DRAFT, village.code)
        batch = batches.draft_batch(
            by=request.user,
            village=village.code,
            household_ids=given.pop("households", ()),
            template=self._template(given),
            **given,
        )
        return self.shown(batch, status=201)

    def _template(self, given: dict[str, Any]) -> ProcedureTemplate | None:
        chosen = given.pop("template", None)
        return None if chosen is None else self.visible(ProcedureTemplate.objects, "template", chosen)
