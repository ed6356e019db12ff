"""The households of a list one by one: who is on it and with what evidence, put on, taken out, described."""

from __future__ import annotations

from typing import Any, Literal

from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from households.api import batch_bodies as bodies
from households.api.batch_rows import CandidateShown, DifferenceShown, EntryShown, StayerShown
from households.api.batch_verbs import verb
from households.models import Batch, BatchEntry, Paper
from households.procedures.lists import (
    attachments as papers,
    batches,
    facts,
    rows,
)
from households.procedures.lists.actions import ACTING
from households.procedures.lists.candidates import candidates
from povreg.kit.api.pages import LIMITS
from povreg.kit.views import scoped_or_404
from villages.rights import Right

Given = dict[str, Any]
STATES = [str(state) for state in BatchEntry.State.values]
STATE = OpenApiParameter("state", OpenApiTypes.STR, enum=STATES, description="不给时列全部")
PATH: Literal["path"] = "path"
ENTRY = OpenApiParameter("entry", OpenApiTypes.INT, PATH, description="名单条目 id")


class BatchEntries:
    """Part of the resource of lists."""

    request: Request
    parameters = {"entries": {"state", *LIMITS}, "candidates": set(LIMITS)}
    rights: dict[str, Any] = {
        "add": Right.BATCH_DRAFT,
        "candidates": Right.BATCH_DRAFT,
        "record_stays": Right.BATCH_DRAFT,
        "take_out": ACTING,
        "send_back": ACTING,
        "describe": ACTING,
        "remove_paper": ACTING,
    }

    @extend_schema(responses=EntryShown(many=True), filters=False, parameters=[STATE])
    @action(detail=True)
    def entries(self: Any, request: Request, pk: int) -> Response:
        """The households of a list in the order of the posted one, with what stands for and against each."""
        batch = self.get_object()
        state = request.query_params.get("state", "")
        if state and state not in STATES:
            raise serializers.ValidationError({"state": f"应为 {'、'.join(STATES)} 之一。"})
        page = self.paginate_queryset(rows.entries(request.user, batch, state))
        return self.get_paginated_response(EntryShown(rows.rows(batch, page), many=True).data)

    @extend_schema(responses=CandidateShown(many=True), filters=False)
    @action(detail=True)
    def candidates(self: Any, request: Request, pk: int) -> Response:
        """Households of the village that might be put on the list."""
        page = self.paginate_queryset(candidates(request.user, self.get_object()))
        return self.get_paginated_response(CandidateShown(page, many=True).data)

    @extend_schema(responses=StayerShown(many=True), filters=False)
    @action(detail=True, pagination_class=None)
    def stayers(self: Any, request: Request, pk: int) -> Response:
        """The poor households of the village that are not on the list, with the reason noted and the one suggested."""
        return Response(StayerShown(rows.stayers(request.user, self.get_object()), many=True).data)

    @extend_schema(responses=DifferenceShown(many=True), filters=False, parameters=[ENTRY])
    @action(detail=True, url_path="entries/<int:entry>/differences", pagination_class=None)
    def differences(self: Any, request: Request, pk: int, entry: int) -> Response:
        """What changed of a household since the appraisal."""
        row = self.entry(self.get_object(), entry)
        return Response(DifferenceShown(facts.differences(row), many=True).data)

    def entry(self, batch: Batch, pk: int) -> BatchEntry:
        """An entry of this list. Raises Http404."""
        row: BatchEntry = scoped_or_404(BatchEntry.objects.filter(batch=batch), self.request.user, pk)
        return row

    @verb(bodies.Adding, code="add")
    def add(self, batch: Batch, given: Given) -> None:
        """Put more households on a list that has not left its first step."""
        batches.add_entries(by=self.request.user, batch=batch, household_ids=given["households"])

    @extend_schema(parameters=[ENTRY])
    @verb(bodies.TakingOut, code="entries/<int:entry>/out")
    def take_out(self, batch: Batch, given: Given, entry: int) -> None:
        """Take one household off the list; the others go on."""
        batches.take_out(by=self.request.user, entry=self.entry(batch, entry), **given)

    @extend_schema(parameters=[ENTRY])
    @verb(bodies.Because, code="entries/<int:entry>/back")
    def send_back(self, batch: Batch, given: Given, entry: int) -> None:
        """Send one household back to the village to be put right."""
        batches.send_back(by=self.request.user, entry=self.entry(batch, entry), **given)

    @extend_schema(parameters=[ENTRY])
    @verb(bodies.Described, code="entries/<int:entry>/describe")
    def describe(self, batch: Batch, given: Given, entry: int) -> None:
        """What an inclusion for monitoring (type, risks) or its end (way) will write."""
        batches.describe_entry(by=self.request.user, entry=self.entry(batch, entry), **given)

    @verb(bodies.Staying, code="stay")
    def record_stays(self, batch: Batch, given: Given) -> None:
        """Why households of the village that are not on the list stay in the register this year."""
        reasons = bodies.by_id(given["reasons"], lambda row: (row["reason"], row["note"]), "household")
        batches.record_stay_reasons(by=self.request.user, village=batch.place_id, year=batch.year, reasons=reasons)

    @extend_schema(
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
        parameters=[OpenApiParameter("paper", OpenApiTypes.INT, PATH, description="附件 id")],
    )
    @action(detail=True, url_path="papers/<int:paper>")
    def paper(self: Any, request: Request, pk: int, paper: int) -> FileResponse:
        """A scan or photo, to who may see the list."""
        row = self._paper(self.get_object(), paper)
        return FileResponse(row.file.open("rb"), as_attachment=True, content_type="application/octet-stream")

    def _paper(self, batch: Batch, pk: int) -> Paper:
        row: Paper = scoped_or_404(Paper.objects.filter(batch=batch, removed_at=None), self.request.user, pk)
        return row

    @extend_schema(parameters=[OpenApiParameter("paper", OpenApiTypes.INT, PATH, description="附件 id")])
    @verb(bodies.Because, code="papers/<int:paper>/remove")
    def remove_paper(self, batch: Batch, given: Given, paper: int) -> None:
        """Take a paper off while its step is the current one; file and row stay."""
        papers.remove_paper(by=self.request.user, paper=self._paper(batch, paper), **given)
