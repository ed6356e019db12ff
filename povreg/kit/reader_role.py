"""The database role under which the requests of auditors run: it reads what the application role reads, and writes
only rows of the audit itself and rows about whoever asks (docs/decisions/0130-auditors-write-nothing.md).

The reach of such a request carries the role in front of every statement (povreg.kit.reach). Each subject says with
:func:`let_readers_write` which of its tables are open, and how far; everything else is closed by the database.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import DatabaseError, connection
from psycopg2 import sql
from psycopg2.errors import InsufficientPrivilege

from povreg.kit import reach
from povreg.kit.app_role import SCHEMA, RoleError, app_role, grant_by, owned, owns_itself, owns_tables, server_version

REFUSED = "审计和督查账号只能查看，不能改动台账。需要更正的，请开出问题，由责任单位办理。"
ANY = "INSERT OR UPDATE OR DELETE"
TRIGGER = "povreg_only_own"


@dataclass(frozen=True)
class Opened:
    """What readers may do with one table. ``own`` is the column that names the account: rows of others they may read,
    not change; rows of nobody (what was sent before somebody signed in) where ``nobodys`` says so. ``columns`` narrows
    an update."""

    table: str
    rights: str
    columns: tuple[str, ...] = ()
    own: str = ""
    own_for: str = ANY
    nobodys: bool = False

    @property
    def words(self) -> list[str]:
        """What the trigger is told."""
        return [self.own, "nobodys"] if self.nobodys else [self.own]

    def grants(self, role: sql.Composable) -> Iterator[sql.Composable]:
        table = sql.Identifier(SCHEMA, self.table)
        for right in self.rights.split():
            narrowed: sql.Composable = sql.SQL("")
            if right == "UPDATE" and self.columns:
                names = sql.SQL(", ").join(map(sql.Identifier, self.columns))
                narrowed = sql.SQL(" ({})").format(names)
            yield sql.SQL("GRANT {}{} ON {} TO {}").format(sql.SQL(right), narrowed, table, role)


OPENED: dict[str, Opened] = {}


def let_readers_write(
    table: str,
    rights: str,
    *,
    columns: tuple[str, ...] = (),
    own: str = "",
    own_for: str = ANY,
    nobodys: bool = False,
) -> None:
    """Open a table to readers: ``rights`` of INSERT, UPDATE and DELETE, apart by spaces."""
    OPENED[table] = Opened(table, rights, columns, own, own_for, nobodys)


def reader_role() -> str:
    """Name of the role; it may not sign in."""
    return f"{app_role()}_reader"


def role_taken() -> str:
    """The role that a reader's statements take on; empty where the application owns the tables itself, since there
    nothing is granted at all (povreg.W001)."""
    return "" if owns_tables() else reader_role()


def grant_reader(cursor: Any) -> None:
    """Set what readers may do. As the owner, after every change of the schema; raises RoleError where the role is
    missing and cannot be made."""
    if owns_itself():
        return
    ensure_reader(cursor)
    ours = owned(cursor)
    role = sql.Identifier(reader_role())
    tables = sql.SQL(", ").join(sql.Identifier(SCHEMA, name) for name in ours)
    for statement in GRANTS:
        words = {"role": role, "tables": tables, "schema": sql.Identifier(SCHEMA), "database": _database()}
        cursor.execute(sql.SQL(statement).format(**words))
    cursor.execute(ONLY_OWN)
    for opened in OPENED.values():
        if opened.table in ours:
            for grant in opened.grants(role):
                cursor.execute(grant)
            guard(cursor, opened)


def _database() -> sql.Identifier:
    return sql.Identifier(connection.settings_dict["NAME"])


def guard(cursor: Any, opened: Opened) -> None:
    """Rows of others stay as they are: a trigger that only readers meet."""
    table = sql.Identifier(SCHEMA, opened.table)
    cursor.execute(sql.SQL("DROP TRIGGER IF EXISTS {} ON {}").format(sql.Identifier(TRIGGER), table))
    if opened.own:
        cursor.execute(
            sql.SQL(
                "CREATE TRIGGER {name} BEFORE {deeds} ON {table} FOR EACH ROW WHEN (current_user = {role})"
                " EXECUTE FUNCTION public.povreg_only_own({words})"
            ).format(
                name=sql.Identifier(TRIGGER),
                deeds=sql.SQL(opened.own_for),
                table=table,
                role=sql.Literal(reader_role()),
                words=sql.SQL(", ").join(map(sql.Literal, opened.words)),
            )
        )


def ensure_reader(cursor: Any) -> None:
    """Make the role and let the application role take it on."""
    cursor.execute("SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user")
    able = cursor.fetchone()[0]
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [reader_role()])
    there = cursor.fetchone() is not None
    cursor.execute(MEMBER if chooses() else MEMBER_BEFORE, [reader_role(), app_role()])
    if there and cursor.fetchone() is not None:
        return
    names = {"role": sql.Identifier(reader_role()), "app": sql.Identifier(app_role())}
    if not able:
        raise RoleError(
            f"数据库中没有供审计账号使用的角色 {reader_role()}，所有者账号也不能新建。请数据库管理员执行："
            f"CREATE ROLE {reader_role()} NOLOGIN; "
            f"GRANT {reader_role()} TO {app_role()}{HOW if chooses() else ''}; 然后重试。"
        )
    if not there:
        cursor.execute(sql.SQL("CREATE ROLE {role} NOLOGIN NOINHERIT").format(**names))
    cursor.execute(sql.SQL(f"GRANT {{role}} TO {{app}}{HOW if chooses() else ''}").format(**names))


def chooses() -> bool:
    """Whether a grant says what it is for. Before PostgreSQL 16 whoever was made without INHERIT (as ``make_role``
    does) takes a role on and inherits nothing; one that inherits has nothing by it that it has not itself."""
    return server_version() >= CHOOSES_SINCE


def is_refusal(fault: BaseException) -> bool:
    """Whether the database refused a reader's write."""
    return (
        isinstance(fault, DatabaseError)
        and isinstance(fault.__cause__, InsufficientPrivilege)
        and bool(reach.current().role)
    )


