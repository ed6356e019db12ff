"""What an office decides about places, and what it knows of a village."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from povreg.kit.api.errors import refused
from povreg.kit.api.fields import Day, Facts, StrictSerializer, Text, Whole
from villages.api.serializers import Labels, PlaceCode
from villages.models import Place, PlaceChange, VillageProfile
from villages.places import mergers, selectors, services
from villages.rights import Right

CODE = OpenApiParameter("code", OpenApiTypes.INT, OpenApiParameter.PATH, description="区划代码")
MOST = 2_000_000
MANY = 50


class ProfileSerializer(serializers.ModelSerializer):
    village = serializers.CharField(source="village_id")
    version = serializers.IntegerField(help_text="0 为还没有登记")
    labels = Labels()

    class Meta:
        model = VillageProfile
        fields = ("village", "version", *services.PROFILE_FIELDS, "labels")
        read_only_fields = fields


def count() -> Whole:
    return Whole(min_value=0, max_value=MOST, required=False, allow_null=True)


class ProfileEdit(Facts):
    version = Whole(min_value=0, max_value=2**31 - 1, help_text="读到的版本号；别人已改过时答 409")
    delisted_year = Whole(min_value=2014, max_value=2100, required=False, allow_null=True, help_text="未出列的不填")
    households = count()
    population = count()

    class Meta:
        model = VillageProfile
        fields = ("version", *services.PROFILE_FIELDS)


class Decision(StrictSerializer):
    on = Day(help_text="生效日期")
    document = Text(max_length=120, help_text="批复文号")


class Merger(Decision):
    sources = serializers.ListField(
        child=PlaceCode(), min_length=1, max_length=MANY, help_text="并入本村的村，同在一个县"
    )


class HandingOver(Decision):
    target = PlaceCode(help_text="划入的村")
    groups = serializers.ListField(
        child=Text(max_length=80), min_length=1, max_length=MANY, help_text="划出的组，与农户登记的写法一致"
    )


class PlaceChangeShown(serializers.ModelSerializer):
    source = serializers.CharField(source="source_id")
    target = serializers.CharField(source="target_id")

    class Meta:
        model = PlaceChange
        fields = ("kind", "source", "target", "old_name", "happened_on", "document", "households_moved")
        read_only_fields = fields


class PlaceDecisions:
    """Part of the resource of places."""

    rights: dict[str, Any] = {"edit_profile": Right.PLACE_EDIT, "merge": Right.PLACE_EDIT, "split": Right.PLACE_EDIT}

    @extend_schema(parameters=[CODE], responses=ProfileSerializer)
    @action(detail=True)
    def profile(self: Any, request: Request, code: int) -> Response:
        """What is known of a village: poor or not, figures; ``version`` 0 while nothing is recorded."""
        return Response(ProfileSerializer(self.known(self.village())).data)

    @extend_schema(parameters=[CODE], request=ProfileEdit, responses=ProfileSerializer)
    @profile.mapping.patch
    def edit_profile(self: Any, request: Request, code: int) -> Response:
        """Change what is given. 409 when somebody saved after ``version`` was read."""
        known = self.known(self.village())
        given = self.body(ProfileEdit)
        version = given.pop("version")
        facts = {name: getattr(known, name) for name in services.PROFILE_FIELDS} | given
        row = services.save_profile(by=request.user, village=known.village_id, version=version, facts=facts)
        return Response(ProfileSerializer(row).data)

    @extend_schema(parameters=[CODE], request=Merger, responses=PlaceChangeShown(many=True), filters=False)
    @action(detail=True, methods=["post"], pagination_class=None)
    def merge(self: Any, request: Request, code: int) -> Response:
        """Merge other villages into this one: everything of theirs moves here, and they are retired."""
        village, given = self.village(), self.body(Merger)
        sources = [each.pk for each in self.all_visible(Place.objects.all(), "sources", given.pop("sources"))]
        changes = mergers.merge_villages(by=request.user, sources=sources, target=village.pk, **given)
        return Response(PlaceChangeShown(changes, many=True).data)

    @extend_schema(parameters=[CODE], request=HandingOver, responses=PlaceChangeShown(many=True), filters=False)
    @action(detail=True, methods=["post"], pagination_class=None)
    def split(self: Any, request: Request, code: int) -> Response:
        """Hand groups of this village, with their households, to another village of the county."""
        village, given = self.village(), self.body(HandingOver)
        target = self.visible(Place.objects.all(), "target", given.pop("target"))
        parts = {target.pk: mergers.Part(groups=given.pop("groups"))}
        changes = mergers.split_village(by=request.user, source=village.pk, parts=parts, **given)
        return Response(PlaceChangeShown(changes, many=True).data)

    def village(self: Any) -> Place:
        """The place of the address. Raises Refused (422) for one that is no village."""
        place: Place = self.get_object()
        if place.level != Place.Level.VILLAGE:
            raise refused("code", f"“{place}”不是行政村，请改为村的代码。")
        return place

    def known(self, village: Place) -> VillageProfile:
        return selectors.profile_of(village) or VillageProfile(village=village, version=0)
