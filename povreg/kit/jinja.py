"""The Jinja2 of all pages (setting ``TEMPLATES``): what it shows for a value, what it does with a name nobody gave.

Values are printed as a reader of Chinese expects them, in every place where one is printed: None as nothing, dates in
the form of the country, moments in local time. A mapping's own keys come before its methods (``row.items`` is the key
"items" where there is one). A missing name may be asked for (``{% if sub %}``), but not printed: see ``Missing``.
"""

from __future__ import annotations

import logging
from collections.abc import MutableMapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.formats import localize
from django.utils.safestring import SafeString
from django.utils.timezone import is_aware, localtime
from jinja2 import ChainableUndefined, Environment as JinjaEnvironment, Undefined, nodes
from jinja2.compiler import CodeGenerator, Frame
from markupsafe import Markup, escape

from povreg.kit import jinja_words

log = logging.getLogger(__name__)
AS_IT_IS = frozenset({str, int, Markup, SafeString})
IN_LOCAL_FORM = (date, datetime, time, Decimal, float)


class Missing(ChainableUndefined):
    """A name that the page was not given.

    Asked for, it is nothing: false, empty, and so is what hangs below it. Printed, it is a fault of the page: while
    developing and in tests it is raised, in production it is logged and nothing is shown, for a reader is better served
    by a page that lacks a word than by none. What hangs below None is no fault and prints nothing.
    """

    __slots__ = ()

    def __str__(self) -> str:
        if self._undefined_obj is None:
            return ""
        if settings.STRICT_TEMPLATES:
            self._fail_with_undefined_error()
        log.warning("a page prints what it was not given: %s", self._undefined_message)
        return ""

    def __html__(self) -> str:
        return str(self)


def shown(value: Any) -> Any:
    """``value`` as it is printed."""
    if value.__class__ in AS_IT_IS:
        return value
    if value is None:
        return ""
    if isinstance(value, IN_LOCAL_FORM):
        return localize(localtime(value) if isinstance(value, datetime) and is_aware(value) else value)
    return _no_method(value) if settings.STRICT_TEMPLATES else value


def printed(value: Any) -> str:
    """``value`` as it stands in the page. A page prints some thousand values: most of them are words and numbers, in
    which there is nothing to escape."""
    kind = type(value)  # a lazy value says that it is what it will become
    if kind is str and value.isalnum():
        return value  # type: ignore[no-any-return]
    if kind is Markup or kind is SafeString:
        return value  # type: ignore[no-any-return]
    return str(value) if kind is int else escape(shown(value))


def is_nothing(value: Any) -> bool:
    """``is none``: also for what was not given, as everywhere where it is asked for."""
    return value is None or isinstance(value, Undefined)


def _no_method(value: Any) -> Any:
    if callable(value) and not isinstance(value, Undefined) and not hasattr(value, "__html__"):
        msg = f"a page prints a method instead of calling it: {value!r}"
        raise TypeError(msg)
    return value


class Generator(CodeGenerator):
    """Code that prints a value by one call, where Jinja2's own makes two that make six."""

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape or finalize.src is None:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write("environment.printed((")


class Environment(JinjaEnvironment):
    """Looks into mappings as pages mean it; everything else is Jinja2's own.

    A page asks for some thousand attributes and draws some dozen templates: both go the short way.
    """

    code_generator_class = Generator
    printed = staticmethod(printed)

    def getattr(self, obj: Any, attribute: str) -> Any:
        if isinstance(obj, dict) and attribute in obj:
            return obj[attribute]
        try:
            return getattr(obj, attribute)
        except AttributeError:
            return super().getattr(obj, attribute)

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """All of them in one mapping: they are fixed before the first template is read."""
        return {**self.globals, **(d or {})}


def environment(**options: Any) -> Environment:
    """For the option ``environment`` of the engine."""
    made = Environment(
        **{**options, "undefined": Missing}, trim_blocks=True, lstrip_blocks=True, finalize=shown, cache_size=-1
    )
    made.globals.update(jinja_words.WORDS)
    made.filters.update(jinja_words.FILTERS)
    made.tests["none"] = is_nothing
    return made
