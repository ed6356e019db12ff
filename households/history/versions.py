"""Versions of one kind of row, paired with the one before them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import OuterRef, Subquery

from households.history.labels import BLANK, shown

HIDDEN = {
    "id", "version", "updated_at", "created_at", "household", "member", "by", "at", "other", "id_area", "id_valid",
    "name_initials", "name_pinyin", "file", "size", "sha256", "content_type", "year", "digest", "target", "rule",
}  # fmt: skip
"""Fields that say nothing to a reader, or are said by the subject of the sentence."""


@dataclass(frozen=True, slots=True)
class Change:
    """One field: its label, what stood there, what stands there now (texts; sealed values masked)."""

    label: str
    before: str
    after: str

    def __str__(self) -> str:
        return f"{self.label}由 {self.before} 改为 {self.after}"


@dataclass(frozen=True, slots=True)
class Step:
    """One version of one row beside the one before it (None for the first)."""

    model: type[models.Model]
    event: Any
    before: Any

    @property
    def at(self) -> datetime:
        return self.event.pgh_created_at

    @property
    def kind(self) -> str:
        return {"insert": "added", "delete": "removed"}.get(self.event.pgh_label, "changed")

    def changes(self, places: dict[str, str]) -> tuple[Change, ...]:
        """What differs from the version before; for a first version, what was filled in."""
        if self.kind == "removed" or (self.kind == "changed" and self.before is None):
            return ()
        found = (self._change(field, places) for field in visible_fields(self.model))
        return tuple(change for change in found if change)

    def _change(self, field: models.Field, places: dict[str, str]) -> Change | None:
        new = getattr(self.event, field.attname)
        old = getattr(self.before, field.attname) if self.before else None
        if new == old or (self.before is None and new in (None, "", [])):
            return None
        if field.name == "village" and self.before is None:
            return None
        if field.name in ("village", "other_village"):
            return Change(str(field.verbose_name), places.get(old or "", BLANK), places.get(new or "", BLANK))
        return Change(str(field.verbose_name), shown(field, old), shown(field, new))


def visible_fields(model: type[models.Model]) -> Iterator[models.Field]:
    for field in model._meta.concrete_fields:
        if field.name not in HIDDEN and not field.name.endswith("_hash"):
            yield field


def steps(model: type[models.Model], rows: models.QuerySet, limit: int) -> list[Step]:
    """The latest ``limit`` versions of the rows, newest first, each with the one before it. Two queries at most."""
    events = model.history.rel.related_model.objects.filter(pgh_obj_id__in=rows.values("pk"))  # type: ignore[attr-defined]
    earlier = events.filter(pgh_obj_id=OuterRef("pgh_obj_id"), pgh_id__lt=OuterRef("pgh_id")).order_by("-pgh_id")
    latest = events.annotate(previous=Subquery(earlier.values("pgh_id")[:1])).select_related("pgh_context")
    versions = {event.pgh_id: event for event in latest.order_by("-pgh_id")[:limit]}
    cut_off = {event.previous for event in versions.values()} - {None, *versions}
    before = {**versions, **(events.in_bulk(cut_off) if cut_off else {})}
    return [Step(model, event, before.get(event.previous)) for event in versions.values()]
