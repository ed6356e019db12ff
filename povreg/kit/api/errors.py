"""One form for every refusal: ``{"code", "message", "fields"}`` (contract.md section 5).

``fields`` maps the name of a field to its messages. An app whose verbs refuse in their own way registers how that reads
with ``@answer_to.register``.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import singledispatch
from typing import Any

from django.core.exceptions import PermissionDenied, SuspiciousOperation, ValidationError
from django.db import DataError, IntegrityError, ProgrammingError
from django.http import Http404, HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from povreg.kit.api.fields import RULE
from povreg.kit.bodies import OUT_OF_RANGE, unstorable
from povreg.kit.reader_role import REFUSED, is_refusal
from povreg.kit.room import FULL, is_full
from povreg.kit.stale import Conflict
from povreg.kit.storage import StoredFileMissing

log = logging.getLogger("povreg.api")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
PLAIN_FAULT = "填写的内容不正确，请核对后重新提交。"
BY_FIELD = "提交的内容有误，请按各项提示改正后重新提交。"
FILE_MISSING = "文件的记录还在，但文件本身已不在服务器上，请联系系统管理员从备份中恢复，或重新上传、重新导出。"
WHOLE = ("", "__all__", "non_field_errors")

MESSAGES = {
    "malformed": "请求内容不是有效的 JSON，请检查格式后重新提交。",
    "not_authenticated": "请先登录：用会话登录，或在请求头中附上令牌。",
    "authentication_failed": "令牌无效或已过期，请重新领取令牌。",
    "permission_denied": "您没有办理这件事的权限。如确有需要，请联系账号管理员。",
    "not_found": "没有找到，或不在您负责的范围内，请核对编号。",
    "method_not_allowed": "这个地址不支持这种请求方法，请对照接口说明。",
    "unsupported_media_type": "内容的类型不对：一般是 application/json，上传文件是 multipart/form-data，请改正。",
    "throttled": "请求太频繁，请稍后再试。",
    "conflict": "与已有的记录冲突，请重新读取后再提交。",
    "error": "处理时发生意外错误，已记录。请稍后重试；若再次失败，请把响应头 X-Request-Id 告诉系统管理员。",
}


@dataclass
class Answer:
    """What a refusal looks like on the wire."""

    status: int
    code: str
    message: str = ""
    fields: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def body(self) -> dict[str, Any]:
        return {"code": self.code, "message": self.message or MESSAGES[self.code], "fields": self.fields}


class Refused(Exception):  # noqa: N818 - an answer, not an accident
    """Raised by a view that knows the answer itself."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.message)
        self.answer = answer


def refused(field: str, message: str) -> Refused:
    """A rule that stands between fields of the body."""
    return Refused(Answer(422, "refused", message, {field: [message]}))


def not_found(field: str, message: str) -> Refused:
    """A row that the body names is not there, or outside the caller's scope."""
    return Refused(Answer(404, "not_found", message, {field: [message]}))


@singledispatch
def answer_to(fault: BaseException) -> Answer:
    """The answer to an exception."""
    return unexpected(fault)


def unexpected(fault: BaseException) -> Answer:
    """500, logged; a full disk is said to be one."""
    log.error("unexpected fault in the API", exc_info=fault)
    return Answer(507, "error", FULL) if is_full(fault) else Answer(500, "error")


@answer_to.register
def _(fault: Refused) -> Answer:
    return fault.answer


@answer_to.register
def _(fault: Http404) -> Answer:
    return Answer(404, "not_found")


@answer_to.register
def _(fault: StoredFileMissing) -> Answer:
    return Answer(404, "not_found", FILE_MISSING)


@answer_to.register
def _(fault: PermissionDenied) -> Answer:
    return Answer(403, "permission_denied")


@answer_to.register
def _(fault: ProgrammingError) -> Answer:
    """What the database refused to an auditor; anything else is an accident."""
    return Answer(403, "permission_denied", REFUSED) if is_refusal(fault) else unexpected(fault)


@answer_to.register
def _(fault: SuspiciousOperation) -> Answer:
    """What Django refuses to read: too many files or parameters, broken headers."""
    return Answer(400, "malformed")


@answer_to.register(DataError)
@answer_to.register(OverflowError)
@answer_to.register(ValueError)
def _(fault: Exception) -> Answer:
    """A value that no column can hold; any other ValueError is an accident."""
    if not unstorable(fault):
        return unexpected(fault)
    log.warning("the database refused a value that a description let through", exc_info=fault)
    return Answer(400, "invalid", OUT_OF_RANGE)


