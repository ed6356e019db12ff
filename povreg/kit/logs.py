"""Log lines without the values of rows.

A refused row stands whole in PostgreSQL's message ("Failing row contains (…)"), and so in a traceback: of what the
database said, only its class, SQLSTATE, table and constraint are written. Long numbers in any other exception's text
become ``***``.
"""

import json
import logging
import re
from contextvars import ContextVar
from datetime import datetime
from traceback import TracebackException
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import Error as DatabaseError

request_id: ContextVar[str] = ContextVar("request_id", default="")
"""Of the request that is being served, or that started the task (povreg.kit.trail)."""
LONG_NUMBER = re.compile(r"\d{11,}[Xx]?")


def _diagnosis(fault: BaseException) -> Any:
    """What the driver knows of the fault, None where it is not the database's."""
    for each in (fault, fault.__cause__):
        if each is not None and hasattr(each, "pgcode"):
            return getattr(each, "diag", None)
    return None


def said_of(fault: BaseException) -> str:
    """The text of an exception as a log may hold it."""
    found = _diagnosis(fault)
    if found is None and not isinstance(fault, DatabaseError):
        return LONG_NUMBER.sub("***", str(fault))
    parts = [getattr(found, name, None) for name in ("sqlstate", "schema_name", "table_name", "constraint_name")]
    return " ".join(str(part) for part in parts if part) or "(text left out)"


def _clean(shown: TracebackException | None, fault: BaseException | None) -> None:
    while shown is not None and fault is not None:
        shown._str = said_of(fault)  # type: ignore[attr-defined]
        shown.__notes__ = None  # type: ignore[attr-defined]
        _clean(shown.__context__, fault.__context__)
        shown, fault = shown.__cause__, fault.__cause__


class Line(logging.Formatter):
    """The formatter of every line; see the module."""

    def formatException(self, ei: Any) -> str:  # noqa: N802 - logging's own name
        shown = TracebackException(*ei, compact=True)
        _clean(shown, ei[1])
        return "".join(shown.format()).rstrip("\n")


class AddRequest(logging.Filter):
    """Gives each record the id of what is being served (``-`` outside of any)."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id.get() or "-"
        return True


def moment(record: logging.LogRecord) -> str:
    """When, in the one time zone of the installation, with its offset: 2026-03-01T08:05:09.120+08:00."""
    return datetime.fromtimestamp(record.created, ZoneInfo(settings.TIME_ZONE)).isoformat(timespec="milliseconds")


class TextLine(Line):
    """One line a record, an exception below it."""

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: N802
        return moment(record)


class JsonLine(Line):
    """One JSON object a record, for whoever collects logs: time, level, logger, message, request, and error."""

    def format(self, record: logging.LogRecord) -> str:
        said = {
            "time": moment(record),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "request": getattr(record, "request_id", "-"),
        }
        if record.exc_info:
            said["error"] = self.formatException(record.exc_info)
        return json.dumps(said, ensure_ascii=False)
