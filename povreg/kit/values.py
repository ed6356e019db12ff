"""How stored values and authors read: labels for codes, masks for numbers, words for yes and no."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from povreg.kit.fields import CodeField, SealedTextField, SecretField
from povreg.kit.history import SYSTEM
from povreg.kit.masking import birth_shown, mask_bank, mask_id, mask_phone

BLANK = "未填写"
HIDDEN = "不显示"
OUTSIDE = "数据库直接修改（未登记）"
BIRTH = "birth_date"
MASKS = {"phone": mask_phone, "bank_account": mask_bank}
_label_of: list[Callable[[str, str], str]] = []


def on_code_label(label: Callable[[str, str], str]) -> None:
    """Say who knows the label of a code of a table."""
    _label_of[:] = [label]


def shown(field: models.Field, value: Any) -> str:
    """A stored value as a sentence shows it; sealed values are masked."""
    if value is None or value == "" or value == []:
        return BLANK
    if isinstance(field, SecretField):
        return HIDDEN
    if isinstance(field, SealedTextField):
        return MASKS.get(field.name, mask_id)(value)
    if isinstance(field, CodeField):
        return _label_of[0](field.code_table, value)
    if isinstance(field, ArrayField):
        return "、".join(shown(field.base_field, each) for each in value)
    if field.name == BIRTH:
        return f"{birth_shown(value, BIRTH)}年"
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    return plain(value)


def plain(value: Any) -> str:
    """A value without a code table: yes and no, dates, amounts."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, date):
        return f"{value.year}年{value.month}月{value.day}日"
    if isinstance(value, Decimal):
        return f"{value:,f}"
    return str(value)


def who(context: Any) -> str:
    """Name of the author of one change. Lists resolve names together (:func:`names_of`)."""
    if context is None:
        return OUTSIDE
    user_id = context.metadata.get("user")
    return names_of([user_id]).get(user_id, SYSTEM)


def names_of(user_ids: Iterable[Any]) -> dict[int, str]:
    """User id to the name shown, in one query."""
    ids = {user_id for user_id in user_ids if user_id}
    users: Any = get_user_model()._default_manager
    return {user.pk: str(user) for user in users.filter(pk__in=ids)} if ids else {}


LONGEST_NUMBER = 18  # digits of what a bigint holds


def digits_of(text: str) -> int | None:
    """The whole number that an address or a form of ours names; None for anything else. ``str.isdigit`` alone lets
    through what is no number ("²"), and numbers that no column holds."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER else None


def month_of(text: str) -> date:
    """The first day of a month (YYYY-MM); of the last one where it cannot be read."""
    today = timezone.localdate()
    year, _, month = text.partition("-")
    first, number = digits_of(year) or 0, digits_of(month[:2]) or 0
    if 2013 < first <= today.year and 1 <= number <= 12:
        return date(first, number, 1)
    return date(today.year - (today.month == 1), (today.month - 2) % 12 + 1, 1)
