"""Paging of lists: the count is exact up to a cap, so that a province's list costs no full count."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

COUNT_CAP = 10_000
PAGE_SIZE, LARGEST_PAGE = 50, 200
LAST_PAGE = 100_000
LIMITS = {"page": (1, LAST_PAGE), "page_size": (1, LARGEST_PAGE)}


class Pages(BasePagination):
    """``page`` from 1, ``page_size`` up to 200. A page after the last is empty."""

    def paginate_queryset(self, queryset: QuerySet, request: Request, view: Any = None) -> list[Any]:
        self.request = request
        self.number = asked(request, "page", 1)
        self.size = asked(request, "page_size", PAGE_SIZE)
        self.count = queryset.order_by()[: COUNT_CAP + 1].count()
        start = (self.number - 1) * self.size
        rows = list(queryset[start : start + self.size + 1])
        self.more = len(rows) > self.size
        return rows[: self.size]

    def get_paginated_response(self, data: Any) -> Response:
        return Response(
            {
                "count": min(self.count, COUNT_CAP),
                "capped": self.count > COUNT_CAP,
                "next": self.link(self.number + 1) if self.more else None,
                "previous": self.link(self.number - 1) if self.number > 1 else None,
                "results": data,
            }
        )

    def link(self, number: int) -> str:
        return str(replace_query_param(self.request.build_absolute_uri(), "page", number))

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": "string", "nullable": True, "format": "uri"}
        said = f"行数；超过 {COUNT_CAP} 行时写 {COUNT_CAP}，capped 为 true"
        return {
            "type": "object",
            "required": ["count", "capped", "next", "previous", "results"],
            "properties": {
                "count": {"type": "integer", "description": said},
                "capped": {"type": "boolean"},
                "next": link,
                "previous": link,
                "results": schema,
            },
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        return [
            {
                "name": name,
                "in": "query",
                "required": False,
                "description": {"page": "第几页", "page_size": "每页行数"}[name],
                "schema": {"type": "integer", "minimum": least, "maximum": most},
            }
            for name, (least, most) in LIMITS.items()
        ]


def asked(request: Request, name: str, default: int) -> int:
    """A paging parameter. Raises ValidationError beside its name."""
    text = request.query_params.get(name, str(default))
    least, most = LIMITS[name]
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0
    if not least <= number <= most:
        raise serializers.ValidationError({name: f"应为 {least} 至 {most} 的整数。"})
    return number
