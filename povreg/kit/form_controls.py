"""Draws the controls of forms without templates.

A section of a household has up to a hundred controls (each with a hidden copy of what the page showed); Django renders
two to five small templates for each of them, which took a quarter of such a page. The common controls are put together
here, letter for letter as Django's templates do it; all others are left to them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.utils.formats import localize
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

FOLDER = "django/forms/widgets"
INPUTS = ("text", "number", "email", "tel", "search", "url", "password", "hidden", "date", "time", "checkbox", "input")
NO_ERRORS = frozenset({"django/forms/errors/list/default.html", "django/forms/errors/list/ul.html"})


class DrawnControls(DjangoTemplates):
    """For the setting ``FORM_RENDERER``."""

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        draw = DRAWN.get(template_name)
        if draw is not None:
            return SafeString(draw(context["widget"]))
        if template_name in NO_ERRORS and not context["errors"]:
            return SafeString("")
        return super().render(template_name, context, request)


def input_box(widget: Mapping[str, Any]) -> str:
    value = widget["value"]
    shown = "" if value is None else f' value="{conditional_escape(value)}"'
    name, kind = conditional_escape(widget["name"]), widget["type"]
    return f'<input type="{kind}" name="{name}"{shown}{attributes(widget["attrs"])}>'


def attributes(given: Mapping[str, Any]) -> str:
    return "".join(
        f" {name}" if value is True else f' {name}="{conditional_escape(value)}"'
        for name, value in given.items()
        if value is not False
    )


def select(widget: Mapping[str, Any]) -> str:
    groups = "".join(_group(name, options) for name, options, _index in widget["optgroups"])
    return f'<select name="{conditional_escape(widget["name"])}"{attributes(widget["attrs"])}>{groups}\n</select>'


def _group(name: Any, options: list[Mapping[str, Any]]) -> str:
    drawn = "".join(f"\n  {_option(option)}" for option in options)
    return f'\n  <optgroup label="{_text(name)}">{drawn}\n  </optgroup>' if name else drawn


def _option(option: Mapping[str, Any]) -> str:
    attrs = attributes(option["attrs"])
    return f'<option value="{conditional_escape(option["value"])}"{attrs}>{_text(option["label"])}</option>\n'


def choices(widget: Mapping[str, Any]) -> str:
    """Radio buttons or tick boxes, each in its label."""
    attrs = {name: widget["attrs"][name] for name in ("id", "class") if widget["attrs"].get(name)}
    groups = "".join(_boxes(name, options) for name, options, _index in widget["optgroups"])
    return f"<div{attributes(attrs)}>{groups}\n</div>"


def _boxes(name: Any, options: list[Mapping[str, Any]]) -> str:
    drawn = "".join(f"<div>\n    {_labelled(option)}\n\n</div>" for option in options)
    return f"\n  <div><label>{_text(name)}</label>{drawn}\n  </div>" if name else drawn


def _labelled(option: Mapping[str, Any]) -> str:
    box = f"{input_box(option)}\n"
    if not option["wrap_label"]:
        return box
    target = attributes({"for": option["attrs"]["id"]} if option["attrs"].get("id") else {})
    return f"<label{target}>{box} {_text(option['label'])}</label>"


def _text(value: Any) -> str:
    return conditional_escape(value if isinstance(value, str) else localize(value))


DRAWN: dict[str, Callable[[Mapping[str, Any]], str]] = {
    **{f"{FOLDER}/{kind}.html": input_box for kind in INPUTS},
    **{f"{FOLDER}/{kind}.html": choices for kind in ("radio", "checkbox_select")},
    f"{FOLDER}/select.html": select,
}
