"""What is done with many lists at once: each is judged for itself, long work is a job."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from households.api.batch_bodies import DRAFTED, MANY, Announcing, ids, optional
from households.api.serializers import Year
from households.models.template import StepKind
from households.procedures.lists import jobs, reviews
from households.procedures.lists.actions import REVIEWING
from povreg.kit.api.fields import RowId, StrictSerializer
from villages.api.serializers import PlaceCode
from villages.models import Place
from villages.rights import Right

REVIEWS = [(str(kind), str(kind.label)) for kind in (StepKind.TOWNSHIP_REVIEW, StepKind.COUNTY_REVIEW)]


class PostingAll(Announcing):
    place = PlaceCode()
    kind = serializers.ChoiceField(DRAFTED)
    year = Year()


class ApprovingMany(StrictSerializer):
    batches = ids(min_length=1, help_text=f"名单 id，至多 {MANY} 份")
    place = PlaceCode(help_text="这些名单所在的县")
    board = optional(80, help_text="公告还没有发布时的张贴地点")
    hotline = optional(40)


class ReviewingMany(StrictSerializer):
    batches = serializers.ListField(child=RowId(), min_length=1, max_length=200)
    kind = serializers.ChoiceField(REVIEWS)
    remark = optional(500)


class Launched(serializers.Serializer):
    job = serializers.UUIDField(help_text="任务：jobs/{id}/")


class ReviewedShown(serializers.Serializer):
    batch = serializers.IntegerField()
    refused = serializers.CharField(allow_blank=True, help_text="没有通过的原因；空为已通过")


class BatchBulk:
    """Part of the resource of lists."""

    request: Request
    rights: dict[str, Any] = {
        "post_all": Right.NOTICE_POST,
        "approve_many": Right.COUNTY_REVIEW,
        "review_many": REVIEWING,
    }

    @extend_schema(request=PostingAll, responses={202: Launched})
    @action(detail=False, methods=["post"], url_path="post-all")
    def post_all(self: Any, request: Request) -> Response:
        """Put up every list of a kind and year under a place that waits for its notice, as a job."""
        given = self.body(PostingAll)
        place = self.at(given.pop("place"))
        job = jobs.launch_post(by=request.user, place=place.code, **given)
        return Response(Launched({"job": job.pk}).data, status=202)

    @extend_schema(request=ApprovingMany, responses={202: Launched})
    @action(detail=False, methods=["post"], url_path="approve-many")
    def approve_many(self: Any, request: Request) -> Response:
        """Approve many lists, each in a transaction of its own, as a job; its report says which were refused. A list
        that nobody has read at this step is."""
        given = self.body(ApprovingMany)
        place = self.at(given.pop("place"))
        job = jobs.launch_approve(by=request.user, batch_ids=given.pop("batches"), place=place.code, **given)
        return Response(Launched({"job": job.pk}).data, status=202)

    def at(self: Any, code: str) -> Place:
        """A place inside the scope where the caller holds the action's right."""
        place: Place = self.visible(Place.objects, "place", code)
        self.demand_right(place.code)
        return place

    @extend_schema(request=ReviewingMany, responses=ReviewedShown(many=True), filters=False)
    @action(detail=False, methods=["post"], url_path="review-many", pagination_class=None)
    def review_many(self: Any, request: Request) -> Response:
        """Pass many lists as they are, each for itself; lists outside the scope are left out of the answer. One that
        nobody has read at this step is refused."""
        given = self.body(ReviewingMany)
        found = reviews.review_many(by=request.user, batch_ids=given.pop("batches"), **given)
        rows = [{"batch": pk, "refused": refused} for pk, refused in found]
        return Response(ReviewedShown(rows, many=True).data)
