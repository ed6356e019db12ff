"""Controls of forms that every subject uses."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from povreg.kit.idnumber import half_width, normalise

DAY_FORMATS = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d")


class Day(forms.DateField):
    """A date, typed as 2020-08-12 or simply 20200812: a browser's own control shows it in the browser's language."""

    widget = forms.DateInput(format="%Y-%m-%d")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.error_messages["invalid"] = "不是日期，请按 2020-08-12 的样子填写。"

    def to_python(self, value: Any) -> Any:
        if not isinstance(value, str) or not value.strip():
            return super().to_python(value)
        text = half_width(value).strip()
        for pattern in DAY_FORMATS:
            try:
                return datetime.strptime(text, pattern).date()  # noqa: DTZ007 - a day has no zone
            except ValueError:
                continue
        raise ValidationError(self.error_messages["invalid"], code="invalid")

    def widget_attrs(self, widget: forms.Widget) -> dict[str, str]:
        return {"inputmode": "numeric", "placeholder": "如 20200812", "autocomplete": "off", "class": "tabular"}


PHONE = re.compile(r"\+?[0-9-]{7,19}")


class Phone(forms.CharField):
    """How somebody who told something can be called: kept half-width, without the blanks that people put in."""

    widget = forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"label": "联系电话", "max_length": 30, **kwargs})

    def clean(self, value: Any) -> str:
        text = normalise(super().clean(value))
        if text and not PHONE.fullmatch(text):
            may = "" if self.required else "；也可以不填"
            raise ValidationError(f"电话应为 7 到 20 位数字，请核对{may}。", code="invalid")
        return text
