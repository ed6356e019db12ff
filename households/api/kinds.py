"""Kinds of procedures that are rows: read by everybody who sees lists, made by a county."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from households.api import refusals  # noqa: F401  makes the refusals of the verbs known
from households.models import ProcedureKind, ProcedureTemplate, StandingClass
from households.procedures.engine import asked, data_kinds
from povreg.kit.api.errors import refused
from povreg.kit.api.fields import Answer, StrictSerializer, Text, Whole
from povreg.kit.api.views import ScopedViewSet
from villages.api.serializers import PlaceCode
from villages.models import Place
from villages.rights import Right

MOST_CLASSES = 20
PLAIN = [(each.code, each.label) for each in asked.EVERY if not each.params]


class KindSerializer(serializers.ModelSerializer):
    place = serializers.CharField(source="place_id", allow_null=True, help_text="空为全国")
    gives = serializers.CharField(source="gives_id", allow_null=True, help_text="批复后纳入的身份类别")
    ends = serializers.ListField(child=serializers.CharField(), help_text="批复后终止的身份类别")
    conditions = serializers.SerializerMethodField(help_text="名单上的户须具备的条件")

    class Meta:
        model = ProcedureKind
        fields = ("id", "code", "place", "label", "planned", "found", "gives", "ends", "supports", "runs", "conditions",
                  "takes_ordinary", "applied_for", "authorised", "year_from", "year_to", "source")  # fmt: skip
        read_only_fields = fields

    def get_conditions(self, row: ProcedureKind) -> list[str]:
        return [str(each["ask"]) for each in row.conditions]


class NewKind(StrictSerializer):
    """A kind of a county's own."""

    place = PlaceCode(help_text="县代码")
    code = serializers.RegexField(r"^[a-z][a-z0-9_]{2,11}$", help_text="小写字母、数字，3 到 12 位，以后不能改")
    label = Text(max_length=20)
    planned = Text(max_length=40, help_text="公示类别")
    found = Text(max_length=80, help_text="公示理由，不写疾病")
    new_class = Text(max_length=20, required=False, help_text="新设的身份类别，批复后纳入")
    supports = Answer(required=False, help_text="按综合评估决定帮扶退出或延续")
    policies = serializers.ListField(
        child=Text(max_length=4), required=False, max_length=MOST_CLASSES, help_text="继续帮扶的户延续的政策"
    )
    policy_months = Whole(min_value=1, max_value=60, required=False, help_text="延续几个月，不填为长期")
    conditions = serializers.ListField(child=serializers.ChoiceField(PLAIN), required=False, max_length=len(PLAIN))
    only_in = serializers.ListField(child=Text(max_length=16), required=False, max_length=MOST_CLASSES)
    not_in = serializers.ListField(child=Text(max_length=16), required=False, max_length=MOST_CLASSES)
    takes_ordinary = Answer(required=False)
    applied_for = Answer(required=False)
    authorised = Answer(required=False)
    year_from = Whole(min_value=2014, max_value=2100)
    year_to = Whole(min_value=2014, max_value=2100, required=False)
    template = Whole(min_value=1, help_text="照抄步骤的模板 id")
    source = Text(max_length=300, help_text="依据")


class KindViewSet(ListModelMixin, RetrieveModelMixin, ScopedViewSet):
    """Kinds of procedures that are rows; those shipped with the product are listed among ``templates``."""

    queryset = ProcedureKind.objects.active()
    serializer_class = KindSerializer
    lookup_value_converter = "int"
    orderings = {"code": ("code",)}
    rights = {"": Right.BATCH_VIEW, "create": Right.TEMPLATE_EDIT}

    def row(self, rows: QuerySet, pk: Any) -> Any:
        return self.row_without_right(rows, pk)

    @extend_schema(request=NewKind, responses={201: KindSerializer})
    def create(self, request: Request) -> Response:
        """Make a kind, with a first template whose steps are another's."""
        given = self.body(NewKind)
        place = self.visible(Place.objects, "place", given.pop("place"))
        self.demand_right(place.code)
        templates = ProcedureTemplate.objects.visible_to(request.user).filter(is_active=True, read_only=False)
        like = templates.filter(pk=given.pop("template")).first()
        if like is None:
            raise refused("template", "没有这个模板，请从模板列表中选择。")
        row = data_kinds.make_kind(by=request.user, place=place.code, like=like, **_facts(given))
        return Response(KindSerializer(row).data, status=201)


def _facts(given: dict[str, Any]) -> dict[str, Any]:
    """As the page sends them."""
    held = [
        {"ask": ask, "keys": _known(name, given.pop(name))}
        for ask, name in (("in_class", "only_in"), ("not_in_class", "not_in"))
        if given.get(name)
    ]
    for name in ("only_in", "not_in"):
        given.pop(name, None)
    chosen = [{"ask": code} for code in given.pop("conditions", [])]
    if given.get("year_to") and given["year_to"] < given["year_from"]:
        raise refused("year_to", "截止年度早于起始年度，请改正。")
    runs = data_kinds.policies_running(given.pop("policies", []), given.pop("policy_months", None))
    return {**given, "fits": held, "conditions": [*chosen, *held], "runs": runs}


def _known(name: str, keys: list[str]) -> list[str]:
    if StandingClass.objects.filter(pk__in=keys).count() < len(set(keys)):
        raise refused(name, "有不认识的身份类别，请核对。")
    return keys
