"""HEAD and OPTIONS answered once for every address, so that no view can get them wrong.

A view never sees HEAD: it is asked for GET and its body is dropped (RFC 9110, 9.3.2). OPTIONS reaches the view, whose
refusal of the method tells what it takes; a view that answers it by itself is left alone.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

NAMES = frozenset({"get", "head", "post", "put", "patch", "delete", "options", "trace", "connect"})
"""No action of the API may bear one: the dispatcher would run it for the request of that name."""
NOT_ALLOWED = "这个地址不支持这种请求方法，请从页面上的按钮或链接进入。"


class Methods:
    """Middleware: HEAD is GET without its body, OPTIONS answers 204 with the methods, `Allow` names all of them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method == "HEAD":
            return self.head(request)
        response = self.get_response(request)
        if response.status_code != 405:
            return with_full_allow(response)
        if request.method == "OPTIONS":
            return with_full_allow(HttpResponse(status=204, headers={"Allow": response.get("Allow", "")}))
        return refused(with_full_allow(response))

    def head(self, request: HttpRequest) -> HttpResponseBase:
        request.method = request.META["REQUEST_METHOD"] = "GET"
        try:
            response = self.get_response(request)
        finally:
            request.method = request.META["REQUEST_METHOD"] = "HEAD"
        return without_body(with_full_allow(response))


def with_full_allow(response: HttpResponseBase) -> HttpResponseBase:
    """What a view names, and what follows from it: HEAD where GET is taken, OPTIONS everywhere."""
    if "Allow" in response.headers:
        named = [name for each in response.headers["Allow"].split(",") if (name := each.strip().upper())]
        followed = [*named, *(["HEAD"] if "GET" in named else []), "OPTIONS"]
        taken = [name for name in dict.fromkeys(followed) if name != "HEAD" or "GET" in named]
        response.headers["Allow"] = ", ".join(taken)
    return response


def refused(response: HttpResponseBase) -> HttpResponseBase:
    """Django refuses a method with an empty page; a person is told something."""
    if isinstance(response, HttpResponse) and not response.content:
        response.headers["Content-Type"] = "text/plain; charset=utf-8"
        response.content = NOT_ALLOWED.encode()
    return response


def without_body(response: HttpResponseBase) -> HttpResponseBase:
    """The answer's head alone, which still says how long the body would have been."""
    if response.streaming:
        response.streaming_content = ()  # type: ignore[attr-defined]
    elif isinstance(response, HttpResponse):
        response.headers.setdefault("Content-Length", str(len(response.content)))
        response.content = b""
    return response
