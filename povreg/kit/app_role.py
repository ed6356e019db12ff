"""The database role of web, worker and beat: it owns nothing, and cannot touch what holds the register true.

Two roles. The *owner* migrates (DATABASE_OWNER_URL). The *application role* (DATABASE_URL) reads and writes rows; it
cannot change tables or triggers, reads history without writing it, and only adds to tables whose rows are only ever
added. History is written by triggers that run as the owner, look up names in our schema only and cannot be told to
stand aside (docs/decisions/0060-two-database-roles.md).
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Any

import pghistory.models
import pgtrigger
from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from psycopg2 import sql

from povreg.kit import locks
from povreg.kit.history import OnlyMoves

SCHEMA = "public"
MAINTAIN_SINCE = 170000
"""From this version on the role may refresh statistics after a bulk load; before it, autovacuum does, a bit later."""
READ_ONLY = (
    *("django_migrations", "shell_keymark", "shell_rotationstep", "shell_backuprun"),
    *("proof_signingkey", "households_standingclass"),
)


class RoleError(RuntimeError):
    """The application role is missing or may do too much; the text tells the operator what to do."""


@contextlib.contextmanager
def as_owner() -> Iterator[None]:
    """The body's statements are the owner's. For commands that change the schema; not inside a transaction."""
    assert not connection.in_atomic_block
    kept = dict(connection.settings_dict)
    connection.close()
    options = {name: value for name, value in kept["OPTIONS"].items() if name != "assume_role"}
    connection.settings_dict.update(settings.DATABASE_OWNER, OPTIONS=options)
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.clear()
        connection.settings_dict.update(kept)


def server_version() -> int:
    """Of PostgreSQL, as it counts them: 180006."""
    server: Any = connection
    return int(server.pg_version)


def app_role() -> str:
    """Name of the role that web, worker and beat connect as."""
    return str(settings.DATABASE_APP["USER"])


def owns_itself() -> bool:
    """Whether no other owner is named (DATABASE_OWNER_URL): for those who change the schema, the application's role is
    the owner then. Web and worker are told of none either way; they ask :func:`owns_tables`."""
    return app_role() == settings.DATABASE_OWNER["USER"]


def owns_tables() -> bool:
    """Whether the role that asks owns our tables. Web and worker are not told who does, so the database is asked, once
    for each role."""
    return owns_itself() and _owns(str(connection.settings_dict["USER"]))


@cache
def _owns(_user: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_has_role(relowner, 'USAGE') FROM pg_class WHERE oid = 'public.villages_user'::regclass"
        )
        return bool(cursor.fetchone()[0])


_hardened_by: list[Callable[[Any], object]] = []
_granted_by: list[Callable[[Any], object]] = []


def harden_by(step: Callable[[Any], object]) -> None:
    """Have ``step`` called with a cursor of the owner whenever the role's rights are set anew."""
    if step not in _hardened_by:
        _hardened_by.append(step)


def grant_by(step: Callable[[Any], object]) -> None:
    """Have ``step`` called with a cursor of the owner once the application role is there and has its rights."""
    if step not in _granted_by:
        _granted_by.append(step)


