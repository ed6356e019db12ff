"""Statements that nearly every request asks: put together once a process, planned once a connection.

Django puts a query together anew each time, and PostgreSQL plans it anew; for one row by its key both take longer than
the answer. A :class:`Statement` is planned by the server when a connection first runs it (``PREPARE``), :class:`Ready`
is a queryset that was put together once. Only for look-ups whose plan does not depend on their values. Behind a pooler
that hands out another connection for each transaction, set ``PREPARE_STATEMENTS=0``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property, lru_cache
from itertools import count
from typing import Any, NamedTuple

from django.conf import settings
from django.core.exceptions import EmptyResultSet
from django.db import connection, connections
from django.db.models import Model, QuerySet, Value
from django.db.models.query import ModelIterable, get_related_populators

from povreg.kit.reach import hinted
from povreg.kit.scopes import ABOVE_VILLAGES, end_of

PLACEHOLDER = re.compile(r"%(?:\((?P<name>\w+)\)s|(?P<each>s)|%)")
# What stands in a queryset for a value while it is put together: nothing that a condition holds by itself.
MARKS: Mapping[type, Callable[[int], Any]] = {
    int: lambda number: 31_001 + number,  # fits into the smallest whole number of the database, and is no year
    str: lambda number: f"\x02{number}",
    date: lambda number: date(1000, 1, 1 + number),
    datetime: lambda number: datetime(1000, 1, 1 + number, tzinfo=UTC),
}
Params = Mapping[str, Any] | Sequence[Any]
_numbers = count(1)


class Statement:
    """One SQL text with placeholders as the cursor takes them, all named or all in order."""

    def __init__(self, sql: str) -> None:
        self.sql = sql
        self.names: list[str] = []
        self._places = count(1)
        self.text = PLACEHOLDER.sub(self._numbered, sql)
        given = [f"%({name})s" for name in self.names] or ["%s"] * (next(self._places) - 1)
        self.values = f"({', '.join(given)})" if given else ""

    def _numbered(self, found: re.Match[str]) -> str:
        if found["each"]:
            return f"${next(self._places)}"
        if not found["name"]:
            return "%%"
        if found["name"] not in self.names:
            self.names.append(found["name"])
        return f"${self.names.index(found['name']) + 1}"

    def execute(self, cursor: Any, params: Params) -> None:
        """Run it on a cursor of Django's connection; the rows are fetched from the cursor."""
        if not settings.PREPARE_STATEMENTS:
            cursor.execute(self.sql, params)
            return
        known = _known_here()
        if name := known.get(self.sql):
            cursor.execute(hinted(self.sql, f"EXECUTE {name}{self.values}"), params)
            return
        name = f"povreg_{next(_numbers)}"  # never used twice: the server keeps a plan even if its first run fails
        cursor.execute(hinted(self.sql, f"PREPARE {name} AS {self.text}; EXECUTE {name}{self.values}"), params)
        known[self.sql] = name


@lru_cache(maxsize=64)
def planned(sql: str) -> Statement:
    """The statement of this text."""
    return Statement(sql)


def _known_here() -> dict[str, str]:
    """The statements that the server keeps for this very connection, and what they are called there."""
    own = connections[connection.alias].__dict__  # this thread's: ``connection`` itself stands for those of all threads
    kept = own.get("_povreg_prepared")
    if kept is None or kept[0] is not connection.connection:
        kept = own["_povreg_prepared"] = (connection.connection, {})
    names: dict[str, str] = kept[1]
    return names


class Shape(NamedTuple):
    """What Django made of a queryset."""

    statement: Statement
    params: tuple[Any, ...]
    converters: Any
    klass_info: Any
    select: Any
    annotations: Mapping[str, int]


@dataclass(frozen=True)
class Code:
    """What kind of value a place is: one with a code of so many digits."""

    digits: int

    def mark(self, number: int) -> str:
        return MARKS[str](number).ljust(self.digits, "\x03")


