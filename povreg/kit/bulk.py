"""Rows by the hundred thousand: COPY into a temporary table, then one INSERT … SELECT.

COPY itself cannot carry the acting hand (povreg.kit.history), so the rows pass through a temporary table: the INSERT
that fires the history triggers is an ordinary statement. Memory stays flat whatever the number of rows.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from functools import partial
from itertools import islice
from typing import Any

from django.db import connection, models
from psycopg2 import sql

CHUNK = 5000
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def copy_text(value: Any) -> str:
    """One value in PostgreSQL's COPY text format; None is NULL, a list becomes an array literal."""
    if value.__class__ is not str:
        if value is None:
            return "\\N"
        if isinstance(value, bool):
            return "t" if value else "f"
        if isinstance(value, (list, tuple)):
            value = "{" + ",".join([f'"{item}"' for item in value]) + "}"
        value = str(value)
    return value if value.isprintable() and "\\" not in value else value.translate(_ESCAPES)  # type: ignore[no-any-return]


class _Lines:
    """A file of COPY lines made while it is read."""

    def __init__(self, rows: Iterable[Sequence[Any]]) -> None:
        self.rows = iter(rows)

    def read(self, _size: int = -1) -> str:
        return "".join("\t".join(map(copy_text, row)) + "\n" for row in islice(self.rows, CHUNK))


def statement(template: str, /, **names: Any) -> str:
    """SQL text with quoted identifiers put into ``{name}``; a list of names is joined by commas."""
    parts = {
        key: sql.SQL(", ").join(map(sql.Identifier, value)) if isinstance(value, list) else sql.Identifier(value)
        for key, value in names.items()
    }
    connection.ensure_connection()
    return sql.SQL(template).format(**parts).as_string(connection.connection)


def copy_into(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """COPY ``rows`` into ``table`` (a temporary one); returns the number of rows."""
    text = statement("COPY {table} ({columns}) FROM STDIN", table=table, columns=list(columns))
    with connection.cursor() as cursor:
        cursor.copy_expert(text, _Lines(rows))
        return cursor.rowcount


def insert_rows(model: type[models.Model], fields: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Insert ``rows`` of plain values into ``model``; columns left out get the model's defaults.

    Values are converted as the ORM would (sealed fields are sealed). Returns the number of rows. Call it inside
    :func:`povreg.kit.history.act`.
    """
    named: list[Any] = [model._meta.get_field(name) for name in fields]
    filled: list[Any] = [field for field in model._meta.concrete_fields if _left_out(field, named)]
    columns = [field.column for field in (*named, *filled)]
    target = model._meta.db_table
    names: dict[str, Any] = {"stage": f"stage_{target}", "target": target, "columns": columns}
    with connection.cursor() as cursor:
        cursor.execute(statement("CREATE TEMP TABLE {stage} AS SELECT {columns} FROM {target} WITH NO DATA", **names))
    count = copy_into(names["stage"], columns, _prepared(named, filled, rows))
    with connection.cursor() as cursor:
        cursor.execute(statement("INSERT INTO {target} ({columns}) SELECT {columns} FROM {stage}", **names))
        cursor.execute(statement("DROP TABLE {stage}", **names))
    return count


def _left_out(field: Any, named: Sequence[Any]) -> bool:
    return field not in named and not field.primary_key and not getattr(field, "generated", False)


def _prepared(named: Sequence[Any], filled: Sequence[Any], rows: Iterable[Sequence[Any]]) -> Iterator[list[Any]]:
    """The rows' values and the defaults of the fields they leave out, as the database takes them."""
    converters = [_converter(field) for field in named]
    for row in rows:
        values = [convert(value) for convert, value in zip(converters, row, strict=True)]
        yield values + [_default(field) for field in filled]


_STAYS: dict[Any, type] = {
    models.CharField.get_prep_value: str,
    models.TextField.get_prep_value: str,
    models.IntegerField.get_prep_value: int,
    models.DateField.get_prep_value: date,
}
"""What the ORM hands on as it is, by the method that looks at it."""


def _converter(field: Any) -> Callable[[Any], Any]:
    """What the ORM does to a value of this field; it is not asked where it would change nothing: for half a million
    rows that is more than all the rest."""
    while field.remote_field:
        field = field.target_field
    kind = type(field)
    stays = _STAYS.get(kind.get_prep_value)
    if stays is None and kind.get_db_prep_value is models.Field.get_db_prep_value:
        return field.get_prep_value  # type: ignore[no-any-return]
    convert = partial(field.get_db_prep_save, connection=connection)
    return convert if stays is None else partial(_unless, stays, convert)


def _unless(stays: type, convert: Callable[[Any], Any], value: Any) -> Any:
    return value if value is None or value.__class__ is stays else convert(value)


def _default(field: Any) -> Any:
    stamped = getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)
    value = field.pre_save(field.model(), True) if stamped else field.get_default()
    return field.get_db_prep_save(value, connection)


def refresh_statistics(*models_: type[models.Model]) -> None:
    """Tell the planner what the tables and their histories hold now; after a bulk load it would otherwise plan for
    empty ones until the database looks by itself, minutes later."""
    histories = [history for model in models_ for history in getattr(model, "pgh_event_models", {}).values()]
    tables = dict.fromkeys(model._meta.db_table for model in (*models_, *histories))
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(statement("ANALYZE {table}", table=table))