def grant_app() -> None:
    """Give the application role what it needs and nothing else, after every change of the schema. As the owner.

    Raises RoleError when the role is missing and cannot be made, or may do too much.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        locks.hold("grant_app")
        for statement in HARDEN:
            cursor.execute(statement)
        for harden in _hardened_by:
            harden(cursor)
        if owns_itself():
            return
        ensure_role(cursor)
        ours = owned(cursor)
        for statement in GRANTS:
            cursor.execute(named(statement, tables=ours))
        for taken, tables in withheld().items():
            cursor.execute(named(f"REVOKE {taken} ON {{tables}} FROM {{app}}", tables=sorted({*tables} & {*ours})))
        for table, columns in moving().items():
            if table in ours:
                cursor.execute(named("GRANT UPDATE ({columns}) ON {tables} TO {app}", columns, tables=[table]))
        for grant in _granted_by:
            grant(cursor)


def withheld() -> dict[str, list[str]]:
    """Which tables the role may not insert into, update or delete from: those whose triggers refuse it to everybody,
    and the history, which triggers write."""
    models = apps.get_models(include_auto_created=True)
    history = [model._meta.db_table for model in models if issubclass(model, pghistory.models.Event)]
    history += [pghistory.models.Context._meta.db_table, *READ_ONLY]
    kept: dict[str, list[str]] = {"INSERT": [*history], "UPDATE": [*history], "DELETE": [*history]}
    for model, trigger in pgtrigger.registered():
        for right in protected_from(trigger) & set(kept):
            kept[right].append(model._meta.db_table)
    return kept


def protected_from(trigger: pgtrigger.Trigger) -> set[str]:
    """What a trigger refuses whatever the row."""
    if isinstance(trigger, OnlyMoves):
        return {"UPDATE"}
    refuses = isinstance(trigger, pgtrigger.Protect) and not isinstance(trigger, pgtrigger.ReadOnly)
    return set(str(trigger.operation).split(" OR ")) if refuses and trigger.condition is None else set()


def moving() -> dict[str, list[str]]:
    """Columns of insert-only tables that follow a household to another village."""
    found = [(model._meta, trigger) for model, trigger in pgtrigger.registered() if isinstance(trigger, OnlyMoves)]
    return {
        meta.db_table: [str(field.column) for field in meta.concrete_fields if field.name in trigger.moves]
        for meta, trigger in found
    }


def owned(cursor: Any) -> list[str]:
    """Our tables that are there (a migration may have been undone), without what extensions brought."""
    cursor.execute(OWNED, [SCHEMA])
    return sorted(name for (name,) in cursor.fetchall())


def ensure_role(cursor: Any) -> None:
    """Make the role if it is missing. Raises RoleError when that is not allowed, or the role may do too much."""
    cursor.execute(FOUND_ROLE, [app_role()])
    found = cursor.fetchone()
    if found is None:
        make_role(cursor)
    elif found[0]:
        raise RoleError(f"数据库账号 {app_role()} 权限过大（{found[0]}）。网页和任务应使用没有这些权限的账号。")


def make_role(cursor: Any) -> None:
    cursor.execute("SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user")
    if not cursor.fetchone()[0]:
        raise RoleError(
            f"数据库中没有账号 {app_role()}，所有者账号也不能新建。请数据库管理员执行："
            f"CREATE ROLE {app_role()} LOGIN PASSWORD '…'; 然后重试。"
        )
    password = settings.DATABASE_APP.get("PASSWORD") or None
    cursor.execute(named("CREATE ROLE {app} LOGIN NOINHERIT PASSWORD %s"), [password])


def named(statement: str, columns: Sequence[str] = (), **tables: list[str]) -> sql.Composable:
    """The statement with the names of the role, the database and the schema quoted into it."""
    words = {
        "app": sql.Identifier(app_role()),
        "database": sql.Identifier(connection.settings_dict["NAME"]),
        "schema": sql.Identifier(SCHEMA),
        "columns": sql.SQL(", ").join(map(sql.Identifier, columns)),
        "maintain": sql.SQL(", MAINTAIN" if server_version() >= MAINTAIN_SINCE else ""),
    }
    lists = {key: sql.SQL(", ").join(sql.Identifier(SCHEMA, name) for name in names) for key, names in tables.items()}
    return sql.SQL(statement).format(**words, **lists)


FOUND_ROLE = """
SELECT concat_ws(', ', CASE WHEN rolsuper THEN 'SUPERUSER' END, CASE WHEN rolcreaterole THEN 'CREATEROLE' END,
       CASE WHEN rolcreatedb THEN 'CREATEDB' END, CASE WHEN rolreplication THEN 'REPLICATION' END,
       CASE WHEN rolbypassrls THEN 'BYPASSRLS' END,
       CASE WHEN pg_has_role(rolname, current_user, 'MEMBER') THEN 'MEMBER OF ' || current_user END)
