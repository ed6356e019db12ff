"""Functions and filters that every page knows (docs/components.md lists them)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.contrib.humanize.templatetags.humanize import intcomma as grouped
from django.http import HttpRequest
from django.template import defaultfilters
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import json_script
from django.utils.timezone import is_aware, localtime
from jinja2 import Undefined

from povreg.kit.ways import way_to


def url(name: str, *args: Any, **kwargs: Any) -> str:
    """The address of a view; raises ``NoReverseMatch`` for a name that is none."""
    return reverse(name, args=args, kwargs=kwargs)


def querystring(request: HttpRequest, **changes: Any) -> str:
    """The query of this page with changes; None takes a parameter away, a list gives it several times."""
    query = request.GET.copy()
    for name, value in changes.items():
        if value is None:
            query.pop(name, None)
        else:
            query.setlist(name, list(map(str, value)) if isinstance(value, list | tuple) else [str(value)])
    return f"?{query.urlencode()}"


def now(form: str) -> str:
    """Today or this moment in local time, in a form of the filter ``date``."""
    return str(defaultfilters.date(localtime(), form))


def date_form(value: Any, form: str | None = None) -> str:
    """Django's filter ``date``, of a moment in local time: its own templates convert before a filter is called."""
    local = localtime(value) if isinstance(value, datetime) and is_aware(value) else value
    return str(defaultfilters.date(local, form))


def intcomma(value: Any) -> str:
    """32,847."""
    if value.__class__ is int:
        return f"{value:,}"  # several times quicker than what also knows other languages
    return str(grouped(value))


def of_something(form: Callable[..., Any]) -> Callable[..., Any]:
    """A filter of Django that answers nothing for nothing; a name that the page was not given is a fault here, too."""

    @wraps(form)
    def filtered(value: Any, *args: Any) -> Any:
        return "" if value is None else str(value) if isinstance(value, Undefined) else form(value, *args)

    return filtered


WORDS: dict[str, Callable[..., Any]] = {
    "url": url,
    "static": static,
    "querystring": querystring,
    "now": now,
    "way_to": way_to,
    "zip": zip,
}
FILTERS: dict[str, Callable[..., Any]] = {
    "date": of_something(date_form),
    "floatformat": of_something(defaultfilters.floatformat),
    "intcomma": of_something(intcomma),
    "json_script": json_script,
    "linebreaksbr": defaultfilters.linebreaksbr,
    "truncatechars": defaultfilters.truncatechars,
    "yesno": defaultfilters.yesno,
}
