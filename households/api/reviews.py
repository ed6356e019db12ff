"""分类管理: who is to be assessed, what was found, what the county office decided."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from households.api import refusals  # noqa: F401  makes the refusals of the verbs known
from households.models import Household, Review, SupportDecision
from households.models.review import FIRST_YEAR, Outcome
from households.review import services
from households.review.lists import REVIEWS
from households.review.selectors import current_year
from povreg.kit.api.fields import Day, Matching, StrictSerializer, Text, Whole
from povreg.kit.pages.api import Listed
from villages.rights import Right


class ReviewShown(serializers.ModelSerializer):
    class Meta:
        model = Review
        fields = ("id", "version", "household", "year", *services.FACTS, "updated_at")
        read_only_fields = fields


class ReviewTyped(StrictSerializer):
    year = Whole(min_value=FIRST_YEAR, max_value=2100, required=False, help_text="不给时为今年")
    version = Whole(min_value=0, max_value=2**31 - 1, required=False, help_text="读到的版本号；别人已改过时答 409")
    economy = serializers.ChoiceField(Review.Economy.choices)
    ability = serializers.ChoiceField(Review.Ability.choices)
    evidence = Text(max_length=500)
    assessors = Text(max_length=60)
    assessed_on = Day()
    proposal = serializers.ChoiceField(Outcome.choices)


class PolicyTyped(StrictSerializer):
    policy = Matching(r"^[0-9]{2}$", "应为政策代码，如 01。")
    until = Day(required=False, allow_null=True, default=None, help_text="不给时为长期")


class DecisionTyped(StrictSerializer):
    outcome = serializers.ChoiceField(Outcome.choices)
    document = Text(max_length=80)
    decided_on = Day()
    since = Day()
    note = Text(max_length=200, required=False, allow_blank=True, default="")
    policies = serializers.ListField(child=PolicyTyped(), required=False, max_length=20, default=list)


class PolicyShown(serializers.Serializer):
    policy = serializers.CharField()
    until = serializers.DateField(allow_null=True)


class DecisionShown(serializers.ModelSerializer):
    policies = PolicyShown(many=True)

    class Meta:
        model = SupportDecision
        fields = ("id", "version", "household", "review", "outcome", "document", "decided_on", "since", "until", "note",
                  "policies", "withdrawn_on", "withdrawn_reason")  # fmt: skip
        read_only_fields = fields


class ReviewViewSet(Listed):
    """Former poor households with the assessment of a year and the decision that holds; addresses name households."""

    queryset = Household.objects.all()
    listing = REVIEWS
    lookup_value_converter = "int"
    rights = {"assess": Right.HOUSEHOLD_EDIT, "decide": Right.COUNTY_REVIEW}

    @extend_schema(request=ReviewTyped, responses=ReviewShown)
    @action(detail=True, methods=["post"])
    def assess(self, request: Request, pk: int) -> Response:
        """Note or change the assessment of a household for a year. 409 when somebody saved after ``version``."""
        household = self.get_object()
        given: dict[str, Any] = self.body(ReviewTyped)
        year = given.pop("year", None) or current_year()
        row = services.record_review(by=request.user, household=household, year=year, **given)
        return Response(ReviewShown(row).data)

    @extend_schema(request=DecisionTyped, responses={201: DecisionShown})
    @action(detail=True, methods=["post"])
    def decide(self, request: Request, pk: int) -> Response:
        """Note what the county office decided on the latest assessment."""
        household = self.get_object()
        given: dict[str, Any] = self.body(DecisionTyped)
        given["policies"] = {each["policy"]: each["until"] for each in given["policies"]}
        row = services.decide_support(by=request.user, household=household, **given)
        return Response(DecisionShown(row).data, status=201)
