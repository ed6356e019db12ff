"""The trail: who did what, when, where, why, grouped by act."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from audits.trail.selectors import CHANGES, MOST, Asked, acts, changes_of
from povreg.kit.api.errors import not_found, refused
from povreg.kit.api.fields import Day, FormWhole, Matching, StrictSerializer
from povreg.kit.api.views import refuse_parameters
from povreg.kit.views import demand
from villages.api.serializers import PlaceCode
from villages.models import User
from villages.rights import Right

LARGEST = 2**31 - 1
UUID = r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"


def number(words: str) -> FormWhole:
    return FormWhole(least=1, most=LARGEST, required=False, help_text=words)


class AskedTrail(StrictSerializer):
    who = Matching(r"^[\w.@+-]{1,40}$", "应为账号名。", required=False, help_text="账号名")
    place = PlaceCode(required=False)
    since = Day(required=False)
    until = Day(required=False)
    household = number("农户编号（接口里的 id）")
    member = number("成员编号（接口里的 id）")
    batch = number("名单编号（接口里的 id）")
    job = Matching(UUID, "应为任务编号。", required=False, help_text="导入或任务")
    verb = Matching(r"^[a-z0-9_]{1,60}$", "应为操作代码。", required=False, help_text="操作代码")


class ActShown(serializers.Serializer):
    id = serializers.CharField(allow_blank=True, help_text="未登记的改动为空")
    at = serializers.DateTimeField()
    who = serializers.CharField(help_text="没有人办理的写系统名称")
    verb = serializers.CharField()
    what = serializers.CharField(help_text="哪些表新增、修改、删除了多少行")
    where = serializers.CharField(allow_blank=True)
    reason = serializers.CharField(allow_blank=True)
    count = serializers.IntegerField()
    request = serializers.CharField(allow_blank=True, help_text="请求编号")


class FieldShown(serializers.Serializer):
    label = serializers.CharField()
    before = serializers.CharField(allow_blank=True)
    after = serializers.CharField(allow_blank=True)


class TrailChange(serializers.Serializer):
    what = serializers.CharField()
    kind = serializers.CharField(help_text="新增、修改、删除")
    fields_changed = FieldShown(many=True)


class ActDetail(ActShown):
    signed_in = serializers.CharField(allow_blank=True, help_text="此前最近一次登录的来源地址和时间")
    changes = TrailChange(many=True, help_text=f"最多 {CHANGES} 处")


class TrailViewSet(ViewSet):
    """Acts at the places where one sees the trail, at most the newest few hundred; older ones are found by the day."""

    lookup_value_converter = "uuid"

    def check_permissions(self, request: Request) -> None:
        super().check_permissions(request)
        if self.action:
            demand(request.user, Right.TRAIL_VIEW)

    @extend_schema(
        parameters=[AskedTrail], responses=ActShown(many=True), description=f"The newest acts that fit, at most {MOST}."
    )
    def list(self, request: Request) -> Response:
        query = request.query_params
        refuse_parameters(request, set(AskedTrail().fields))
        read = AskedTrail(data={name: query[name] for name in query})
        read.is_valid(raise_exception=True)
        return Response(ActShown(acts(request.user, asked_of(dict(read.validated_data))), many=True).data)

    @extend_schema(
        parameters=[OpenApiParameter("id", OpenApiTypes.UUID, OpenApiParameter.PATH, description="操作编号")],
        responses=ActDetail,
    )
    def retrieve(self, request: Request, pk: Any) -> Response:
        """One act: what every row was before and is since."""
        refuse_parameters(request, set())
        found = changes_of(request.user, str(pk))
        if found is None:
            raise Http404
        act, changes = found
        told = [{"what": what, "kind": kind, "fields_changed": fields} for what, kind, fields in changes]
        return Response(
            {**ActShown(act).data, "signed_in": act.signed_in, "changes": TrailChange(told, many=True).data}
        )


def asked_of(given: dict[str, Any]) -> Asked:
    """Raises Refused for an account that is none, or days in the wrong order."""
    since, until = given.get("since"), given.get("until")
    if since and until and since > until:
        raise refused("until", "结束日期早于开始日期，请改正。")
    if name := given.pop("who", ""):
        given["account"] = User.objects.filter(username=name).values_list("pk", flat=True).first()
        if given["account"] is None:
            raise not_found("who", "没有这个账号，请核对账号名。")
    return Asked(**given)