FROM pg_roles WHERE rolname = %s
"""
OWNED = """
SELECT relname FROM pg_class
WHERE relnamespace = %s::regnamespace AND relkind IN ('r', 'p', 'v', 'm') AND pg_has_role(relowner, 'USAGE')
AND NOT EXISTS (SELECT 1 FROM pg_depend WHERE objid = pg_class.oid AND deptype = 'e')
"""
GRANTS = (
    "GRANT CONNECT, TEMPORARY ON DATABASE {database} TO {app}",
    "REVOKE CREATE ON SCHEMA {schema} FROM PUBLIC, {app}",
    "GRANT USAGE ON SCHEMA {schema} TO {app}",
    "REVOKE ALL ON {tables} FROM {app}",
    "GRANT SELECT, INSERT, UPDATE, DELETE{maintain} ON {tables} TO {app}",
    "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {app}",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT SELECT, INSERT, UPDATE, DELETE{maintain} ON TABLES TO {app}",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT USAGE, SELECT ON SEQUENCES TO {app}",
)
# Every trigger runs as the owner and finds our tables only: a temporary table of the same name is not written instead.
# Nobody else may hang such a function on a table of his own, and forge rows through it; firing needs no right.
TRIGGERS_AS_OWNER = """
DO $$
DECLARE found regprocedure;
BEGIN
    FOR found IN
        SELECT DISTINCT fn.oid::regprocedure
        FROM pg_proc AS fn JOIN pg_trigger AS of_table ON of_table.tgfoid = fn.oid
        WHERE fn.pronamespace = 'public'::regnamespace AND NOT of_table.tgisinternal
    LOOP
        EXECUTE format('ALTER FUNCTION %s SECURITY DEFINER SET search_path = public, pg_temp', found);
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', found);
    END LOOP;
END $$
"""
# The rows of a statement before and after are joined by a plan that is kept from the first time, mostly for one row:
# with it an update of 33,000 rows compared every row with every other, for minutes. A hash join is as quick for one.
JOINED_BY_HASH = """
DO $$
DECLARE found regprocedure;
BEGIN
    FOR found IN
        SELECT DISTINCT fn.oid::regprocedure
        FROM pg_proc AS fn JOIN pg_trigger AS of_table ON of_table.tgfoid = fn.oid
        WHERE fn.pronamespace = 'public'::regnamespace AND of_table.tgoldtable IS NOT NULL
        AND of_table.tgnewtable IS NOT NULL AND fn.proname ~ '^pgtrigger_(update_update|closed_update)_'
    LOOP
        EXECUTE format('ALTER FUNCTION %s SET enable_nestloop = off', found);
    END LOOP;
END $$
"""
# pgtrigger asks a setting of the session which triggers stand aside; here none does.
NO_TRIGGER_STANDS_ASIDE = """
CREATE OR REPLACE FUNCTION public._pgtrigger_should_ignore(trigger_name name) RETURNS boolean
LANGUAGE sql IMMUTABLE AS 'SELECT false'
"""
# Who, which verb, why: pghistory would overwrite it when a later change names the same context.
CONTEXT_STAYS = """
CREATE OR REPLACE FUNCTION public.povreg_context_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'pghistory_context: who acted and why is never changed (append_only)';
END $$;
CREATE OR REPLACE TRIGGER povreg_context_stays BEFORE UPDATE OR DELETE ON public.pghistory_context
FOR EACH ROW EXECUTE FUNCTION public.povreg_context_stays()
"""
HARDEN = (NO_TRIGGER_STANDS_ASIDE, CONTEXT_STAYS, TRIGGERS_AS_OWNER, JOINED_BY_HASH)
