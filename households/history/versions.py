"""Versions of one kind of row, paired with the one before them."""

# ruff: noqa: S608 - the text is put together from names of tables only

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.db import connection, models
from pghistory.models import Context

from households.models.codes import BORN
from povreg.kit.prepared import RowsOf, planned
from povreg.kit.values import BLANK, shown

HIDDEN = {
    "id", "version", "updated_at", "created_at", "household", "member", "by", "at", "other", "id_area", "id_valid",
    "name_initials", "name_pinyin", "health", "file", "size", "sha256", "content_type", "year", "digest",
    "target", "rule", "review", "decided_by",
}  # fmt: skip
"""Fields that say nothing to a reader, or are said by the subject of the sentence."""


DAYS_OF_COMING = ("joined_on", "since", "happened_on")
WHY_COMING = ("joined_reason", "came", "member_change")


def came_by_birth(row: Any, field_name: str) -> bool:
    """Whether a day of a row (or version) is that on which somebody was born into a household: beside a masked number
    no finer than its year is shown (povreg.kit.masking)."""
    return field_name in DAYS_OF_COMING and BORN in {getattr(row, name, "") for name in WHY_COMING}


@dataclass(frozen=True, slots=True)
class Change:
    """One field: its label, what stood there, what stands there now (texts; sealed values masked)."""

    label: str
    before: str
    after: str

    def __str__(self) -> str:
        return f"{self.label}由 {self.before} 改为 {self.after}"


Subject = Callable[[Any, Mapping[int, str]], str]


def this_household(_event: Any, _people: Mapping[int, str]) -> str:
    return "本户"


@dataclass(frozen=True, slots=True)
class Source:
    """Rows of one kind that belong to a household, found by ``owner``, a column of theirs.

    ``subject`` names a row in a sentence, from its version and the names of the household's members by id. A fact of a
    year that is a person's current fact, too, is told once: ``person_of_year`` says whose fact a version of the yearly
    rows is, ``person`` whose one of the current rows. ``words`` says a value of a field that is no code, ``silent``
    names fields that are not told. Rows without a household of their own are found ``through`` another model's, whose
    key they share, or by the ``people`` they are about: columns that name persons who live there.
    """

    model: type[models.Model]
    owner: str = "household_id"
    subject: Subject = this_household
    person_of_year: Callable[[Any], int] | None = None
    person: Callable[[Any], int] | None = None
    words: tuple[tuple[str, Callable[[Any], str]], ...] = ()
    silent: frozenset[str] = frozenset()
    through: type[models.Model] | None = None
    people: tuple[str, ...] = ()

    @property
    def events(self) -> Any:
        return self.model.history.rel.related_model  # type: ignore[attr-defined]

    @property
    def table(self) -> str:
        return self.events._meta.db_table

    @property
    def condition(self) -> str:
        table = (self.through or self.model)._meta.db_table
        if self.people:
            found = (
                f"SELECT r.id FROM households_member m JOIN {table} r ON r.{name} = m.id "
                "WHERE m.household_id = %(household)s"
                for name in self.people
            )
            return f"e.pgh_obj_id IN ({' UNION ALL '.join(found)})"
        return f"e.pgh_obj_id IN (SELECT id FROM {table} WHERE {self.owner} = %(household)s)"

    def shown(self, field: models.Field, value: Any) -> str:
        """A value as the sentence says it."""
        say = dict(self.words).get(field.name)
        return say(value) if say and value not in (None, "", [], {}) else shown(field, value)


