"""Form controls derived from model fields, so that sixty fields need no sixty declarations.

A code becomes a select over its code table, a question the three answers 是 / 否 / 未记录, an amount a text box that
understands thousands separators and full-width digits, a sealed number a box that shows the mask and stays empty until
somebody retypes. Every refusal says what is wrong and what to type instead.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import DecimalValidator, MaxValueValidator, MinValueValidator
from django.db import models

from povreg.kit.controls import Day
from povreg.kit.fields import CodeField, SealedTextField
from povreg.kit.idnumber import half_width, normalise
from povreg.kit.masking import mask_bank, mask_id, mask_phone
from villages.codes.selectors import choices

UNRECORDED = "未记录"
YES_NO = (("true", "是"), ("false", "否"), ("", UNRECORDED))
CLEARED = "\0"
# Fifteen digits typed up to the day of birth: a number of 18 cut short, not one of 15 of somebody over a hundred.
UNFINISHED = re.compile(r"\d{6}(19|20)\d{7}")
MASKS: dict[str, Callable[[str], str]] = {
    "phone": mask_phone,
    "bank_account": mask_bank,
    "id_no": mask_id,
    "disability_cert": mask_id,
}


UNITS = (
    "元", "亩", "平方米", "平米", "㎡", "m²", "公里", "千米", "km", "KM", "个月", "月", "人", "岁",
)  # fmt: skip
TEN_THOUSAND = re.compile(r"(\d+(?:\.\d+)?)万")
TWO_CELLS = re.compile(r"[\d.元亩]\s+[\d.]")
GROUPED = re.compile(r"-?\d{1,3}(?:,\d{3})+(?:\.\d*)?")
TWO = "像是把两个格子的数粘在了一起，请只填一个数。"


def plain_number(text: str) -> str:
    """A number as people type it: full-width, with thousands separators, 元 or another unit, 万. Raises ValidationError
    for two numbers in one box."""
    typed = half_width(text).strip().lstrip("¥￥").strip()
    if TWO_CELLS.search(typed):
        raise ValidationError(TWO, code="two_numbers")
    typed = "".join(typed.split())
    unit = next((unit for unit in UNITS if typed.endswith(unit)), "")
    typed = typed.removesuffix(unit)
    if found := TEN_THOUSAND.fullmatch(typed):
        return f"{Decimal(found[1]) * 10_000:f}"
    if "," in typed and not GROUPED.fullmatch(typed):
        raise ValidationError(f"逗号的位置不对。{TWO}", code="two_numbers")
    return typed.replace(",", "")


def shown_number(value: Decimal | int | str | None, places: int) -> str:
    """``16,800`` or ``16,800.50``; nothing for what is not recorded, what cannot be read as it was typed."""
    if value is None or isinstance(value, str):
        return value or ""
    return f"{value:,.{places}f}".removesuffix(f".{'0' * places}")


class PlainSelect(forms.Select):
    """A select without groups: what Django works out for each option is left out, as a members table has thousands of
    them."""

    template_name = "widgets/plain_select.html"

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        chosen = "" if value is None else str(value)
        options = [(code, text, str(code) == chosen) for code, text in self.choices]
        around = self.build_attrs(self.attrs, {**(attrs or {}), "name": name})
        return {"widget": {"attrs": around, "options": options}}


class Code(forms.ChoiceField):
    """A select over a code table; the empty choice means "not recorded"."""

    widget = PlainSelect

    def __init__(self, table: str, blank: str = UNRECORDED, **kwargs: Any) -> None:
        kwargs.setdefault("error_messages", {"invalid_choice": "没有“%(value)s”这一项，请从列表中选。"})
        super().__init__(choices=lambda: [("", blank), *choices(table)], **kwargs)


class Codes(forms.MultipleChoiceField):
    """Tick boxes over a code table."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, table: str, **kwargs: Any) -> None:
        kwargs.setdefault("error_messages", {"invalid_choice": "没有“%(value)s”这一项，请从列表中选。"})
        super().__init__(choices=lambda: choices(table), **kwargs)


