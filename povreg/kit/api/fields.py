"""Serializer fields that take JSON as the schema says it, and fields that mask what nobody needs to read in full.

REST framework forgives much (5 for "5", "yes" for true); a register that guesses takes the wrong value in silence.
"""

from __future__ import annotations

import math
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection
from contextlib import suppress
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.fields import empty

from povreg.kit.masking import birth_shown, mask_bank, mask_id, mask_name, mask_phone

LARGEST_ID = 2**63 - 1
RULE = "refused"
"""Code of a fault that no schema can state: such a body is answered 422, not 400 (povreg.kit.api.errors)."""


CONTROL = r"\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufeff"
"""Signs that no text holds (line breaks and tabs may be in it)."""


def text_pattern(blank: bool, without: str = "") -> str:
    """Any text less some signs; not only blanks, unless ``blank``."""
    each = rf"[^{without}{CONTROL}]"
    return f"^{each}*$" if blank else rf"^{each}*[^\s{without}{CONTROL}]{each}*$"


class Shaped(ABC, serializers.Field):
    """A field that says itself what it takes, so that the description and the check are one thing."""

    @abstractmethod
    def shape(self) -> dict[str, Any]:
        """JSON schema of what is taken."""


class Text(Shaped, serializers.CharField):
    """A JSON string. Its length is counted as it came; blanks around it are then taken off."""

    default_error_messages = {"invalid": "应为文本。", "control": "含有看不见的控制字符，请删去后重新提交。"}

    def run_validation(self, data: Any = empty) -> Any:
        if isinstance(data, str) and self.max_length is not None and len(data) > self.max_length:
            self.fail("max_length", max_length=self.max_length)
        if isinstance(data, str) and re.search(f"[{CONTROL}]", data):
            self.fail("control")
        return super().run_validation(data)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)

    def shape(self) -> dict[str, Any]:
        length = {} if self.max_length is None else {"maxLength": self.max_length}
        return {"type": "string", **length, "pattern": text_pattern(self.allow_blank)}


class Number(Text):
    """A number of a paper, phone or account on its way in: whole, never the masked form that was read out."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 40)
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> str:
        text = super().to_internal_value(data)
        if "*" in text:
            raise serializers.ValidationError("这是打码的号码。请填写完整号码；不修改时不要提交此项。")
        return text

    def shape(self) -> dict[str, Any]:
        pattern = text_pattern(self.allow_blank, without="*")
        return {**super().shape(), "pattern": pattern, "description": "完整号码"}


class Matching(Text):
    """A JSON string of exactly this pattern (anchored by ``^`` and ``$``)."""

    def __init__(self, pattern: str, message: str, **kwargs: Any) -> None:
        self.pattern, self.message = pattern, message
        super().__init__(trim_whitespace=False, **kwargs)

    def to_internal_value(self, data: Any) -> str:
        text = super().to_internal_value(data)
        if not re.fullmatch(self.pattern.removeprefix("^").removesuffix("$"), text):
            raise serializers.ValidationError(self.message)
        return text

    def shape(self) -> dict[str, Any]:
        return {"type": "string", "pattern": self.pattern}


class Answer(serializers.BooleanField):
    """true or false (null where the question may be open)."""

    default_error_messages = {"invalid": "应为 true 或 false。"}

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid")
        return bool(data)


class Whole(serializers.IntegerField):
    """A JSON integer."""

    default_error_messages = {"invalid": "应为整数。"}

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, bool) or not isinstance(data, (int, float)) or not math.isfinite(data) or data != int(data):
            self.fail("invalid")
        return int(data)


class RowId(Whole):
    """The id of a row."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=1, max_value=LARGEST_ID, **kwargs)


class FormWhole(Shaped, serializers.IntegerField):
    """An integer in a form (multipart) or an address, where every value comes as text."""

    default_error_messages = {"invalid": "应为整数。"}

    def __init__(self, least: int, most: int, **kwargs: Any) -> None:
        super().__init__(min_value=least, max_value=most, **kwargs)

    def to_internal_value(self, data: Any) -> int:
        if not re.fullmatch(r"[0-9]{1,19}", str(data)):
            self.fail("invalid")
        return int(data)

    def shape(self) -> dict[str, Any]:
        return {"type": "integer", "minimum": self.min_value, "maximum": self.max_value}


