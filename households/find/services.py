"""Verbs of the household list: keep a filter under a name, rename, drop, choose columns."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from households.find.columns import COLUMNS
from households.find.filters import checked
from households.find.selectors import MOST, place_to_share
from households.models import ListColumns, SavedFilter
from povreg.kit import locks
from villages.models import User

LONGEST = 20


def save_filter(
    *, by: User, name: str, query: Mapping[str, Any], columns: Sequence[str] = (), replace: bool = False
) -> SavedFilter:
    """Keep a filter under a name; ``replace`` puts it in the place of the one that has the name.

    Raises ValidationError (field ``name``) without a name, for a name that is taken, and beyond MOST filters;
    (field ``query``) for a filter that narrows nothing.
    """
    name, codes = _named(name), checked(query)
    if not codes:
        raise ValidationError({"query": "还没有选任何条件，没有可保存的筛选。请先选条件，再保存。"})
    with transaction.atomic():
        locks.hold("saved-filters", by.pk)
        mine = SavedFilter.objects.visible_to(by)
        row = mine.filter(name=name).first()
        if row and not replace:
            raise ValidationError({"name": f"已有名为“{name}”的筛选。请换个名称，或勾选“替换同名的筛选”。"})
        if row is None and mine.count() >= MOST:
            raise ValidationError({"name": f"最多保存 {MOST} 个筛选，请先在“管理”中删除不用的。"})
        row = row or SavedFilter(owner=by, name=name)
        row.query, row.columns = codes, _known(columns)
        row.save()
    return row


def rename_filter(*, by: User, saved: SavedFilter, name: str) -> SavedFilter:
    """Give a saved filter another name. Raises ValidationError (field ``name``) when there is none or it is taken."""
    name = _named(name)
    with transaction.atomic():
        locks.hold("saved-filters", by.pk)
        if SavedFilter.objects.visible_to(by).filter(name=name).exclude(pk=saved.pk).exists():
            raise ValidationError({"name": f"已有名为“{name}”的筛选，请换个名称。"})
        saved.name = name
        saved.save(update_fields=["name"])
    return saved


def drop_filter(*, by: User, saved: SavedFilter) -> None:
    """Forget a saved filter; no household is touched."""
    SavedFilter.objects.visible_to(by).filter(pk=saved.pk).delete()


def share_filter(*, by: User, saved: SavedFilter, on: bool) -> SavedFilter:
    """Let the people of one's place use a filter, or end that. They see its name and conditions and change nothing.

    Raises PermissionDenied for another's filter, and without NOTE_SEND anywhere.
    """
    place = place_to_share(by)
    if saved.owner_id != by.pk or (on and not place):
        raise PermissionDenied
    saved.shared_in = place if on else ""
    saved.save(update_fields=["shared_in"])
    return saved


def choose_columns(*, by: User | None, columns: Sequence[str]) -> list[str]:
    """Remember the columns a person wants to see; none of them, or an unknown one only, brings back the usual ones."""
    known = _known(columns)
    ListColumns.objects.update_or_create(owner=by, defaults={"columns": known})
    return known


def _named(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise ValidationError({"name": "请给筛选起个名称，例如“住房未达标”。"})
    if len(name) > LONGEST:
        raise ValidationError({"name": f"名称最多 {LONGEST} 个字，现有 {len(name)} 个，请缩短。"})
    return name


def _known(columns: Sequence[str]) -> list[str]:
    return [code for code in COLUMNS if code in set(columns)]
