"""Requests done once: a double click, a form sent again over a bad line, a repeated call of the API make one thing.

Forms carry their key in a hidden field (povreg.kit.once), programs in the header ``Idempotency-Key``. The first request
with a key stores it, does its work and stores the answer; one that comes while it is at work waits for that answer, one
that comes later gets it again. A refused request (4xx) leaves no key behind: it may be corrected and sent again. A form
sent again with other content is another request; a program that does so is told (422).

What proves that the work was done is set in the transaction of the change (``changed``), so a process that dies between
the change and its answer neither loses nor repeats it.
"""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.db import connection
from django.db.models import F
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils import timezone
from rest_framework.authentication import get_authorization_header

from povreg.kit.crypto import token_hash
from povreg.kit.once import FIELD, HEADER, REPLAYED, marking
from povreg.kit.views import is_fragment, referring_path
from villages.models import SentRequest, User
from villages.people.tokens import bearer

API = "/api/"
KEPT = timedelta(hours=24)
AT_WORK = timedelta(seconds=90)  # longer than a request may take; after that its process is taken for dead
PATIENCE = 5.0  # seconds that a second request waits for the first one's answer
LOOK_AGAIN = 0.1  # seconds
LONGEST_BODY = 256 * 1024  # bytes of an answer that are kept
KEPT_HEADERS = ("Content-Type", "Location", "HX-Redirect", "HX-Refresh", "HX-Trigger", "HX-Location", "ETag")
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
API_KEY = re.compile(r"[!-~]{1,128}")
BAD_KEY = "请求头 Idempotency-Key 应为 1 至 128 个可见的 ASCII 字符，每个新请求用一个新的（例如 UUID）。"
OTHER_BODY = "这个 Idempotency-Key 已经用于另一个请求。请为新的请求换一个新的。"
AT_WORK_STILL = "同一个请求正在办理，还没有结果。请稍等几秒后查看，不要重复提交。"
DONE_BEFORE = "这一步已经办好，没有重复办理。请刷新页面查看结果。"
API_DONE_BEFORE = "这个请求已经办好，当时的回答没有保存下来。请重新读取，不要换一个 Idempotency-Key 再提交。"


TAKE = """
    INSERT INTO villages_sentrequest (account_id, name, digest, begun_at, attempt, changed, headers, body)
    VALUES (%s, %s, %s, %s, 1, false, '{}', '') ON CONFLICT DO NOTHING RETURNING id
"""


class TakenOver(Exception):  # noqa: N818 - an outcome, not an error
    """This request was taken for dead and is being done by another one: its change must not be stored as well."""


@dataclass(frozen=True)
class Sent:
    """What came: whose, under which key, with what."""

    account: User | None
    name: str
    digest: str


class OnceOnly:
    """Middleware: stands last, so that the view is what it surrounds."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = marking.set(None)
        try:
            response = self.get_response(request)
            row = getattr(request, "sent_row", None)
            if row is not None:
                keep_or_forget(request, row, response)
            return response
        finally:
            marking.reset(token)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """The stored answer, or None: then the view does the work, and the key is at work."""
        if request.method != "POST":
            return None
        sent = of_program(request) if request.path.startswith(API) else of_form(request)
        if sent is None or isinstance(sent, HttpResponse):
            return sent
        return begin(request, sent)


def of_form(request: HttpRequest) -> Sent | None:
    """A form's key; None for a form without one. The same key with other content is another request."""
    if request.content_type not in FORMS or not (key := request.POST.get(FIELD, "")):
        return None
    digest = digest_of_form(request)
    account = request.user if isinstance(request.user, User) else None
    return Sent(account, token_hash("form", f"{key} {digest}"), digest)


def of_program(request: HttpRequest) -> Sent | HttpResponse | None:
    """A program's key; None without one, or for a caller whom the view itself will refuse."""
    key = request.headers.get(HEADER)
    if key is None:
        return None
    if not API_KEY.fullmatch(key):
        return refusal(400, "invalid", BAD_KEY)
    words = get_authorization_header(request).decode("latin-1").split()
    token = bearer(words[1]) if len(words) == 2 else None
    account = token.user if token else getattr(request, "user", None)
    if not isinstance(account, User) or (words and token is None):
        return None
    digest = digest_of_form(request) if request.content_type in FORMS else digest_of(request, request.body)
    return Sent(account, token_hash("api", key), digest)


def digest_of(request: HttpRequest, content: bytes) -> str:
    """Keyed, for what is sent may hold identity numbers."""
    address = f"{request.method} {request.get_full_path()}\n".encode()
    return token_hash("sent", hashlib.sha256(address + content).hexdigest())


def digest_of_form(request: HttpRequest) -> str:
    """Over every field but the two that protect it, and the content of every file."""
    fields = [(name, values) for name, values in request.POST.lists() if name not in ("csrfmiddlewaretoken", FIELD)]
    files = [
        (name, each.name, each.size, digest_of_file(each))
        for name in request.FILES
        for each in request.FILES.getlist(name)
    ]
    return digest_of(request, repr((fields, files)).encode("utf-8", "surrogatepass"))


