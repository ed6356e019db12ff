"""Temporary tables of an import: the cleaned rows of each sheet, and every remark on them.

They belong to the session, so they are filled before the transaction that writes the register, with visible progress.
"""

import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any

from django.db import connection, models

from households.sheets.cleaning import PREFIX, RowCleaner, staged_names
from households.sheets.layouts import MODELS
from households.sheets.layouts.monitoring import AMOUNTS, GUARANTEES
from households.sheets.outcome import WARNING
from povreg.kit.bulk import copy_text, statement
from povreg.kit.sheets.reader import Row

CHUNK = 5000
REMARKS = "sheet_remark"
SEEN = "sheet_seen"
"""The people of the sheets of this file that are done."""
REMARK_COLUMNS = ("sheet", "n", "rank", "position", "header", "code", "message")
TYPES = {
    "n": "integer", "village_id": 'text COLLATE "C"', "household_no": 'text COLLATE "C"',
    "person_no": 'text COLLATE "C"', "size": "integer", "sex": "text", "year": "integer", "document": "text",
    "department": "text", "as_of": "date", "klass": "text", "since": "date", "until": "date",
    "id_base": 'text COLLATE "C"', "id_blank": "boolean",
    **dict.fromkeys(("family_no", *(f"risk{number}" for number in range(1, 6))), 'text COLLATE "C"'),
    **dict.fromkeys((f"after_{name}" for name in GUARANTEES), "boolean"),
    **dict.fromkeys((f"after_{name}" for name in AMOUNTS), "numeric(12, 2)"),
}  # fmt: skip
_MODEL_OF = {prefix: MODELS[name] for name, prefix in PREFIX.items() if prefix}
Progress = Callable[[int], None]


def run(template: str, /, params: Any = (), **names: Any) -> int:
    """Execute SQL with quoted identifiers; returns the number of rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(statement(template, **names) if names else template, params or None)
        return cursor.rowcount


def rows_of(template: str, /, params: Any = (), **names: Any) -> list[tuple[Any, ...]]:
    """Rows of a query."""
    with connection.cursor() as cursor:
        cursor.execute(statement(template, **names) if names else template, params or None)
        return cursor.fetchall()


def _type_of(name: str) -> str:
    if name in TYPES:
        return TYPES[name]
    field = _MODEL_OF[name[:2]]._meta.get_field(name[2:])
    if isinstance(field, models.CharField | models.TextField):
        return 'text COLLATE "C"'
    return str(field.db_type(connection))


@contextmanager
def remarks_table() -> Iterator[None]:
    """The table of remarks, and all staging tables gone afterwards."""
    drop_all()
    run(
        "CREATE TEMP TABLE sheet_remark (sheet text, n integer, rank smallint, position smallint, header text,"
        " code text, message text)"
    )
    run('CREATE TEMP TABLE sheet_seen (base text COLLATE "C", household_no text COLLATE "C")')
    try:
        yield
    finally:
        if connection.is_usable() and not connection.needs_rollback:
            drop_all()


def drop_all(keep: tuple[str, ...] = ()) -> None:
    """Drop the staging tables of this session, and what hangs on them, except ``keep``."""
    names = rows_of(
        "SELECT relname FROM pg_class WHERE relnamespace = pg_my_temp_schema() AND relkind = 'r'"
        " AND starts_with(relname, 'sheet_')"
    )
    for (name,) in names:
        if name not in keep:
            run("DROP TABLE {name} CASCADE", name=name)


def fill(table: str, cleaner: RowCleaner, rows: Iterable[Row], progress: Progress) -> int:
    """Create the staging table of one sheet and COPY its rows into it, chunk by chunk. Returns the number of rows."""
    assert len(set(cleaner.names)) == len(cleaner.names), cleaner.names
    columns = ", ".join(f'"{name}" {_type_of(name)}' for name in cleaner.names)
    run(f"CREATE TEMP TABLE {{table}} ({columns})", table=table)
    count = 0
    source = iter(rows)
    while chunk := list(islice(source, CHUNK)):
        cleaned = [cleaner.clean(number, cells) for number, cells in chunk]
        _copy(table, cleaner.names, (line for line, _ in cleaned))
        _copy(REMARKS, REMARK_COLUMNS, (remark for _, remarks in cleaned for remark in remarks))
        count += len(chunk)
        progress(count)
    run("ANALYZE {table}", table=table)
    return count


def _copy(table: str, columns: Iterable[str], lines: Iterable[str]) -> None:
    text = "\n".join(lines)
    if text:
        with connection.cursor() as cursor:
            command = statement("COPY {table} ({columns}) FROM STDIN", table=table, columns=list(columns))
            cursor.copy_expert(command, io.StringIO(text + "\n"))


def staged_fields(cleaner: RowCleaner, model: str) -> list[str]:
    """Names of the model's fields that the sheet fills."""
    prefix = PREFIX[model]
    names = [name for column in cleaner.columns for name in staged_names(column)]
    return [name.removeprefix(prefix) for name in names if name.startswith(prefix)]


def remark(
    sheet: str, header: str, position: int, code: str, rank: int, message: str, query: str, params: dict[str, Any]
) -> int:
    """Note the same remark on every row whose number ``query`` selects as n."""
    head = {
        "remark_sheet": sheet,
        "remark_rank": rank,
        "remark_position": position,
        "remark_header": header,
        "remark_code": code,
        "remark_text": f"{header}：{message}。",
    }
    return run(
        "INSERT INTO sheet_remark (sheet, n, rank, position, header, code, message)"  # noqa: S608
        " SELECT %(remark_sheet)s, n, %(remark_rank)s, %(remark_position)s, %(remark_header)s, %(remark_code)s,"
        f" %(remark_text)s FROM ({query}) found",
        {**(params or {}), **head},
    )


def remark_each(
    sheet: str, header: str, position: int, code: str, rank: int, what: str, query: str, params: dict[str, Any]
) -> int:
    """Note on every row that ``query`` selects (n, said) what it says, and what became of the cell."""
    head = {
        "remark_sheet": sheet, "remark_rank": rank, "remark_position": position, "remark_header": header,
        "remark_code": code, "remark_what": f"；{what}。",
    }  # fmt: skip
    return run(
        "INSERT INTO sheet_remark (sheet, n, rank, position, header, code, message)"  # noqa: S608
        " SELECT %(remark_sheet)s, n, %(remark_rank)s, %(remark_position)s, %(remark_header)s, %(remark_code)s,"
        f" %(remark_header)s || '：' || said || %(remark_what)s FROM ({query}) found",
        {**params, **head},
    )


def noted(lines: Sequence[tuple[str, int, int, int, str, str, str]]) -> None:
    """Note remarks made elsewhere, in the order of REMARK_COLUMNS."""
    _copy(REMARKS, REMARK_COLUMNS, ("\t".join(map(copy_text, line)) for line in lines))


def rejected_rows(sheet: str) -> int:
    """Number of rows of a sheet with at least one reject."""
    query = "SELECT count(DISTINCT n) FROM sheet_remark WHERE sheet = %s AND rank < %s"
    return int(rows_of(query, [sheet, WARNING])[0][0])
