"""What households agreed to."""

from __future__ import annotations

import django_filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from households.consents import services
from households.consents.purposes import asked_for
from households.models import Attachment, Consent, Household
from povreg.kit.api import filters
from povreg.kit.api.fields import Day, RowId, StrictSerializer, Text, Whole
from povreg.kit.api.views import ScopedViewSet
from villages.rights import Right


class ConsentSerializer(serializers.ModelSerializer):
    class Meta:
        model = Consent
        fields = ("id", "household", "purpose", "given_on", "paper", "signers", "file", "noted_by", "noted_at",
                  "withdrawn_on", "withdrawn_reason")  # fmt: skip
        read_only_fields = fields


class NewConsent(StrictSerializer):
    household = RowId()
    purpose = serializers.ChoiceField(asked_for())
    given_on = Day()
    paper = Text(max_length=80, help_text="农户签字的文书名称、编号")
    signers = Whole(min_value=1, max_value=50, help_text="签字的成年人数")
    file = RowId(required=False, allow_null=True, help_text="本户的附件 id")


class ConsentWithdrawal(StrictSerializer):
    on = Day(help_text="撤回日期")
    reason = Text(max_length=200)


class ConsentFilter(django_filters.FilterSet):
    place = filters.Place(field_name="household__village_id")
    household = filters.Whole(field_name="household_id", help_text="户 id")
    purpose = filters.Choice(choices=asked_for())


class ConsentViewSet(ListModelMixin, RetrieveModelMixin, ScopedViewSet):
    """What households agreed to, and took back; what the law allows without consent is not listed."""

    queryset = Consent.objects.select_related("household")
    serializer_class = ConsentSerializer
    filterset_class = ConsentFilter
    lookup_value_converter = "int"
    orderings = {"given_on": ("given_on",)}
    rights = {"": Right.HOUSEHOLD_VIEW, "create": Right.HOUSEHOLD_EDIT, "withdraw": Right.HOUSEHOLD_EDIT}

    @extend_schema(request=NewConsent, responses={201: ConsentSerializer})
    def create(self, request: Request) -> Response:
        """Note that a household agreed to a purpose."""
        given = self.body(NewConsent)
        household = self.referred(Household.objects, "household", given.pop("household"))
        file = given.pop("file", None)
        paper = None if file is None else self.visible(Attachment.objects, "file", file)
        row = services.record_consent(by=request.user, household=household, file=paper, **given)
        return Response(ConsentSerializer(row).data, status=201)

    @extend_schema(request=ConsentWithdrawal, responses=ConsentSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: int) -> Response:
        """Note that the household took its consent back."""
        row = services.withdraw_consent(by=request.user, consent=self.get_object(), **self.body(ConsentWithdrawal))
        return Response(ConsentSerializer(row).data)


RESOURCES = {"consents": ConsentViewSet}