def connect() -> None:
    grant_by(grant_reader)


CHOOSES_SINCE = 160000
HOW = " WITH INHERIT FALSE, SET TRUE"
MEMBER_BEFORE = "SELECT 1 FROM pg_auth_members WHERE roleid = to_regrole(%s) AND member = to_regrole(%s)"
MEMBER = """
SELECT 1 FROM pg_auth_members
WHERE roleid = to_regrole(%s) AND member = to_regrole(%s) AND set_option
"""
GRANTS = (
    "GRANT TEMPORARY ON DATABASE {database} TO {role}",
    "GRANT USAGE ON SCHEMA {schema} TO {role}",
    "REVOKE ALL ON {tables} FROM {role}",
    "GRANT SELECT ON {tables} TO {role}",
)
ONLY_OWN = """
CREATE OR REPLACE FUNCTION public.povreg_only_own() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    me text := nullif(current_setting('povreg.account', true), '');
    nobody text := CASE WHEN TG_NARGS > 1 THEN me END;
BEGIN
    IF (TG_OP <> 'INSERT' AND coalesce(to_jsonb(OLD) ->> TG_ARGV[0], nobody) IS DISTINCT FROM me)
       OR (TG_OP <> 'DELETE' AND coalesce(to_jsonb(NEW) ->> TG_ARGV[0], nobody) IS DISTINCT FROM me) THEN
        RAISE insufficient_privilege USING MESSAGE = format('%s: a row about somebody else', TG_TABLE_NAME);
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;
REVOKE EXECUTE ON FUNCTION public.povreg_only_own() FROM PUBLIC
"""