class Ready:
    """A queryset given as a function of its values, which stand in its conditions as they are (a text also as the end
    of a range of places, a :class:`Code` also as the places above it): whole numbers, texts, days, moments or places
    (``kinds``). It gives whole rows with what is annotated (``select_related`` may join others), or tuples after
    ``values_list``. Where its values are not ``alike`` (a county holds more than a village) it is planned each time."""

    def __init__(self, make: Callable[..., QuerySet[Any, Any]], *kinds: type | Code, alike: bool = True) -> None:
        self.make, self.alike = make, alike
        self.kinds = kinds
        self.marks = [
            kind.mark(number) if isinstance(kind, Code) else MARKS[kind](number) for number, kind in enumerate(kinds)
        ]

    def __call__(self, *values: Any) -> list[Any]:
        """The rows for these values."""
        shape = self.shape
        if shape is None:
            return []
        rows = self._rows(shape.statement, shape.params, values)
        if shape.converters:
            rows = [tuple(_converted(row, shape.converters)) for row in rows]
        return self._built(shape, rows) if shape.klass_info else rows

    def count(self, *values: Any) -> int:
        """How many rows there are for these values."""
        counting = self.counting
        return int(self._rows(*counting, values)[0][0]) if counting else 0

    def sums(self, *values: Any) -> dict[str, Any]:
        """The numbers of a queryset made by :func:`summed`, by name, for these values."""
        if self.shape is None:
            asked = self.make(*self.marks).query.annotation_select
            return {name: each.empty_result_set_value for name, each in asked.items()}
        (found,) = self(*values)
        return {name: found[place] for name, place in self.shape.annotations.items()}

    def _rows(self, statement: Statement, params: Sequence[Any], values: Sequence[Any]) -> list[Any]:
        given = dict(self._given(values))
        params = [given.get(param, param) if isinstance(param, Hashable) else param for param in params]
        with connection.cursor() as cursor:
            if self.alike:
                statement.execute(cursor, params)
            else:
                cursor.execute(statement.sql, params)
            return cursor.fetchall()

    def _given(self, values: Sequence[Any]) -> Iterator[tuple[Any, Any]]:
        """What stands for each mark, and for what is made of it."""
        for kind, mark, value in zip(self.kinds, self.marks, values, strict=True):
            yield mark, value
            if not isinstance(mark, str):
                continue
            above = [each for each in ABOVE_VILLAGES if each < kind.digits] if isinstance(kind, Code) else ()
            places = [*((mark[:digits], value[:digits]) for digits in above), (mark, value)]
            for standing, code in places:
                yield standing, code
                yield end_of(standing), end_of(code)

    def first(self, *values: Any) -> Any:
        """The first row for these values, or None."""
        return next(iter(self(*values)), None)

    @cached_property
    def shape(self) -> Shape | None:
        """What Django makes of it; None where it finds that no row can meet the conditions, whatever the values."""
        rows = self.make(*self.marks)
        compiler = rows.query.get_compiler(connection=connection)
        try:
            sql, params = compiler.as_sql()
        except EmptyResultSet:
            return None
        converters = compiler.get_converters([each[0] for each in compiler.select])
        whole = issubclass(rows._iterable_class, ModelIterable)
        annotations = compiler.annotation_col_map or {}
        klass_info = compiler.klass_info if whole else None
        return Shape(Statement(sql), tuple(params), converters, klass_info, compiler.select, annotations)

    @cached_property
    def counting(self) -> tuple[Statement, tuple[Any, ...]] | None:
        """The statement that counts its rows; None as :attr:`shape` is."""
        rows = self.make(*self.marks)
        try:
            sql, params = rows.order_by().values_list("pk").query.get_compiler(connection=connection).as_sql()
        except EmptyResultSet:
            return None
        return Statement(f"SELECT count(*) FROM ({sql}) counted"), tuple(params)  # noqa: S608

    def _built(self, shape: Shape, rows: Sequence[Sequence[Any]]) -> list[Any]:
        info, select = shape.klass_info, shape.select
        start, end = info["select_fields"][0], info["select_fields"][-1] + 1
        names = [each[0].target.attname for each in select[start:end]]
        alias, from_db = connection.alias, info["model"].from_db
        populators = get_related_populators(info, select, alias)  # type: ignore[call-arg]
        found = []
        for row in rows:
            found.append(from_db(alias, names, row[start:end]))
            for name, place in shape.annotations.items():
                setattr(found[-1], name, row[place])
            for populator in populators:
                populator.populate(row, found[-1])
        return found


def summed(rows: QuerySet[Any], **asked: Any) -> QuerySet[Any, Any]:
    """What ``rows.aggregate(**asked)`` asks for, as a queryset of one row: for :meth:`Ready.sums`."""
    whole = rows.order_by().annotate(whole=Value(1)).values("whole")
    return whole.annotate(**asked).values_list(*asked)


class RowsOf:
    """Makes instances of a model out of the columns of a statement written by hand."""

    def __init__(self, model: type[Model]) -> None:
        self.model = model
        self.fields = model._meta.concrete_fields
        self.names = [field.attname for field in self.fields]

    def columns(self, alias: str) -> str:
        """The columns as the statement selects them from ``alias``."""
        return ", ".join(f'{alias}."{field.column}"' for field in self.fields)

    @cached_property
    def converters(self) -> Any:
        compiler = self.model._base_manager.all().query.get_compiler(connection=connection)
        return compiler.get_converters([field.get_col(self.model._meta.db_table) for field in self.fields])

    def build(self, values: Sequence[Any]) -> Any:
        """The row with these values, in the order of the columns."""
        return self.model.from_db(connection.alias, self.names, _converted(values, self.converters))


def _converted(row: Sequence[Any], converters: Any) -> Sequence[Any]:
    values = list(row)
    for place, (convert, expression) in converters.items():
        for each in convert:
            values[place] = each(values[place], expression, connection)
    return values
