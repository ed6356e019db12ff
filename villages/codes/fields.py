"""A form field for one code of a code table."""

from __future__ import annotations

from typing import Any

from django import forms

from villages.codes.selectors import choices


class CodeChoice(forms.ChoiceField):
    """The labels of ``table`` in its order; empty means "not recorded" and is allowed unless ``required``."""

    def __init__(self, *, table: str, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        super().__init__(choices=lambda: [("", "（未登记）"), *choices(table)], **kwargs)
