"""Functions and filters that every page knows (docs/components.md lists them)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import wraps
from typing import Any

from django.contrib.humanize.templatetags.humanize import intcomma as grouped
from django.http import HttpRequest
from django.template import defaultfilters
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import json_script
from django.utils.safestring import mark_safe
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


DECIMALS = {"1g": Decimal("0.1"), "2g": Decimal("0.01")}
MOST = Decimal(10) ** 18


def _is_plain(value: Decimal) -> bool:
    return value.is_finite() and not value.is_signed() and value < MOST


def floatformat(value: Any, form: Any = -1) -> str:
    """Django's; amounts with grouped digits, of which lists print hundreds, go the short way."""
    if value.__class__ is Decimal and form in DECIMALS and _is_plain(value):
        return mark_safe(f"{value.quantize(DECIMALS[form], ROUND_HALF_UP):,}")  # noqa: S308 - digits
    return str(defaultfilters.floatformat(value, form))


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
    "floatformat": of_something(floatformat),
    "intcomma": of_something(intcomma),
    "json_script": json_script,
    "linebreaksbr": defaultfilters.linebreaksbr,
    "truncatechars": defaultfilters.truncatechars,
    "yesno": defaultfilters.yesno,
}
