"""What ``check --deploy`` asks beyond Django's own."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Tags, Warning as CheckWarning, register
from django.db import DatabaseError, connection

from povreg.kit.app_role import owns_tables


def two_database_roles(**_: Any) -> list[CheckMessage]:
    """Web and worker must not own the tables: whoever owns them can switch off triggers and rewrite history. They are
    not told who does, so the database is asked."""
    said = "The application connects as the owner of its tables."
    try:
        if not owns_tables():
            return []
    except DatabaseError:
        said = "Whether the application owns its tables is not known: the database does not answer, or has none."
    hint = "Give DATABASE_URL a role of its own and DATABASE_OWNER_URL the owner (see .env.example), then migrate."
    return [CheckWarning(said, hint=hint, id="povreg.W001")]


SILENT = {
    "log_min_error_statement": ("panic", "fatal"),
    "log_error_verbosity": ("terse",),
    "log_parameter_max_length": ("0",),
    "log_parameter_max_length_on_error": ("0",),
    "log_statement": ("none", "ddl"),
    "log_min_duration_statement": ("-1",),
    "log_min_duration_sample": ("-1",),
}
"""What the database server may be set to so that no name or number stands in its log."""


def silent_database_log(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """Statements hold what was typed, and the detail of a refused row is the row: neither belongs into a log.

    Asked where the database may be asked: ``check --deploy --database default``."""
    if not databases:
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, setting FROM pg_settings WHERE name = ANY(%s)", [list(SILENT)])
        loud = [f"{name} = {SILENT[name][0]}" for name, value in cursor.fetchall() if value not in SILENT[name]]
    if not loud:
        return []
    hint = f"Put into postgresql.conf and reload: {', '.join(sorted(loud))}."
    return [CheckWarning("The database server writes statements or rows into its log.", hint=hint, id="povreg.W002")]


def connect() -> None:
    register(silent_database_log, Tags.security, deploy=True)
    register(two_database_roles, Tags.security, deploy=True)