class YesNo(forms.TypedChoiceField):
    """A question answered yes, no or not recorded (None)."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.RadioSelect)
        super().__init__(choices=YES_NO, coerce=lambda text: text == "true", empty_value=None, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return {True: "true", False: "false", None: ""}.get(value, value) if not isinstance(value, str) else value


class Number(forms.DecimalField):
    """An amount, area or distance. Zero and "not recorded" differ: an empty box is not recorded."""

    widget = forms.TextInput

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("min_value", 0)
        super().__init__(**kwargs)
        self.error_messages |= {
            "invalid": "不是数字，请只填数字，例如 16800 或 16800.50。",
            "min_value": "不能小于 0，请填 0 或正数；没有调查请留空。",
            "max_digits": "数字太大，请核对单位。",
            "max_decimal_places": "最多 {} 位小数，请四舍五入后填写。".format(kwargs.get("decimal_places") or 0),
            "max_whole_digits": "数字太大，请核对单位。",
        }
        for validator in self.validators:
            if isinstance(validator, MinValueValidator):
                validator.message = self.error_messages["min_value"]
            if isinstance(validator, DecimalValidator):
                validator.messages = {code: str(text) for code, text in self.error_messages.items()}

    def to_python(self, value: Any) -> Any:
        return super().to_python(plain_number(value) if isinstance(value, str) else value)

    def prepare_value(self, value: Any) -> Any:
        return shown_number(value, self.decimal_places or 0)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, str]:
        return {"inputmode": "decimal", "class": "num", "autocomplete": "off"}


class Whole(forms.IntegerField):
    """A whole number: months, a year."""

    widget = forms.TextInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.error_messages["invalid"] = "不是整数，请只填数字。"
        for validator in self.validators:
            if isinstance(validator, MinValueValidator):
                validator.message = "不能小于 %(limit_value)s，请核对。"
            if isinstance(validator, MaxValueValidator):
                validator.message = "不能大于 %(limit_value)s，请核对。"

    def to_python(self, value: Any) -> Any:
        return super().to_python(plain_number(value) if isinstance(value, str) else value)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, str]:
        return {"inputmode": "numeric", "class": "num", "autocomplete": "off"}


class SecretInput(forms.TextInput):
    """Shows the mask of what is stored, and a box for who wants to retype. The stored number never reaches the page."""

    template_name = "widgets/secret.html"

    def __init__(self, clearable: bool = True, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.clearable = clearable
        self.mask = ""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return CLEARED if data.get(f"{name}-clear") else data.get(name)

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        typed = "" if value in (None, CLEARED) or value == self.mask else value
        context = super().get_context(name, typed, {**(attrs or {}), "data-secret": True})
        given = bool(value) and value != self.mask
        return context | {"mask": self.mask, "open": given, "clearable": self.clearable, "cleared": value == CLEARED}


class Secret(forms.CharField):
    """A sealed number. An empty box keeps what is stored."""

    def __init__(self, name: str, **kwargs: Any) -> None:
        self.name = name
        kwargs.setdefault("widget", SecretInput(clearable=name != "id_no"))
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        return value

    def clean(self, value: Any) -> Any:
        if value == CLEARED:
            return ""
        text = normalise(super().clean(value) or "")
        if self.name == "id_no" and UNFINISHED.fullmatch(text):
            raise ValidationError("证件号码还差 3 位：应为 18 位。旧的 15 位号码请换成 18 位填写。", code="unfinished")
        return text

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(data) and data != initial

    def show_mask(self, stored: str) -> str:
        """The mask of the stored number; it becomes the control's initial value."""
        self.widget.mask = MASKS[self.name](stored) if stored else ""
        return self.widget.mask

    def widget_attrs(self, widget: forms.Widget) -> dict[str, str]:
        return {"autocomplete": "off", "spellcheck": "false"}


def control(field: models.Field, **kwargs: Any) -> forms.Field:
    """The control for a model field (``formfield_callback`` of fields_for_model)."""
    base = {"label": field.verbose_name, "required": not (field.blank or field.null), **kwargs}
    if isinstance(field, CodeField):
        return Code(field.code_table, **base)
    if isinstance(field, ArrayField):
        return Codes(field.base_field.code_table, **base)  # type: ignore[attr-defined]
    if isinstance(field, models.BooleanField):
        return YesNo(**base)
    if isinstance(field, SealedTextField):
        return Secret(field.name, max_length=40, **base)
    if isinstance(field, models.DecimalField):
        return Number(max_digits=field.max_digits, decimal_places=field.decimal_places, **base)
    if isinstance(field, models.IntegerField):
        return _whole(field, base)
    if isinstance(field, models.DateField):
        return Day(**base)
    return forms.CharField(max_length=field.max_length, **base)


def _whole(field: models.Field, base: dict[str, Any]) -> forms.Field:
    if "year" in field.name:
        return Whole(min_value=1900, max_value=2100, **base)
    if "months" in field.name:
        return Whole(min_value=0, max_value=12, **base)
    return Whole(min_value=0, **base)