@answer_to.register
def _(fault: RecursionError) -> Answer:
    return Answer(400, "malformed")


@answer_to.register
def _(fault: IntegrityError) -> Answer:
    log.warning("a constraint refused what a verb let through", exc_info=fault)
    return Answer(409, "conflict")


@answer_to.register
def _(fault: Conflict) -> Answer:
    """409: per field what had been read, what is stored now and what was sent; ``version`` is the one to send next."""
    fields: dict[str, Any] = {
        clash.field: {"label": clash.label, "seen": clash.seen, "stored": clash.stored, "typed": clash.typed}
        for clash in fault.clashes
    }
    for version in fault.versions.values():
        fields["version"] = {"label": "版本", "seen": "", "stored": str(version), "typed": ""}
    time = f"{timezone.localtime(fault.when):%m月%d日 %H:%M}" if fault.when else "刚才"
    message = f"{fault.who} 在 {time} 保存过这条记录。请核对现在的值，再用新的版本号重新提交。"
    return Answer(409, "conflict", message, fields)


@answer_to.register
def _(fault: ValidationError) -> Answer:
    """What a verb refuses: the body was as described, a rule stands against it."""
    found = fault.message_dict if hasattr(fault, "error_dict") else {"": fault.messages}
    return against_a_rule(found)


@answer_to.register
def _(fault: exceptions.ValidationError) -> Answer:
    """A body or parameter that is not as described; a field may say that it is a rule instead (fields.RULE)."""
    rule = {code for codes in flat(fault.get_codes()).values() for code in codes} == {RULE}
    return (against_a_rule if rule else invalid)(flat(fault.detail))


@answer_to.register
def _(fault: exceptions.APIException) -> Answer:
    code = {"parse_error": "malformed"}.get(fault.default_code, fault.default_code)
    own = str(fault.detail) if fault.get_codes() != fault.default_code else ""
    headers = {}
    if getattr(fault, "auth_header", None):
        headers["WWW-Authenticate"] = fault.auth_header
    if getattr(fault, "wait", None):
        headers["Retry-After"] = str(int(fault.wait) + 1)
    return Answer(
        fault.status_code, str(fault.get_codes()) if own else code, own or MESSAGES.get(code, ""), {}, headers
    )


def invalid(found: Mapping[str, Any]) -> Answer:
    """400: not as described."""
    return _worded(400, "invalid", found)


def against_a_rule(found: Mapping[str, Any]) -> Answer:
    """422: as described, but refused by a rule that no description can state."""
    return _worded(422, "refused", found)


def _worded(status: int, code: str, found: Mapping[str, Any]) -> Answer:
    """The messages beside their fields; what concerns no field is the message."""
    fields = {name: [plain(text) for text in texts] for name, texts in found.items() if name not in WHOLE}
    whole = [plain(text) for name, texts in found.items() if name in WHOLE for text in texts]
    return Answer(status, code, "；".join(whole) or BY_FIELD, fields)


def plain(text: Any) -> str:
    """The message, or a plain sentence where a library has only an English one."""
    return str(text) if CHINESE.search(str(text)) else PLAIN_FAULT


def flat(detail: Any, path: str = "") -> dict[str, list[str]]:
    """Nested messages by dotted path: ``head.name``, ``relations.0.member``."""
    if isinstance(detail, Mapping):
        return _joined((flat(value, _below(path, str(key))) for key, value in detail.items()))
    if isinstance(detail, list) and any(isinstance(each, (Mapping, list)) for each in detail):
        return _joined(flat(value, _below(path, str(key))) for key, value in enumerate(detail))
    return {path: [str(text) for text in (detail if isinstance(detail, list) else [detail])]} if detail else {}


def _below(path: str, key: str) -> str:
    if key in WHOLE:
        return path
    return f"{path}.{key}" if path else key


def _joined(parts: Any) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for part in parts:
        for name, texts in part.items():
            found.setdefault(name, []).extend(texts)
    return found


def handle(fault: Exception, context: Mapping[str, Any]) -> Response:
    """REST framework's ``EXCEPTION_HANDLER``."""
    answer = answer_to(fault)
    set_rollback()
    return Response(answer.body, status=answer.status, headers=answer.headers)


@csrf_exempt
def unknown_address(request: HttpRequest, rest: str) -> JsonResponse:
    """The last address of the API: everything that is none."""
    answer = Answer(404, "not_found", "没有这个接口地址，请对照接口说明。")
    return JsonResponse(answer.body, status=answer.status, json_dumps_params={"ensure_ascii": False})
