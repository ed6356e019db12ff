"""What is sealed: every table of history, with the plain values of each version and the context it was written in."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pghistory.models
from django.apps import apps
from django.db import connection
from django.db.models import Model
from psycopg2 import sql

from povreg.kit.crypto import decrypt
from povreg.kit.fields import LookupHashField, SealedTextField
from povreg.kit.scopes import COUNTY

PLACES = ("village_id", "place_id", "county_id", "township_id", "place_code")
"""Columns that tell the county of a version; the first that is there does."""
CONTEXT = "pgh_context_id"
READ = 2000


@dataclass(frozen=True)
class Version:
    """One version of a row: its id, its county (empty for none), what it says."""

    id: int
    county: str
    said: str


@dataclass(frozen=True)
class Source:
    """A table of history."""

    table: str
    columns: tuple[str, ...]
    sealed: frozenset[str]
    hashes: frozenset[str] = frozenset()

    @property
    def told(self) -> tuple[str, ...]:
        """What a leaf covers: not the look-up hashes, which another key makes anew from the values."""
        return tuple(name for name in self.columns if name not in self.hashes)

    @property
    def place(self) -> str:
        return next((name for name in PLACES if name in self.columns), "")

    def select(self, columns: Sequence[str], where: str, order: bool = True) -> sql.Composable:
        """Versions with their plain columns as JSON, the metadata of their context, and the sealed columns."""
        plain = [sql.Identifier(name) for name in columns if name not in self.sealed]
        sealed = [sql.Identifier("e", name) for name in columns if name in self.sealed]
        county = sql.SQL("left(coalesce({}, ''), 6)").format(sql.Identifier("e", self.place)) if self.place else None
        return sql.SQL(
            "SELECT e.pgh_id, {county}, (SELECT json_strip_nulls(row_to_json(r)) FROM (SELECT {plain}) AS r)::text, "
            "(SELECT metadata::text FROM public.pghistory_context AS c WHERE c.id = e.pgh_context_id){sealed} "
            "FROM public.{table} AS e WHERE {where}{order}"
        ).format(
            county=county or sql.SQL("''"),
            plain=sql.SQL(", ").join(sql.SQL("e.{}").format(name) for name in plain),
            sealed=sql.SQL("").join(sql.SQL(", {}").format(name) for name in sealed),
            table=sql.Identifier(self.table),
            where=sql.SQL(where),
            order=sql.SQL(" ORDER BY e.pgh_id" if order else ""),
        )

    def version(self, row: Sequence[Any]) -> Version:
        number, county, plain, context, *sealed = row
        said = json.dumps([self.table, plain, context, [decrypt(each) if each else "" for each in sealed]],
                          ensure_ascii=False)  # fmt: skip
        return Version(number, county if len(county) == COUNTY else "", said)

    def new(self, after: int, before: datetime) -> Iterator[Version]:
        """Versions after an id that were written before a moment."""
        query = self.select(self.told, "e.pgh_id > %s AND e.pgh_created_at < %s")
        in_utc()
        with connection.chunked_cursor() as cursor:
            cursor.execute(query, [after, before])
            while rows := cursor.fetchmany(READ):
                yield from map(self.version, rows)

    def those(self, ids: Sequence[int], columns: Sequence[str]) -> dict[int, Version]:
        """The versions of these ids that are there, with the columns they had when they were sealed."""
        query = self.select(columns, "e.pgh_id = ANY(%s)", order=False)
        in_utc()
        with connection.cursor() as cursor:
            cursor.execute(query, [list(ids)])
            return {version.id: version for version in map(self.version, cursor.fetchall())}

    def ids_before(self, before: datetime) -> Iterator[int]:
        """Ids of all versions that say they were written before a moment."""
        query = sql.SQL("SELECT pgh_id FROM public.{} WHERE pgh_created_at < %s ORDER BY pgh_id")
        with connection.chunked_cursor() as cursor:
            cursor.execute(query.format(sql.Identifier(self.table)), [before])
            while rows := cursor.fetchmany(READ * 10):
                yield from (number for (number,) in rows)


def in_utc() -> None:
    """Times are said in one way until the transaction ends, whatever the session's zone."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL TimeZone = 'UTC'")


def events() -> list[type[Model]]:
    """The models of history, in a steady order."""
    found = [model for model in apps.get_models() if issubclass(model, pghistory.models.Event)]
    return sorted((model for model in found if model._meta.managed), key=lambda model: model._meta.db_table)


def source_of(event: type[Model]) -> Source:
    fields = event._meta.concrete_fields
    sealed = frozenset(str(field.column) for field in fields if isinstance(field, SealedTextField))
    hashes = frozenset(str(field.column) for field in fields if isinstance(field, LookupHashField))
    return Source(event._meta.db_table, tuple(str(field.column) for field in fields), sealed, hashes)


def sources() -> list[Source]:
    return [source_of(event) for event in events()]
