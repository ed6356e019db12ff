"""How values stand in the cells of a form: as on the pages, but what is not recorded is left blank."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from povreg.kit.masking import birth_shown
from povreg.kit.values import shown

NEVER_BLANK = "无"


def cell(row: Any, name: str) -> str:
    """The value of a field, masked where it is sealed; blank where it is not recorded."""
    value = getattr(row, name, None)
    return "" if row is None or value in (None, "", []) else shown(row._meta.get_field(name), value)


def label_of(model: Any, name: str) -> str:
    return str(model._meta.get_field(name).verbose_name)


def facts(row: Any, names: tuple[str, ...], model: Any = None) -> tuple[tuple[str, str], ...]:
    """Label and value of each field."""
    return tuple((label_of(model or type(row), name), cell(row, name)) for name in names)


def day(value: date | None) -> str:
    return f"{value.year}年{value.month}月{value.day}日" if value else ""


def yuan(value: Decimal | None) -> str:
    return "" if value is None else f"{value:,.2f}"


def amount(value: Decimal | None, unit: str = "") -> str:
    """``3`` or ``3.5`` with its unit."""
    return "" if value is None else f"{value.normalize():f}{unit}"


def born(member: Any) -> str:
    """The year of birth beside a masked number."""
    said = birth_shown(member.birth_date, member.id_no)
    return f"{said}年" if said and member.id_no else said or ""
