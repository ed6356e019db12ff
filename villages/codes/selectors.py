"""Reading code tables: label of a code, code of a label, choices for a form.

Tables are small and change with releases only, so each process keeps them for :data:`KEEP_SECONDS`.
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import models

from povreg.kit.fields import CodeField
from povreg.kit.idnumber import half_width
from povreg.kit.plaintext import UNSEEN
from villages.models import Code

KEEP_SECONDS = 300.0


@dataclass
class Table:
    """One code table: labels in order, and every spelling of every code."""

    labels: dict[str, str] = field(default_factory=dict)
    spellings: dict[str, str] = field(default_factory=dict)


@dataclass
class _Kept:
    tables: dict[str, Table] = field(default_factory=dict)
    until: float = 0.0


_kept = _Kept()


def plain(text: str) -> str:
    """A label as it is compared: half-width, without blanks and what cannot be seen, in lower case."""
    return "".join(half_width(text).translate(UNSEEN).split()).lower()


def _load() -> dict[str, Table]:
    tables: dict[str, Table] = {}
    for row in Code.objects.all():
        table = tables.setdefault(row.table, Table())
        table.labels[row.code] = row.label
        for spelling in (*row.spellings, row.code.lstrip("0") or row.code, row.code, row.label):
            table.spellings[plain(spelling)] = row.code
    return tables


def forget() -> None:
    """Drop what this process keeps; the next reader loads afresh."""
    _kept.until = 0.0


def tables() -> dict[str, Table]:
    """All tables by name."""
    now = time.monotonic()
    if now >= _kept.until:
        loaded = _load()
        if not loaded:
            return loaded
        _kept.tables, _kept.until = loaded, now + KEEP_SECONDS
    return _kept.tables


def _table(name: str) -> Table:
    found = tables().get(name)
    if found is None:
        raise KeyError(f"no code table {name!r}")
    return found


def labels(table: str) -> dict[str, str]:
    """Code to national label, in the table's order."""
    return _table(table).labels


def label(table: str, code: str) -> str:
    """The national label; an unknown code is shown as it is, an empty one as nothing."""
    return _table(table).labels.get(code, code) if code else ""


def labels_of(table: str, codes: Iterable[str]) -> str:
    """The labels of several codes, as a sentence lists them."""
    return "、".join(label(table, code) for code in codes)


def choices(table: str) -> list[tuple[str, str]]:
    """(code, label) pairs for a form control."""
    return list(labels(table).items())


def find(table: str, text: str) -> str | None:
    """The code for a label, a code or any known spelling; None when the text is unknown."""
    return _table(table).spellings.get(plain(text))


def check_codes(row: models.Model) -> None:
    """Raises ValidationError beside each code of a row that its table does not hold."""
    coded = [field for field in row._meta.concrete_fields if isinstance(field, CodeField)]
    wrong = {
        field.name: f"{field.verbose_name}没有“{value}”这个代码，请重新选择。"
        for field in coded
        if (value := getattr(row, field.attname)) and value not in labels(field.code_table)
    }
    if wrong:
        raise ValidationError(wrong)
