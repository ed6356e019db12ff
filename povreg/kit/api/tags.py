"""Entity tags: a tag over all that the answer about one row says, for the one who reads it.

``version`` counts a row's own facts; what hangs on it (a household's head, members, verdict) changes under the same
version. The tag covers whatever the answer shows, because it is made of the answer, and what a resource says
besides (``beside``): members of a household that its answer only counts.
"""

from __future__ import annotations

import hashlib
from typing import Any

from django.http import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import parse_etags, quote_etag
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from povreg.kit.api.errors import Answer, Refused

CHANGED = "读取之后，这条记录显示的内容已经变化，没有保存。请重新读取、核对后再提交。"
NO_ROW = "这个地址不是单独一条记录，不能用请求头 If-Match，请去掉。"


def tag_of(content: bytes, beside: str = "") -> str:
    """``beside`` stands for rows that hang on the one shown."""
    return quote_etag(hashlib.sha256(content + beside.encode()).hexdigest()[:32])


def tag_answer(request: Request, response: Response, beside: str = "") -> None:
    """Give the answer its tag once it is rendered; 304 for who has it already."""

    def tagged(rendered: Any) -> HttpResponseBase | None:
        etag = tag_of(rendered.content, beside)
        rendered.headers["ETag"] = etag
        return get_conditional_response(request._request, etag=etag, response=rendered)

    response.add_post_render_callback(tagged)


def demand_unchanged(view: Any, request: Request) -> None:
    """Raise Refused (412) when what ``If-Match`` names is not what the row's address answers now.

    Asked before the verb; what changes in the same moment is caught by ``version`` under the row's lock.
    """
    wanted = parse_etags(request.headers.get("If-Match", ""))
    if not wanted or wanted == ["*"]:
        return
    if not hasattr(view, "retrieve") or view.lookup_field not in view.kwargs:
        raise Refused(Answer(412, "changed", NO_ROW))
    shown = type(view)(**view.initkwargs) if hasattr(view, "initkwargs") else type(view)()
    shown.setup(request._request, **view.kwargs)
    shown.request, shown.action, shown.format_kwarg = request, "retrieve", None
    answer = shown.retrieve(request, **view.kwargs)
    if tag_of(JSONRenderer().render(answer.data), shown.beside()) not in wanted:
        raise Refused(Answer(412, "changed", CHANGED))
