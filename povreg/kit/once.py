"""One form, one thing: the key that a form carries, and the mark that a change leaves on the request it served.

A double click, a form sent again over a bad line and a repeated call of the API carry the same key and are done once
(villages.people.once keeps the keys). What a change owes to that is here, below everything: :func:`act` calls
:func:`note_change` inside its transaction, so a key is used up in the same moment in which the change is stored.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from contextvars import ContextVar
from functools import cached_property

from django.forms import HiddenInput
from django.http import HttpRequest
from django.template.backends.utils import csrf_input
from django.utils.safestring import SafeString

FIELD = "once_key"  # of forms; static/js/csrf.js gives a form a new one when its answer has come
KEY_BYTES = 16
KEY = HiddenInput()
HEADER = "Idempotency-Key"  # of the API
REPLAYED = "Idempotency-Replayed"

marking: ContextVar[Callable[[], None] | None] = ContextVar("marking", default=None)


def note_change() -> None:
    """Called where a change begins: the request's key is used up when, and only when, the change is committed."""
    mark = marking.get()
    if mark is not None:
        mark()


class FormSeal:
    """``csrf_input`` of all pages: the CSRF token, masked once a page, and a key of its own for every form that prints
    it."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @cached_property
    def token(self) -> SafeString:
        return csrf_input(self.request)

    def __html__(self) -> SafeString:
        return self.token + KEY.render(FIELD, secrets.token_urlsafe(KEY_BYTES))

    def __str__(self) -> str:
        return self.__html__()


def form_seal(request: HttpRequest) -> dict[str, FormSeal]:
    """Context processor: takes the place of the plain ``csrf_input``."""
    return {"csrf_input": FormSeal(request)}
