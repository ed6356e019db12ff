"""What lists of procedures can be narrowed by."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import django_filters
from django import forms
from django_filters.fields import ChoiceField

from povreg.kit.api.fields import RULE
from povreg.kit.api.filters import described

PATTERN, LONGEST = "^[a-z0-9_-]+$", 20
UNKNOWN = "没有这个选项，请对照接口说明。"


class _KindField(ChoiceField):
    """What looks like a kind and is none breaks a rule that no description states (422), the rest is malformed."""

    def validate(self, value: Any) -> None:
        forms.Field.validate(self, value)
        if value and not self.valid_value(value):
            formed = len(value) <= LONGEST and re.fullmatch(PATTERN.removesuffix("$"), value)
            raise forms.ValidationError(UNKNOWN, code=RULE if formed else "invalid_choice")


class KindChoice(django_filters.ChoiceFilter):
    """A kind of procedure; the choices are asked for when they are shown, as some are rows."""

    field_class = _KindField

    def __init__(self, *args: Any, choices: Callable[[], list[tuple[str, str]]], **kwargs: Any) -> None:
        kwargs.setdefault("empty_label", "全部")
        super().__init__(*args, choices=choices, **kwargs)
        described(self, {"type": "string", "maxLength": LONGEST, "pattern": PATTERN})