class FormId(FormWhole):
    """The id of a row in a form."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(1, LARGEST_ID, **kwargs)


class Day(Shaped, serializers.DateField):
    """A day as 2020-10-08, and in no other form."""

    default_error_messages = {"invalid": "应为日期，例如 2020-10-08。"}

    def to_internal_value(self, data: Any) -> date:
        if not isinstance(data, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", data):
            self.fail("invalid")
        day = None
        with suppress(ValueError):
            day = date.fromisoformat(data)
        return day or self.fail("invalid")

    def shape(self) -> dict[str, Any]:
        return {"type": "string", "format": "date"}


class Amount(Shaped, serializers.DecimalField):
    """Yuan or mu: text ("24000.50"), or a JSON number. More decimals than are kept are refused, not rounded."""

    @property
    def whole_digits(self) -> int:
        return (self.max_digits or 12) - (self.decimal_places or 0)

    @property
    def limit(self) -> int:
        return int(10**self.whole_digits) - 1

    def to_internal_value(self, data: Any) -> Decimal:
        if isinstance(data, bool) or not isinstance(data, (int, float, str)):
            self.fail("invalid")
        if isinstance(data, str):
            if not re.fullmatch(self.pattern.removeprefix("^").removesuffix("$"), data):
                self.fail("invalid")
            return Decimal(data)
        if not abs(data) <= self.limit:
            self.fail("invalid")
        nearest = round(Decimal(repr(data)), self.decimal_places or 0)
        if nearest != Decimal(repr(data)):
            raise serializers.ValidationError(f"最多保留 {self.decimal_places} 位小数，请改正。", code=RULE)
        return nearest

    @property
    def pattern(self) -> str:
        return rf"^-?[0-9]{{1,{self.whole_digits}}}(\.[0-9]{{1,{self.decimal_places}}})?$"

    def shape(self) -> dict[str, Any]:
        return {
            "anyOf": [
                {"type": "string", "pattern": self.pattern},
                {"type": "number", "minimum": -self.limit, "maximum": self.limit},
            ],
            "description": "文本形式的小数，或数",
        }


class Codes(serializers.ListField):
    """A JSON array."""


class StrictSerializer(serializers.Serializer):
    """Takes a JSON object with known names only."""

    def to_internal_value(self, data: Any) -> Any:
        refuse_unknown(data, self.fields)
        return super().to_internal_value(data)


def refuse_unknown(data: Any, known: Collection[str]) -> None:
    """Raise ValidationError for names that are none: a misspelt name would be left out in silence."""
    unknown = sorted(set(data) - set(known)) if isinstance(data, dict) else []
    if unknown:
        raise serializers.ValidationError({str(name): ["没有这一项，请对照接口说明。"] for name in unknown})


class Facts(serializers.ModelSerializer):
    """Facts to be typed into a model's row; which of them a verb needs, and whether they may be saved, is the verb's
    to say. What is left out stays as it is."""

    serializer_field_mapping: ClassVar[dict[Any, Any]] = {
        **serializers.ModelSerializer.serializer_field_mapping,
        models.CharField: Text,
        models.TextField: Number,  # every sealed text is a number
        models.BooleanField: Answer,
        models.DateField: Day,
        models.DecimalField: Amount,
        models.PositiveSmallIntegerField: Whole,
        models.PositiveIntegerField: Whole,
        ArrayField: Codes,
    }

    def to_internal_value(self, data: Any) -> Any:
        refuse_unknown(data, self.fields)
        return super().to_internal_value(data)

    def get_extra_kwargs(self) -> Any:
        given = super().get_extra_kwargs()
        needed = getattr(self.Meta, "needed", ())
        return {name: {"required": name in needed, **given.get(name, {})} for name in self.Meta.fields}

    def get_validators(self) -> list[Any]:
        return []


@extend_schema_field({"type": "string"})
class Masked(serializers.Field):
    """A sealed value as it may be shown."""

    def __init__(self, mask: Callable[[str], str], **kwargs: Any) -> None:
        self.mask = mask
        super().__init__(read_only=True, **kwargs)

    def to_representation(self, value: Any) -> str:
        return self.mask(value or "")


@extend_schema_field({"type": "string", "nullable": True, "pattern": r"^[0-9]{4}(-[0-9]{2}-[0-9]{2})?$"})
class BirthDate(serializers.Field):
    """A day that is one of birth, as it may be shown beside the masked numbers of the same row (povreg.kit.masking)."""

    def __init__(self, day: str, papers: tuple[str, ...], is_birth: Callable[[Any], bool] | None = None, **kwargs: Any):
        self.day, self.papers, self.is_birth = day, papers, is_birth
        kwargs.setdefault("help_text", "有证件号码的只到年份，号码和出生日期不同时完整显示")
        super().__init__(read_only=True, source="*", **kwargs)

    def to_representation(self, row: Any) -> str | None:
        hidden = self.is_birth is None or self.is_birth(row)
        return birth_shown(getattr(row, self.day), *(getattr(row, name) for name in self.papers if hidden))


def masked_id(**kwargs: Any) -> Masked:
    return Masked(mask_id, help_text="打码", **kwargs)


def masked_phone(**kwargs: Any) -> Masked:
    return Masked(mask_phone, help_text="打码", **kwargs)


def masked_bank(**kwargs: Any) -> Masked:
    return Masked(mask_bank, help_text="打码", **kwargs)


def masked_name(**kwargs: Any) -> Masked:
    return Masked(mask_name, help_text="打码", **kwargs)


class RowSerializer(serializers.ModelSerializer):
    """A row as it is answered: a choice that may be "not recorded" is described so. Of fields that are only read,
    Django REST framework forgets it."""

    def include_extra_kwargs(self, kwargs: dict[str, Any], extra_kwargs: dict[str, Any]) -> dict[str, Any]:
        blank = {"allow_blank": True} if kwargs.get("choices") and kwargs.get("allow_blank") else {}
        return {**super().include_extra_kwargs(kwargs, extra_kwargs), **blank}