@dataclass(frozen=True, slots=True)
class Step:
    """One version of one row beside the one before it (None for the first), and the name of who wrote it."""

    source: Source
    event: Any
    before: Any
    author: str = ""

    @property
    def model(self) -> type[models.Model]:
        return self.source.model

    @property
    def at(self) -> datetime:
        return self.event.pgh_created_at

    @property
    def context(self) -> Any:
        return self.event.pgh_context

    @property
    def kind(self) -> str:
        return {"insert": "added", "delete": "removed"}.get(self.event.pgh_label, "changed")

    def changes(self, places: dict[str, str]) -> tuple[Change, ...]:
        """What differs from the version before; for a first version, what was filled in."""
        if self.kind == "removed" or (self.kind == "changed" and self.before is None):
            return ()
        told = (field for field in visible_fields(self.model) if field.name not in self.source.silent)
        found = (self._change(field, places) for field in told)
        return tuple(change for change in found if change)

    def _change(self, field: models.Field, places: dict[str, str]) -> Change | None:
        new = getattr(self.event, field.attname)
        old = getattr(self.before, field.attname) if self.before else None
        if new == old or (self.before is None and new in (None, "", [], {})):
            return None
        if field.name == "village" and self.before is None:
            return None
        if field.name in ("village", "other_village"):
            return Change(str(field.verbose_name), places.get(old or "", BLANK), places.get(new or "", BLANK))
        born = came_by_birth(self.event, field.name)
        said = (f"{value.year}年" if born and value else self.source.shown(field, value) for value in (old, new))
        return Change(str(field.verbose_name), *said)


def visible_fields(model: type[models.Model]) -> Iterator[models.Field]:
    for field in model._meta.concrete_fields:
        if field.name not in HIDDEN and not field.name.endswith("_hash"):
            yield field


def latest(sources: Iterable[Source], household_id: int, limit: int) -> list[tuple[datetime, Source]]:
    """When the latest ``limit`` versions of each source were written, newest first. One query."""
    sources = tuple(sources)
    with connection.cursor() as cursor:
        planned(_times(sources)).execute(cursor, {"household": household_id, "limit": limit})
        found = [(at, sources[number]) for number, at in cursor.fetchall()]
    return sorted(found, key=lambda each: each[0], reverse=True)


def steps(source: Source, household_id: int, limit: int) -> list[Step]:
    """The latest ``limit`` versions of the rows, newest first, each with the one before it, the context it was written
    in and its author. One query."""
    with connection.cursor() as cursor:
        planned(_versions(source)).execute(cursor, {"household": household_id, "limit": limit})
        return [_step(source, row) for row in cursor.fetchall()]


def _step(source: Source, row: Sequence[Any]) -> Step:
    *columns, metadata, author = row
    rows = _rows(source)
    event, before = columns[: len(rows.names)], columns[len(rows.names) :]
    version = rows.build(event)
    known = None if metadata is None else Context(id=version.pgh_context_id, metadata=json.loads(metadata))
    version.pgh_context = known
    first = before[rows.names.index("pgh_id")] is None
    return Step(source, version, None if first else rows.build(before), author or "")


@cache
def _rows(source: Source) -> RowsOf:
    return RowsOf(source.events)


# Written by hand: every household page asks for them, and putting them together anew takes longer than their answer.
@cache
def _times(sources: tuple[Source, ...]) -> str:
    parts = (
        f"(SELECT {number} AS source, e.pgh_created_at FROM {each.table} e WHERE {each.condition} "
        "ORDER BY e.pgh_id DESC LIMIT %(limit)s)"
        for number, each in enumerate(sources)
    )
    return " UNION ALL ".join(parts)


@cache
def _versions(source: Source) -> str:
    rows = _rows(source)
    earlier = (
        f"SELECT o.* FROM {source.table} o WHERE o.pgh_obj_id = e.pgh_obj_id AND o.pgh_id < e.pgh_id "
        "ORDER BY o.pgh_id DESC LIMIT 1"
    )
    return (
        f"SELECT {rows.columns('e')}, {rows.columns('b')}, c.metadata::text, coalesce(nullif(u.name, ''), u.username) "
        f"FROM (SELECT e.* FROM {source.table} e WHERE {source.condition} ORDER BY e.pgh_id DESC LIMIT %(limit)s) e "
        f"LEFT JOIN LATERAL ({earlier}) b ON true LEFT JOIN pghistory_context c ON c.id = e.pgh_context_id "
        "LEFT JOIN villages_user u ON u.id = (c.metadata->>'user')::bigint ORDER BY e.pgh_id DESC"
    )
