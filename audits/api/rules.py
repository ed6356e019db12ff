"""Rules in the API: the catalogue with what each found at a place, and the ranks of places, cadres and helpers."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from drf_spectacular.helpers import forced_singular_serializer
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from audits.checks import selectors
from audits.checks.catalogue import rule_of, words_of
from audits.checks.check import GROUPS, HOUSEHOLD, MEMBER, VILLAGE
from audits.checks.entered import LEAST, cadres
from audits.checks.needs import needs_of
from audits.models import Doubt
from households.eligibility.selectors import covers
from households.register.years import FIRST_YEAR, working_year, years_offered
from povreg.kit.api.errors import not_found
from povreg.kit.api.fields import FormWhole, StrictSerializer
from povreg.kit.api.views import refuse_parameters
from povreg.kit.scopes import TOWNSHIP, VILLAGE as VILLAGE_DIGITS
from povreg.kit.views import demand
from villages.api.serializers import PlaceCode
from villages.models import Place
from villages.rights import Right

MOST = 200
CODE = OpenApiParameter("code", OpenApiTypes.STR, OpenApiParameter.PATH, description="规则编号")


class AskedChecks(StrictSerializer):
    place = PlaceCode(required=False, help_text="不给时为自己最大的范围")

    def get_fields(self) -> dict[str, Any]:
        """The years are those on offer on the day of the question."""
        year = FormWhole(
            least=FIRST_YEAR, most=years_offered()[0], required=False, help_text="不给时为范围内的工作年度"
        )
        return {**super().get_fields(), "year": year}


class RuleShown(serializers.Serializer):
    code = serializers.CharField(help_text="规则编号")
    group = serializers.IntegerField()
    group_label = serializers.CharField()
    text = serializers.CharField(help_text="规则说的是什么")
    advice = serializers.CharField()
    basis = serializers.CharField(allow_blank=True, help_text="依据")
    severity = serializers.ChoiceField(Doubt.Severity.choices, help_text="没有另行设定时的程度")
    per = serializers.ChoiceField([(HOUSEHOLD, "户"), (MEMBER, "人"), (VILLAGE, "村")])
    since = serializers.IntegerField(help_text="起始年度，0 为一直适用")
    until = serializers.IntegerField(help_text="截止年度，9999 为一直适用")
    blocks = serializers.BooleanField(help_text="有这样的疑点不能上名单")
    needs = serializers.ListField(child=serializers.CharField(), help_text="要有哪些事实和名单才能判断")
    lacking = serializers.ListField(child=serializers.CharField(), help_text="其中当地还没有的名单")
    open = serializers.IntegerField()
    exempted = serializers.IntegerField()
    solved = serializers.IntegerField()
    unjudged = serializers.IntegerField(allow_null=True, help_text="无法判断的数量；没有统计过的为空")
    precision = serializers.IntegerField(allow_null=True, help_text="核实过的疑点中属实的百分比；没有核实过的为空")


class ResultsShown(serializers.Serializer):
    place = serializers.CharField()
    year = serializers.IntegerField()
    run_at = serializers.DateTimeField(allow_null=True, help_text="最近一次核查结束的时间")
    rules = RuleShown(many=True)


class Counted(serializers.Serializer):
    errors = serializers.IntegerField(help_text="必须改正")
    warnings = serializers.IntegerField(help_text="需要核实")
    gaps = serializers.IntegerField(help_text="没有填写")
    rate = serializers.FloatField(help_text="每百户（份）疑点，必须改正的按三处计")


class PlaceRank(Counted):
    place = serializers.CharField(source="code")
    name = serializers.CharField(source="place.name")
    households = serializers.IntegerField()


class CadreRank(Counted):
    account = serializers.IntegerField()
    name = serializers.CharField(source="who")
    records = serializers.IntegerField(help_text="录入的年度记录")
    by_sheet = serializers.IntegerField(help_text="其中用表格导入的")
    few = serializers.BooleanField(help_text=f"不足 {LEAST} 份，不排名")


class HelperRank(serializers.Serializer):
    account = serializers.IntegerField(allow_null=True)
    name = serializers.CharField(source="who")
    doubts = serializers.IntegerField()
    households = serializers.IntegerField()


class Checked(ViewSet):
    """What the rules found at a place and year. Raises Refused (404) outside the caller's places, PermissionDenied
    without the right to doubts."""

    def check_permissions(self, request: Request) -> None:
        super().check_permissions(request)
        if self.action:
            demand(request.user, Right.CHECK_VIEW)

    def where(self) -> tuple[str, int]:
        """Place and year asked for, or the widest place and its working year. Raises ValidationError, Refused (404)."""
        query, user = self.request.query_params, self.request.user
        refuse_parameters(self.request, set(AskedChecks().fields))
        read = AskedChecks(data={name: query[name] for name in query})
        read.is_valid(raise_exception=True)
        given = read.validated_data
        code = given.get("place") or min(user.places_with(Right.CHECK_VIEW), key=len)  # type: ignore[union-attr]
        there = Place.objects.filter(pk=code, level__lte=Place.Level.VILLAGE).exists()
        if not (there and covers(user, Right.CHECK_VIEW, code)):
            raise not_found("place", "没有找到，或不在您负责的范围内，请核对。")
        return code, given.get("year") or working_year(code)


class RuleViewSet(Checked):
    """The rules, and what the last run says of each at a place."""

    lookup_field = "code"
    lookup_value_converter = "slug"

    @extend_schema(parameters=[AskedChecks], responses=forced_singular_serializer(ResultsShown))
    def list(self, request: Request) -> Response:
        """Every rule with its doubts at a place, its precision, and what it could not judge."""
        place, year = self.where()
        run = selectors.last_run(place, year)
        rules = [as_data(row) for row in selectors.by_rule(request.user, place, year)]
        shown = {"place": place, "year": year, "run_at": run.ended_at if run else None, "rules": rules}
        return Response(ResultsShown(shown).data)

    @extend_schema(parameters=[CODE, AskedChecks], responses=RuleShown)
    def retrieve(self, request: Request, code: str) -> Response:
        """One rule."""
        if rule_of(code) is None:
            raise Http404
        rows = selectors.by_rule(request.user, *self.where())
        return Response(RuleShown(next(as_data(row) for row in rows if row["check"].id == code)).data)


def as_data(row: dict[str, Any]) -> dict[str, Any]:
    """A line of the page of rules, as it is told to programs."""
    check = row["check"]
    told = {name: getattr(check, name) for name in ("group", "advice", "basis", "severity", "per", "since", "until")}
    counted = {name: row[name] for name in ("lacking", "open", "exempted", "solved", "unjudged", "precision")}
    return told | counted | {
        "code": check.id, "text": words_of(check.id), "group_label": GROUPS[check.group], "blocks": check.blocks,
        "needs": needs_of(check).all,
    }  # fmt: skip


class QualityViewSet(Checked):
    """The quality of the data: places, cadres and helpers by what is open, the worst first."""

    @extend_schema(parameters=[AskedChecks], responses=PlaceRank(many=True))
    def list(self, request: Request) -> Response:
        """The townships of a county, the villages of a township, by open doubts for 100 households."""
        place, year = self.where()
        digits = VILLAGE_DIGITS if len(place) >= TOWNSHIP else TOWNSHIP
        return Response(PlaceRank(selectors.quality(request.user, place, year, digits), many=True).data)

    @extend_schema(
        parameters=[AskedChecks], responses=CadreRank(many=True),
        description=f"Who entered records, by what is open for 100 of them; at most {MOST}.",
    )  # fmt: skip
    @action(detail=False)
    def cadres(self, request: Request) -> Response:
        rows, _nobodys = cadres(request.user, *self.where())
        return Response(CadreRank(rows[:MOST], many=True).data)

    @extend_schema(
        parameters=[AskedChecks], responses=HelperRank(many=True),
        description=f"Helpers by the open doubts of the households they help; at most {MOST}.",
    )  # fmt: skip
    @action(detail=False)
    def helpers(self, request: Request) -> Response:
        rows = selectors.helpers(request.user, *self.where(), most=MOST)
        return Response(HelperRank(rows, many=True).data)
