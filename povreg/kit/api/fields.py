"""Serializer fields that take JSON as the schema says it, and fields that mask what nobody needs to read in full.

REST framework forgives much (5 for "5", "yes" for true); a register that guesses takes the wrong value in silence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from decimal import Decimal
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from povreg.kit.masking import mask_bank, mask_id, mask_name, mask_phone

LARGEST_ID = 2**63 - 1


class Text(serializers.CharField):
    """A JSON string."""

    default_error_messages = {"invalid": "应为文本。"}

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


UNMASKED = re.compile(r"^[^*]*$")


class Number(Text):
    """A number of a paper, phone or account on its way in: whole, never the masked form that was read out."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 40)
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> str:
        text = super().to_internal_value(data)
        if not UNMASKED.match(text):
            raise serializers.ValidationError("这是打码的号码。请填写完整号码；不修改时不要提交此项。")
        return text


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
        if isinstance(data, bool) or not isinstance(data, (int, float)) or data != int(data):
            self.fail("invalid")
        return int(data)


class RowId(Whole):
    """The id of a row."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=1, max_value=LARGEST_ID, **kwargs)


class Amount(serializers.DecimalField):
    """Yuan or mu: text ("24000.50"), or a JSON number with no more decimals than are kept."""

    def to_internal_value(self, data: Any) -> Decimal:
        if isinstance(data, bool) or not isinstance(data, (int, float, str)):
            self.fail("invalid")
        if isinstance(data, float):
            nearest = round(data, self.decimal_places or 0)
            data = repr(nearest) if abs(nearest - data) < 10**-6 else repr(data)
        elif isinstance(data, str) and not re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", data):
            self.fail("invalid")
        value: Decimal = super().to_internal_value(data)
        return value


def amount_schema(field: serializers.DecimalField) -> dict[str, Any]:
    """What :class:`Amount` takes, as JSON schema."""
    whole = (field.max_digits or 12) - (field.decimal_places or 0)
    limit = 10**whole - 1
    return {
        "anyOf": [
            {"type": "string", "pattern": rf"^-?[0-9]{{1,{whole}}}(\.[0-9]{{1,{field.decimal_places}}})?$"},
            {"type": "integer", "minimum": -limit, "maximum": limit},
        ],
        "description": "文本形式的小数，或整数",
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
        models.DecimalField: Amount,
        models.PositiveSmallIntegerField: Whole,
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


def facts_of(name: str, of: type[models.Model], names: Collection[str], needed: Collection[str] = ()) -> type[Facts]:
    """A serializer of the facts ``names`` of a model."""
    meta = type("Meta", (), {"model": of, "fields": tuple(names), "needed": tuple(needed)})
    return type(name, (Facts,), {"Meta": meta, "__doc__": str(of._meta.verbose_name)})


@extend_schema_field({"type": "string"})
class Masked(serializers.Field):
    """A sealed value as it may be shown."""

    def __init__(self, mask: Callable[[str], str], **kwargs: Any) -> None:
        self.mask = mask
        super().__init__(read_only=True, **kwargs)

    def to_representation(self, value: Any) -> str:
        return self.mask(value or "")


def masked_id(**kwargs: Any) -> Masked:
    return Masked(mask_id, help_text="打码", **kwargs)


def masked_phone(**kwargs: Any) -> Masked:
    return Masked(mask_phone, help_text="打码", **kwargs)


def masked_bank(**kwargs: Any) -> Masked:
    return Masked(mask_bank, help_text="打码", **kwargs)


def masked_name(**kwargs: Any) -> Masked:
    return Masked(mask_name, help_text="打码", **kwargs)
