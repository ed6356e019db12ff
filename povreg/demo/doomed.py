"""Which rows a demonstration that is taken out takes along, and their deletion, as the owner of the tables.

Rows are found by what the database knows about itself: foreign keys, places, histories. A new subject is not forgotten.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pghistory.models
from django.apps import apps
from django.db import models
from psycopg2 import sql

from households.models import Household
from povreg.kit.scopes import end_of
from villages.models import Place, SignInAttempt, User

KEPT = frozenset({Place._meta.db_table})
"""Places were loaded from the national list, not by the demonstration."""
TRAIL = SignInAttempt._meta.db_table
"""Stays, and forgets whose account it was."""
CODES = ("place_code",)
"""Columns with the code of a place that are no foreign key."""
Model = type[models.Model]
Files = Iterator[tuple[models.FileField, str]]


def tables() -> list[Model]:
    """Our tables of current rows, in a steady order."""
    found = [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed
        and not model._meta.proxy
        and not issubclass(model, (pghistory.models.Event, pghistory.models.Context))
        and model._meta.db_table not in KEPT
    ]
    return sorted(found, key=lambda model: model._meta.db_table)


def histories() -> dict[str, type[pghistory.models.Event]]:
    """The history of each table that has one."""
    events = [model for model in apps.get_models() if issubclass(model, pghistory.models.Event)]
    return {
        event.pgh_tracked_model._meta.db_table: event  # type: ignore[attr-defined]
        for event in events
        if getattr(event, "pgh_tracked_model", None)
    }


def notes_arrivals(history: Any) -> bool:
    """Whether a history notes when a row came."""
    return any(tracker.label == "insert" for tracker in history.pgh_trackers)


def pointing(model: Model) -> Iterator[tuple[str, Model, bool]]:
    """Its foreign keys: column, what it points to, whether it is emptied when that goes."""
    for field in model._meta.concrete_fields:
        if field.related_model:
            emptied = field.remote_field.on_delete is models.SET_NULL  # type: ignore[union-attr]
            yield str(field.column), field.related_model, emptied or model._meta.db_table == TRAIL


def placed(model: Model) -> Iterator[str]:
    """Its columns that hold the code of a place."""
    for field in model._meta.concrete_fields:
        if field.related_model is Place or (field.name in CODES and not field.related_model):
            yield str(field.column)


def stamped(model: Model) -> str:
    """Its column that says when a row came; empty for none."""
    found = [str(field.column) for field in model._meta.concrete_fields if getattr(field, "auto_now_add", False)]
    return found[0] if found else ""


def going(table: str) -> str:
    """The temporary table with the keys of the rows that go."""
    return f"going_{table}"[:63]


class Doomed:
    """The rows that go, as temporary tables of their keys. With ``practice`` also households and accounts that people
    of the demonstration entered later."""

    def __init__(self, cursor: Any, county: str, practice: bool = False) -> None:
        self.cursor, self.practice = cursor, practice
        self.within = {"first": county, "end": end_of(county)}
        self.models = tables()
        self.there = {model._meta.db_table: model for model in self.models}
        self.histories = histories()
        self.counts: dict[str, int] = {}

    def find(self) -> int:
        """What came with the demonstration or from its people, then whatever points to it, until nothing is added;
        returns how many rows."""
        self.cursor.execute(MOMENTS, self.within)
        self.cursor.execute(PRACTISING if self.practice else PEOPLE)
        for model in self.models:
            self.run(KEYS, model, key=str(model._meta.pk.column))
            self.run("ALTER TABLE {going} ADD PRIMARY KEY (key)", model)
            self.counts[model._meta.db_table] = 0
        for model in self.models:
            for column in placed(model):
                self.add(model, f"t.{{column}} >= %(first)s AND t.{{column}} < %(end)s AND {self.came(model)}", column)
        while self.spread():
            pass
        return sum(self.counts.values())

    def came(self, model: Model) -> str:
        """The condition that a row came with the demonstration or from its people; where nothing tells when a row came,
        it is one that the register derives."""
        history = self.histories.get(model._meta.db_table)
        if history and notes_arrivals(history):
            strict = model in (Household, User) and not self.practice
            return CAME.replace("{history}", history._meta.db_table).replace(
                "{people}", "false" if strict else BY_PEOPLE
            )
        stamp = stamped(model)
        return AFTERWARDS.replace("{stamp}", stamp) if stamp else "true"

    def run(self, text: str, model: Model, **names: str) -> int:
        """Execute a statement with identifiers quoted into it; returns how many rows it met."""
        table = model._meta.db_table
        quoted = {key: sql.Identifier(name) for key, name in names.items()}
        found = sql.SQL(text).format(going=sql.Identifier(going(table)), table=sql.Identifier(table), **quoted)
        self.cursor.execute(found.as_string(self.cursor.cursor), self.within)
        return int(self.cursor.rowcount)

    def count(self, text: str, model: Model, **names: str) -> int:
        """The number that a question answers."""
        self.run(text, model, **names)
        return int(self.cursor.fetchone()[0])

    def add(self, model: Model, condition: str, column: str, **names: str) -> int:
        """Doom the rows that meet a condition; returns how many more."""
        key = str(model._meta.pk.column)
        added = self.run(f"{ADD} WHERE {condition} ON CONFLICT DO NOTHING", model, key=key, column=column, **names)
        self.counts[model._meta.db_table] += added
        return added

    def spread(self) -> int:
        """Once round: rows that point to rows that go; returns how many more."""
        added = 0
        for model in self.models:
            for column, target, emptied in pointing(model):
                table = target._meta.db_table
                if not emptied and self.counts.get(table):
                    added += self.add(
                        model, "EXISTS (SELECT FROM {other} AS o WHERE o.key = t.{column})", column, other=going(table)
                    )
        return added

    def files(self) -> Files:
        """Stored files that go: their fields and names."""
        for model in self.found():
            for field in model._meta.concrete_fields:
                if isinstance(field, models.FileField):
                    self.run(NAMES, model, column=str(field.column), key=str(model._meta.pk.column))
                    yield from [(field, name) for (name,) in self.cursor.fetchall() if name]

    def found(self) -> list[Model]:
        """The tables of which rows go."""
        return [model for model in self.models if self.counts[model._meta.db_table]]

    def delete(self) -> dict[str, int]:
        """Take them out; returns how many of each table. Only what writes the history stays awake meanwhile. Raises
        IntegrityError where a row that stays points to one that goes."""
        found = self.found()
        self.cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        asleep = [(model, name) for model in self.models for name in self.refusing(model)]
        for model, name in asleep:
            self.run("ALTER TABLE public.{table} DISABLE TRIGGER {name}", model, name=name)
        self.cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        self.empty(found)
        for model in found:
            key = str(model._meta.pk.column)
            self.run("DELETE FROM public.{table} WHERE {key} IN (SELECT key FROM {going})", model, key=key)
        self.cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for model, name in asleep:
            self.run("ALTER TABLE public.{table} ENABLE TRIGGER {name}", model, name=name)
        return {model._meta.db_table: self.counts[model._meta.db_table] for model in found}

    def empty(self, found: list[Model]) -> None:
        """Columns that are emptied, of rows that stay."""
        for model in self.models:
            for column, target, emptied in pointing(model):
                if emptied and target in found:
                    other, key = going(target._meta.db_table), str(model._meta.pk.column)
                    self.run(EMPTY, model, column=column, other=other, key=key)

    def refusing(self, model: Model) -> list[str]:
        """Triggers of a table besides those that write its history."""
        self.run(TRIGGERS.replace("{named}", f"public.{model._meta.db_table}"), model)
        return [name for (name,) in self.cursor.fetchall()]


INVENTED = "c.metadata ->> 'verb' = 'load_demo'"
MOMENTS = f"""
CREATE TEMPORARY TABLE going_moments ON COMMIT DROP AS
SELECT e.pgh_created_at AS at FROM public.households_householdevent AS e
JOIN public.pghistory_context AS c ON c.id = e.pgh_context_id
WHERE e.village_id >= %(first)s AND e.village_id < %(end)s AND {INVENTED}
UNION SELECT e.pgh_created_at FROM public.villages_userevent AS e
JOIN public.pghistory_context AS c ON c.id = e.pgh_context_id
WHERE e.place_id >= %(first)s AND e.place_id < %(end)s AND {INVENTED}
"""  # noqa: S608 - constants
"""The moments (of transactions) at which the demonstration was loaded."""
OPENED = f"""
SELECT e.pgh_obj_id::text AS id FROM public.villages_userevent AS e
WHERE e.pgh_label = 'insert'
AND e.pgh_created_at IN (SELECT c.created_at FROM public.pghistory_context AS c WHERE {INVENTED})
"""  # noqa: S608 - constants
PEOPLE = f"CREATE TEMPORARY TABLE going_people ON COMMIT DROP AS {OPENED}"
"""Accounts that demonstrations opened, those of other counties, too: there may be one set for all."""
PRACTISING = f"""
CREATE TEMPORARY TABLE going_people ON COMMIT DROP AS WITH RECURSIVE found AS (
    {OPENED} UNION SELECT e.pgh_obj_id::text FROM public.villages_userevent AS e
    JOIN public.pghistory_context AS c ON c.id = e.pgh_context_id JOIN found AS f ON f.id = c.metadata ->> 'user'
    WHERE e.pgh_label = 'insert'
) SELECT id FROM found
"""  # noqa: S608 - constants
"""And whom these let in."""
BY_PEOPLE = "c.metadata ->> 'user' IN (SELECT id FROM going_people)"
CAME = """
EXISTS (SELECT FROM public.{history} AS e LEFT JOIN public.pghistory_context AS c ON c.id = e.pgh_context_id
WHERE e.pgh_obj_id = t.{key} AND e.pgh_label = 'insert'
AND (e.pgh_created_at IN (SELECT at FROM going_moments) OR {people}))
"""
AFTERWARDS = "t.{stamp} >= (SELECT min(at) - interval '5 minutes' FROM going_moments)"
"""The clock of the machine that writes may differ from that of the database."""
KEYS = "CREATE TEMPORARY TABLE {going} ON COMMIT DROP AS SELECT {key} AS key FROM public.{table} WHERE false"
ADD = "INSERT INTO {going} SELECT t.{key} FROM public.{table} AS t"
NAMES = "SELECT {column} FROM public.{table} WHERE {key} IN (SELECT key FROM {going})"
EMPTY = """
UPDATE public.{table} AS t SET {column} = NULL
WHERE t.{column} IN (SELECT key FROM {other}) AND NOT EXISTS (SELECT FROM {going} AS g WHERE g.key = t.{key})
"""
TRIGGERS = """
SELECT tgname FROM pg_trigger WHERE tgrelid = '{named}'::regclass AND NOT tgisinternal
AND tgname NOT LIKE 'pgtrigger\\_delete\\_delete%%' AND tgname NOT LIKE 'pgtrigger\\_update\\_update%%'
"""
