"""How a verb of a list becomes an address: ``POST batches/{id}/<code>/``, answered with the list as it then stands."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from households.api.batch_rows import BatchDetail
from povreg.kit.api.fields import StrictSerializer

Verb = Callable[..., Any]


def verb(body: type[StrictSerializer] | None = None, *, code: str, files: bool = False) -> Callable[[Verb], Verb]:
    """``method(self, batch, given, **arguments of the address)``; the address asks for scope and right first."""

    def decorate(method: Verb) -> Verb:
        request_body: Any = {"multipart/form-data": body} if files else body

        @extend_schema(request=request_body, responses=BatchDetail)
        @action(detail=True, methods=["post"], url_path=code, parser_classes=[MultiPartParser] if files else None)
        @wraps(method)
        def run(self: Any, request: Request, pk: int, **rest: int) -> Response:
            batch = self.get_object()
            given = self.body(body) if body else {}
            method(self, batch, given, **rest)
            return self.shown(batch)

        if not files:
            run.kwargs.pop("parser_classes")  # type: ignore[attr-defined]
        return run

    return decorate
