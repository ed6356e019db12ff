"""One id from the proxy through the web process into the jobs that a request started, on every line of every log."""

from __future__ import annotations

import re
from contextvars import ContextVar
from typing import Any
from uuid import uuid4

from celery.signals import before_task_publish, task_postrun, task_prerun
from django.http import HttpRequest

from povreg.kit.logs import request_id

HEADER = "X-Request-Id"
OF_A_PROXY = re.compile(r"[0-9a-f]{16,32}")
CARRIED = "povreg_request"  # header of a task
address: ContextVar[str] = ContextVar("address", default="")
"""Whom the present request comes from."""


def id_for(request: HttpRequest) -> str:
    """The id that the proxy gave the request, else a new one. What is no such id is not taken over."""
    given = request.headers.get(HEADER, "")
    return given if OF_A_PROXY.fullmatch(given) else uuid4().hex


@before_task_publish.connect
def carry(headers: dict[str, Any] | None = None, **_: Any) -> None:
    """A task remembers which request, or which other task, sent it."""
    if headers is not None and request_id.get():
        headers[CARRIED] = request_id.get()


@task_prerun.connect
def take_up(task: Any = None, task_id: str = "", **_: Any) -> None:
    request_id.set(getattr(task.request, CARRIED, None) or task_id.replace("-", ""))


@task_postrun.connect
def put_down(**_: Any) -> None:
    request_id.set("")
