"""Draws forms with the templates of the pages: templates/widgets, and Django's own Jinja2 templates for the rest."""

from __future__ import annotations

from typing import Any

from django.forms.renderers import BaseRenderer
from django.template import engines

INPUTS = ("text", "number", "email", "tel", "search", "url", "password", "hidden", "date", "time", "checkbox", "input")
# A section of a household has up to a hundred controls: drawn in one template each, not in Django's two to five.
OWN = {
    **{f"django/forms/widgets/{kind}.html": "widgets/input.html" for kind in INPUTS},
    **{f"django/forms/widgets/{kind}.html": "widgets/choices.html" for kind in ("radio", "checkbox_select")},
    "django/forms/widgets/select.html": "widgets/select.html",
}


class Jinja2Forms(BaseRenderer):
    """For the setting ``FORM_RENDERER``."""

    def get_template(self, template_name: str) -> Any:
        return engines["jinja2"].get_template(OWN.get(template_name, template_name))
