"""What no view need look at: bodies too large, characters that no database takes, numbers that no row has.

Answered before anything is read or stored, in a sentence: JSON for the API, a line for scripts, else a page.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import DataError
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.http.multipartparser import MultiPartParserError
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string

from povreg.kit.room import FULL, is_full
from povreg.kit.views import is_fragment

log = logging.getLogger(__name__)
API = "/api/"
MULTIPART = "multipart/form-data"
FORMS = (MULTIPART, "application/x-www-form-urlencoded")
LARGEST_ROW = 2**63 - 1
LONG_NUMBER = re.compile(r"(?<![^/])\d{19,}(?![^/])")
NUL, NUL_IN_ADDRESS = "\0", "%00"

TOO_LARGE = "提交的内容有 {size:.1f} MB，超过 {most:.1f} MB，没有保存。请减少内容，或压缩文件后分几次提交。"
TOO_MANY = "一次提交的文件或项目太多，没有保存。请分几次提交。"
INVISIBLE = "提交的内容含有不可见的空字符，没有保存。请重新输入，不要从别的程序里整段粘贴。"
NO_SUCH_NUMBER = "没有这个编号，请核对地址。"
BROKEN = "提交的内容不完整，没有保存。请检查网络后重新提交。"
OUT_OF_RANGE = "填写的数字过大或内容过长，没有保存。请核对后重新提交。"


class Bodies:
    """Middleware, see above."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.fault_of_head(request) or self.get_response(request)

    def fault_of_head(self, request: HttpRequest) -> HttpResponse | None:
        """What address and length alone say."""
        size, most = length(request), most_bytes(request)
        if size > most:
            words = TOO_LARGE.format(size=size / 2**20, most=most / 2**20)
            return refusal(request, 413, "too_large", words)
        query, cookies = request.META.get("QUERY_STRING", ""), request.META.get("HTTP_COOKIE", "")
        if NUL_IN_ADDRESS in query or any(NUL in text for text in (request.path, query, cookies)):
            return refusal(request, 400, "invalid", INVISIBLE, holding_nul(request.GET))
        if any(int(number) > LARGEST_ROW for number in LONG_NUMBER.findall(request.path)):
            return refusal(request, 404, "not_found", NO_SUCH_NUMBER)
        return None

    def process_view(self, request: HttpRequest, view: Callable[..., Any], *_: Any) -> HttpResponse | None:
        """What a form holds; it is read here, whatever the view would make of it."""
        if request.content_type not in FORMS or not reads_forms(view):
            return None
        try:
            wrong = holding_nul(request.POST)
        except (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent):
            return refusal(request, 413, "too_large", TOO_MANY)
        except MultiPartParserError:
            return refusal(request, 400, "malformed", BROKEN)
        if wrong:
            return refusal(request, 400, "invalid", INVISIBLE, wrong)
        return None

    def process_exception(self, request: HttpRequest, fault: Exception) -> HttpResponse | None:
        """The second net: what a form let through and the database refused, and a disk without room."""
        if is_full(fault):
            log.error("a disk is full", exc_info=fault)
            return refusal(request, 507, "error", FULL)
        if not unstorable(fault):
            return None
        log.warning("the database refused a value that a form let through", exc_info=fault)
        return refusal(request, 400, "invalid", OUT_OF_RANGE)


def reads_forms(view: Callable[..., Any]) -> bool:
    """Whether the view may read a form. Programs that send one to an address for JSON are told so (415)."""
    parsers = getattr(getattr(view, "cls", None), "parser_classes", None)
    decided_by_action = hasattr(view, "actions")
    return decided_by_action or parsers is None or any(parser.media_type in FORMS for parser in parsers)


def unstorable(fault: BaseException) -> bool:
    """Whether a value was typed that no column can hold; not any other accident."""
    return isinstance(fault, (DataError, OverflowError)) or (isinstance(fault, ValueError) and "NUL" in str(fault))


def length(request: HttpRequest) -> int:
    """Bytes that the request says it brings; Django reads no more than that."""
    said = request.META.get("CONTENT_LENGTH") or "0"
    return int(said) if said.isascii() and said.isdigit() and len(said) < 19 else 0


def most_bytes(request: HttpRequest) -> int:
    files = request.content_type == MULTIPART
    return int(settings.MAX_UPLOAD_BYTES if files else settings.DATA_UPLOAD_MAX_MEMORY_SIZE)


def holding_nul(given: QueryDict) -> list[str]:
    """Names of the values that hold the character, or hold it themselves (then without it)."""
    return [name.replace(NUL, "") for name, texts in given.lists() if any(NUL in text for text in (name, *texts))]


def refusal(request: HttpRequest, status: int, code: str, message: str, names: Iterable[str] = ()) -> HttpResponse:
    """The sentence, in the form that whoever asks understands; ``names`` of the fields it is about."""
    if request.path.startswith(API):
        told = {"code": code, "message": message, "fields": {name: [message] for name in names}}
        return JsonResponse(told, status=status, json_dumps_params={"ensure_ascii": False})
    if is_fragment(request):
        return HttpResponse(message, status=status, content_type="text/plain; charset=utf-8")
    return HttpResponse(render_to_string("refused.html", {"message": message, "status": status}), status=status)
