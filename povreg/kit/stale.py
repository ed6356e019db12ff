"""Two people had the same record open: the one idiom of every verb that changes what a form has shown.

A form carries the ``version`` of the row it shows. The verb locks the row, calls :func:`check_version`, changes it and
counts the version up. Who was slower gets a :class:`Conflict`: who saved what meanwhile. Nothing is changed and nothing
typed is lost; pages answer 409 with the form, the API 409 with the clashes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NoReturn

from django.db.models import Field
from django.utils import timezone

from povreg.kit.history import Versioned
from povreg.kit.values import BLANK, shown, who

UNSAID = ("id", "version", "updated_at")


@dataclass(frozen=True, slots=True)
class FieldClash:
    """One field that somebody else changed since the form was opened. The three values are texts to show
    (labels for codes, masked numbers): what the form had shown, what is stored now, what was typed."""

    row: str
    field: str
    label: str
    seen: str
    stored: str
    typed: str


@dataclass
class Conflict(Exception):  # noqa: N818 - an answer, not an accident
    """Somebody else saved the record after this form was opened; nothing was changed and nothing typed is lost.

    ``versions`` holds the present version by row key ("" for the record itself): put them into the form again, and the
    next save is made on top of what is stored now.
    """

    who: str
    when: datetime | None
    clashes: list[FieldClash] = field(default_factory=list)
    versions: dict[str, int] = field(default_factory=dict)

    @property
    def message(self) -> str:
        time = f"{timezone.localtime(self.when):%m月%d日 %H:%M}" if self.when else "刚才"
        names = "、".join(dict.fromkeys(clash.label for clash in self.clashes))
        what = f"改动了：{names}" if names else "保存过这条记录"
        return f"{self.who} 在 {time} {what}。您填写的内容仍在本页，请核对后再次保存。"

    def __str__(self) -> str:
        return self.message


def check_version(row: Versioned, version: int | None, typed: Mapping[str, Any], key: str = "") -> None:
    """Raise Conflict when ``row`` was saved after the form showed it (``version`` None: the form had no such row)."""
    if version is not None and row.version != version:
        refuse_stale(row, version, typed, key)


def refuse_stale(row: Versioned, version: int, typed: Mapping[str, Any], key: str = "") -> NoReturn:
    """Raise Conflict naming who saved last, when, and each field that differs from what the form had shown."""
    events = row.history.model  # type: ignore[attr-defined]
    versions = events.objects.filter(pgh_obj_id=row.pk).select_related("pgh_context").order_by("pgh_id")
    seen = versions.filter(version=version).last()
    last = versions.last()
    raise Conflict(
        who=who(last.pgh_context if last else None),
        when=last.pgh_created_at if last else None,
        clashes=_clashes(row, seen, typed, key) if seen else [],
        versions={key: row.version},
    )


def _clashes(row: Versioned, seen: Any, typed: Mapping[str, Any], key: str) -> list[FieldClash]:
    clashes = []
    for each in row._meta.concrete_fields:
        if each.name in UNSAID or each.name.endswith("_hash") or not hasattr(seen, each.attname):
            continue
        before, now = getattr(seen, each.attname), getattr(row, each.attname)
        if before != now:
            mine = _said(each, typed[each.name]) if each.name in typed else ""
            clashes.append(
                FieldClash(key, each.name, str(each.verbose_name), _said(each, before), _said(each, now), mine)
            )
    return clashes


def _said(of: Field, value: Any) -> str:
    """A value in words; a row that is pointed to by its name."""
    if of.related_model is None or value is None:
        return shown(of, value)
    if hasattr(value, "_meta"):
        return str(value)
    rows: Any = of.related_model
    return str(rows._default_manager.filter(pk=value).first() or BLANK)
