"""Two rows that look like one person and are two (不是同一人)."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.mixins import RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from households.api import refusals  # noqa: F401  makes the refusals of the verbs known
from households.models import Member, NotSame
from households.people.lists import APART
from households.register import apart
from povreg.kit.api.fields import RowId, StrictSerializer, Text
from povreg.kit.pages.api import Listed
from villages.rights import Right


class NotSameSerializer(serializers.ModelSerializer):
    name = serializers.CharField(source="one.name", help_text="姓名")
    by_name = serializers.CharField(source="by.name", help_text="核实人")

    class Meta:
        model = NotSame
        fields = ("id", "one", "other", "name", "reason", "by_name", "at", "withdrawn_on")
        read_only_fields = fields


class NewNotSame(StrictSerializer):
    one = RowId(help_text="成员 id")
    other = RowId(help_text="另一条登记的成员 id")
    reason = Text(max_length=apart.LONGEST, help_text=f"怎样核实的，至少 {apart.SHORTEST} 个字")


class NotSameWithdrawal(StrictSerializer):
    reason = Text(max_length=apart.LONGEST)


class NotSameViewSet(RetrieveModelMixin, Listed):
    """Pairs that were found to be two people: they are proposed as doubles no more, and not merged."""

    queryset = NotSame.objects.select_related("one", "other", "by")
    serializer_class = NotSameSerializer
    listing = APART
    lookup_value_converter = "int"
    rights = {"": Right.HOUSEHOLD_MOVE}

    @extend_schema(request=NewNotSame, responses={201: NotSameSerializer})
    def create(self, request: Request) -> Response:
        """Two rows are two people. Refused where they are marked already."""
        given = self.body(NewNotSame)
        pair = {name: self.referred(Member.objects, name, given.pop(name)) for name in ("one", "other")}
        row = apart.mark_not_same(by=request.user, **pair, **given)
        return Response(NotSameSerializer(row).data, status=201)

    @extend_schema(request=NotSameWithdrawal, responses=NotSameSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: int) -> Response:
        """The mark no longer holds: the pair is proposed again, and may be merged."""
        row = apart.withdraw_not_same(by=request.user, mark=self.get_object(), **self.body(NotSameWithdrawal))
        return Response(NotSameSerializer(row).data)
