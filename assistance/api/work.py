"""Work spells and posts: read as the lists show them; spells begin and end, posts are published by the verbs."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.mixins import RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from assistance.models import WorkPost, WorkSpell
from assistance.models.work import Channel, Sector
from assistance.work import services
from assistance.work.lists import POSTS, SPELLS
from households.models import Member
from povreg.kit.api.fields import Amount, Day, RowId, RowSerializer, StrictSerializer, Text
from povreg.kit.pages.api import Listed
from villages.rights import Right


class SpellSerializer(RowSerializer):
    village = serializers.CharField(source="village_id")

    class Meta:
        model = WorkSpell
        fields = (
            "id", "member", "household", "village", "since", "until", "where", "place_name", "employer", "sector",
            "wage", "channel", "has_contract", "point_to_point", "seen_month", "ended_why",
        )  # fmt: skip
        read_only_fields = fields


class NewSpell(StrictSerializer):
    member = RowId(help_text="人 id")
    since = Day()
    place_name = Text(max_length=60, required=False)
    employer = Text(max_length=80, required=False)
    sector = serializers.ChoiceField(Sector.choices, required=False)
    channel = serializers.ChoiceField(Channel.choices, required=False)
    wage = Amount(max_digits=12, decimal_places=2, required=False, allow_null=True, help_text="月工资，元")


class SpellEnding(StrictSerializer):
    until = Day()
    why = serializers.ChoiceField(WorkSpell.Ended.choices)


class WorkViewSet(RetrieveModelMixin, Listed):
    """Who works where, since when; a lost job raises a lead."""

    queryset = WorkSpell.objects.all()
    listing = SPELLS
    serializer_class = SpellSerializer
    lookup_value_converter = "int"
    rights = {"": Right.HOUSEHOLD_VIEW, "create": Right.HOUSEHOLD_EDIT, "end": Right.HOUSEHOLD_EDIT}

    @extend_schema(request=NewSpell, responses={201: SpellSerializer})
    def create(self, request: Request) -> Response:
        """Note that somebody works."""
        given = self.body(NewSpell)
        member = self.referred(Member.objects, "member", given.pop("member"))
        return Response(SpellSerializer(services.begin_work(by=request.user, member=member, **given)).data, status=201)

    @extend_schema(request=SpellEnding, responses=SpellSerializer)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: int) -> Response:
        """Note that a spell ended."""
        row = services.end_work(by=request.user, spell=self.get_object(), **self.body(SpellEnding))
        return Response(SpellSerializer(row).data)


class PostViewSet(Listed):
    """Posts on offer."""

    queryset = WorkPost.objects.all()
    listing = POSTS


RESOURCES = {"work": WorkViewSet, "work-posts": PostViewSet}