def digest_of_file(upload: Any) -> str:
    total = hashlib.sha256()
    for chunk in upload.chunks():
        total.update(chunk)
    upload.seek(0)
    return total.hexdigest()


def begin(request: HttpRequest, sent: Sent) -> HttpResponse | None:
    """Take the key (None: the caller does the work), or answer as the first request was answered."""
    until = time.monotonic() + PATIENCE
    while True:
        if (row := take(sent)) is not None:
            request.sent_row = row  # type: ignore[attr-defined]
            marking.set(lambda: mark_changed(row))
            return None
        there = SentRequest.objects.filter(account=sent.account, name=sent.name).first()
        if there is not None and there.digest != sent.digest:
            return refusal(422, "refused", OTHER_BODY)
        if there is not None and (there.status is not None or given_up(there)):
            return answer_again(request, there)
        if time.monotonic() > until:
            return still_at_work(request)
        time.sleep(LOOK_AGAIN)


def take(sent: Sent) -> SentRequest | None:
    """A new row, or one whose process died before it changed anything; None when another request has it."""
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(TAKE, [getattr(sent.account, "pk", None), sent.name, sent.digest, now])
        made = cursor.fetchone()
    if made:
        return SentRequest(pk=made[0], account=sent.account, name=sent.name, digest=sent.digest, begun_at=now)
    rows = SentRequest.objects.filter(account=sent.account, name=sent.name)
    dead = rows.filter(status=None, changed=False, begun_at__lt=now - AT_WORK, digest=sent.digest)
    return rows.get() if dead.update(begun_at=now, attempt=F("attempt") + 1) else None


def given_up(row: SentRequest) -> bool:
    """Whether the first request's process died between its change and its answer."""
    return row.changed and row.begun_at < timezone.now() - AT_WORK


def mark_changed(row: SentRequest) -> None:
    """Inside the change's transaction. Raises TakenOver when somebody else does this request by now."""
    if not SentRequest.objects.filter(pk=row.pk, attempt=row.attempt).update(changed=True):
        raise TakenOver


def keep_or_forget(request: HttpRequest, row: SentRequest, response: HttpResponse) -> None:
    """Keep a good answer; forget the key of a refused request, so that it may be sent again. A fault after the change
    was stored leaves the key used up."""
    mine = SentRequest.objects.filter(pk=row.pk, attempt=row.attempt)
    if not may_be_kept(request, row, response):
        rows = mine.filter(changed=False) if response.status_code >= 500 else mine
        rows.delete()
        return
    headers = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
    body = response.content.decode() if len(response.content) <= LONGEST_BODY else ""
    mine.update(status=response.status_code, headers=headers, body=body)


def may_be_kept(request: HttpRequest, row: SentRequest, response: HttpResponse) -> bool:
    """Not a refusal (also one that is told on the next page), a stream, a file, nor what signs somebody in or out."""
    account = getattr(request, "_cached_user" if request.path.startswith(API) else "user", None)
    told = getattr(getattr(request, "_messages", None), "_queued_messages", ())
    return (
        response.status_code < 400
        and not response.streaming
        and not response.cookies
        and not any(each.level >= messages.ERROR for each in told)
        and getattr(account, "pk", None) == row.account_id
        and response.headers.get("Content-Type", "").startswith(("text/html", "application/json"))
    )


def answer_again(request: HttpRequest, row: SentRequest) -> HttpResponse:
    """The stored answer; where there is none, a sentence that it was done."""
    if row.status is None or (not row.body and row.status == 200):
        return done_before(request)
    if "Location" in row.headers and not request.path.startswith(API):
        messages.info(request, "这一步已经办好，没有重复办理。")
    return HttpResponse(row.body, status=row.status, headers={**row.headers, REPLAYED: "true"})


def done_before(request: HttpRequest) -> HttpResponse:
    if request.path.startswith(API):
        return refusal(409, "done_before", API_DONE_BEFORE)
    if is_fragment(request):
        return HttpResponse(DONE_BEFORE, headers={"HX-Refresh": "true", REPLAYED: "true"})
    messages.info(request, DONE_BEFORE)
    return HttpResponseRedirect(referring_path(request))


def still_at_work(request: HttpRequest) -> HttpResponse:
    if request.path.startswith(API):
        return refusal(409, "in_progress", AT_WORK_STILL, {"Retry-After": "5"})
    if is_fragment(request):
        return HttpResponse(AT_WORK_STILL, status=409)
    messages.warning(request, AT_WORK_STILL)
    return HttpResponseRedirect(referring_path(request))


def refusal(status: int, code: str, message: str, headers: dict[str, str] | None = None) -> JsonResponse:
    """In the form of the API's errors."""
    return JsonResponse({"code": code, "message": message, "fields": {}}, status=status, headers=headers)


def forget_sent(before: datetime | None = None) -> int:
    """Delete keys older than :data:`KEPT`, for the nightly clean-up; returns how many."""
    return SentRequest.objects.filter(begun_at__lt=before or timezone.now() - KEPT).delete()[0]
