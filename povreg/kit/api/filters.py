"""Filters of lists: each parameter is read as the schema says it, or refused with its name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

import django_filters
from django import forms
from django.core.validators import RegexValidator
from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.filters import BaseFilterBackend
from rest_framework.request import Request

from povreg.kit.api.fields import LARGEST_ID, RULE
from povreg.kit.scopes import within

PLACE = r"^[1-9][0-9]([0-9]{2}([0-9]{2}([0-9]{3}([0-9]{3}([0-9]{3})?)?)?)?)?$"
PLACE_SAID = "应为 2、4、6、9、12 或 15 位区划代码。"
WRONG_FORM = "格式不对，请对照接口说明。"
MOST_WORDS = 10


def described(filter_field: django_filters.Filter, schema: dict[str, Any]) -> None:
    """Say how the parameter looks in the OpenAPI description."""
    help_text = filter_field.extra.get("help_text")
    filter_field._spectacular_annotation = {"field": schema | ({"description": help_text} if help_text else {})}


def exactly(pattern: str, message: str) -> RegexValidator:
    """The whole text matches; ``$`` alone would let a line break follow."""
    return RegexValidator(pattern.removesuffix("$") + r"\Z", message)


class Place(django_filters.CharFilter):
    """Rows inside a place (its code)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", "区划代码：该地及其下级")
        super().__init__(*args, strip=False, validators=[exactly(PLACE, PLACE_SAID)], **kwargs)
        described(self, {"type": "string", "pattern": PLACE})

    def filter(self, qs: QuerySet, value: str) -> QuerySet:
        return qs.filter(within(self.field_name, value)) if value else qs


class _WholeField(forms.IntegerField):
    default_error_messages = {"invalid": "应为整数。"}
    default_validators = []

    def to_python(self, value: Any) -> int | None:
        text = str(value or "")
        if text and not (text.isascii() and text.isdigit() and len(text) < 20):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return int(text) if text else None


class Whole(django_filters.Filter):
    """An integer: an id, a year."""

    field_class = _WholeField

    def __init__(self, *args: Any, least: int = 1, most: int = LARGEST_ID, **kwargs: Any) -> None:
        super().__init__(*args, min_value=least, max_value=most, **kwargs)
        described(self, {"type": "integer", "minimum": least, "maximum": most})


def whole_of(request: Request, name: str, least: int = 1, most: int = LARGEST_ID) -> int:
    """A number that an address must give. Raises ValidationError beside its name."""
    text = request.query_params.get(name, "")
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 20 else 0
    if not least <= number <= most:
        raise serializers.ValidationError({name: f"应为 {least} 至 {most} 的整数。"})
    return number


class Year(Whole):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"least": 1986, "most": 2100, "help_text": "年度", **kwargs})


class _DayField(forms.Field):
    def to_python(self, value: Any) -> date | None:
        text = str(value or "")
        try:
            if text and not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
                raise ValueError(text)
            return date.fromisoformat(text) if text else None
        except ValueError:
            raise forms.ValidationError("应为日期，例如 2020-10-08。", code="invalid") from None


class Day(django_filters.Filter):
    """A day as 2020-10-08."""

    field_class = _DayField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        described(self, {"type": "string", "format": "date"})


class Choice(django_filters.ChoiceFilter):
    """One of the listed values."""

    def __init__(self, *args: Any, choices: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        listed = [(str(value), label) for value, label in choices if value != ""]
        kwargs.setdefault("empty_label", "全部")
        super().__init__(*args, choices=listed, **kwargs)
        self.extra["error_messages"] = {"invalid_choice": "没有这个选项，请对照接口说明。"}
        said = "；".join(f"{value} {label}" for value, label in listed if value != label)
        if said and not kwargs.get("help_text"):
            self.extra["help_text"] = said
        described(self, {"type": "string", "enum": [value for value, _label in listed]})


class YesNo(django_filters.Filter):
    """true or false."""

    field_class = forms.TypedChoiceField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(
            *args,
            choices=[("", "全部"), ("true", "是"), ("false", "否")],
            coerce=lambda text: text == "true",
            empty_value=None,
            error_messages={"invalid_choice": "应为 true 或 false。"},
            **kwargs,
        )
        described(self, {"type": "boolean"})


class Word(django_filters.CharFilter):
    """A code, a number or a word, compared as it is."""

    def __init__(self, *args: Any, pattern: str = "", most: int = 40, **kwargs: Any) -> None:
        validators = [exactly(pattern, WRONG_FORM)] if pattern else []
        super().__init__(*args, max_length=most, strip=False, validators=validators, **kwargs)
        schema = {"type": "string", "minLength": 1, "maxLength": most}
        described(self, schema | ({"pattern": pattern} if pattern else {}))


class _ManyField(forms.Field):
    widget = forms.MultipleHiddenInput

    def __init__(self, *, pattern: str, most: int, known: Callable[[str], bool], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.pattern, self.most, self.known = pattern.removesuffix("$") + r"\Z", most, known

    def clean(self, value: Any) -> list[str]:
        words = list(value or [])
        if len(words) > MOST_WORDS or any(len(each) > self.most or not re.match(self.pattern, each) for each in words):
            raise forms.ValidationError(WRONG_FORM, code="invalid")
        strange = [each for each in words if not self.known(each)]
        if strange:
            raise forms.ValidationError(f"没有“{strange[0]}”这一项，请核对。", code=RULE)
        return words


class Words(django_filters.Filter):
    """A word that may be given several times; one that is not ``known`` is refused by rule (422)."""

    field_class = _ManyField

    def __init__(self, *args: Any, pattern: str, known: Callable[[str], bool], most: int = 60, **kwargs: Any) -> None:
        super().__init__(*args, pattern=pattern, most=most, known=known, **kwargs)
        item = {"type": "string", "minLength": 1, "maxLength": most, "pattern": pattern}
        described(self, {"type": "array", "items": item, "maxItems": MOST_WORDS})


class Id(django_filters.UUIDFilter):
    """The id of a job."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, error_messages={"invalid": "应为任务的 id。"}, **kwargs)
        described(self, {"type": "string", "format": "uuid"})


class Code(Word):
    """A national code."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, pattern=r"^[0-9A-Za-z]{1,4}$", most=4, **kwargs)


ORDERING = "ordering"


class OrderBackend(BaseFilterBackend):
    """``?ordering=name`` or ``-name``, out of the view's ``orderings`` only; the first one is the default. Ties are
    broken by the key, so that no page repeats a row."""

    def filter_queryset(self, request: Request, queryset: QuerySet, view: Any) -> QuerySet:
        orderings: dict[str, Sequence[str]] = view.orderings
        asked = request.query_params.get(ORDERING, next(iter(orderings), ""))
        if not orderings or (ORDERING not in request.query_params and queryset.query.order_by):
            return queryset
        if asked.removeprefix("-") not in orderings or asked.startswith("--"):
            raise serializers.ValidationError({ORDERING: f"只能按 {'、'.join(names(view))} 排序。"})
        columns = orderings[asked.removeprefix("-")]
        if asked.startswith("-"):
            columns = [column.removeprefix("-") if column.startswith("-") else f"-{column}" for column in columns]
        return queryset.order_by(*columns, "pk")

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        if not view.orderings:
            return []
        schema = {"type": "string", "enum": names(view)}
        return [{"name": ORDERING, "in": "query", "required": False, "description": "排序", "schema": schema}]


def names(view: Any) -> list[str]:
    return [sign + name for name in view.orderings for sign in ("", "-")]
