"""Building the statements that bring staged rows into a table: insert what is new, touch only what differs."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection, models

from households.sheets.staging import rows_of, run


def _quoted(names: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _columns(model: type[models.Model], fields: Sequence[str]) -> list[str]:
    found: list[Any] = [model._meta.get_field(name) for name in fields]
    return [field.column for field in found]


def _default(field: Any) -> Any:
    value = field.pre_save(field.model(), True) if getattr(field, "auto_now", False) else field.get_default()
    return field.get_db_prep_save(value, connection)


def update_differing(
    model: type[models.Model], fields: Sequence[str], prefix: str, source: str, key: str, extra: str = "TRUE"
) -> list[int]:
    """Update rows of ``model`` from ``source`` (matched by its column ``key``) where a staged value differs.

    A staged NULL is a blank cell and leaves the value as it is. Returns the ids of the rows that changed.
    """
    if not fields:
        return []
    columns = _columns(model, fields)
    new = [f'COALESCE(s."{prefix}{name}", t."{column}")' for name, column in zip(fields, columns, strict=True)]
    assignments = ", ".join(f'"{column}" = {value}' for column, value in zip(columns, new, strict=True))
    old = ", ".join(f't."{column}"' for column in columns)
    rows = rows_of(
        f'UPDATE "{model._meta.db_table}" t SET {assignments}, version = t.version + 1, updated_at = now()'  # noqa: S608
        f' FROM "{source}" s WHERE t.id = s."{key}" AND ({extra})'
        f" AND ROW({', '.join(new)}) IS DISTINCT FROM ROW({old}) RETURNING t.id"
    )
    return [row[0] for row in rows]


def insert_new(
    model: type[models.Model],
    fields: Sequence[str],
    prefix: str,
    source: str,
    where: str,
    given: Mapping[str, str],
    constants: Mapping[str, Any] | None = None,
) -> int:
    """Insert the rows of ``source`` that satisfy ``where``.

    ``given`` maps further fields to SQL over ``s``; ``constants`` to values. Everything else gets the model's default,
    and so does a blank cell.
    """
    params: list[Any] = []
    columns: list[str] = []
    values: list[str] = []
    fields_of: list[Any] = list(model._meta.concrete_fields)
    for field in fields_of:
        if field.primary_key:
            continue
        columns.append(field.column)
        if field.name in given:
            values.append(given[field.name])
            continue
        default = (constants or {}).get(field.name, _default(field))
        values.append(f'COALESCE(s."{prefix}{field.name}", %s)' if field.name in fields else "%s")
        params.append(default)
    return run(
        f'INSERT INTO "{model._meta.db_table}" ({_quoted(columns)})'  # noqa: S608
        f' SELECT {", ".join(values)} FROM "{source}" s WHERE {where}',
        params,
    )
