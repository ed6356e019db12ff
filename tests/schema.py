"""The migrated database that every test process copies. Migrating takes a minute, so its dump is kept in the
pytest cache until a migration, the data it ships or the code it calls changes. A clean clone always migrates."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
from pathlib import Path

import psycopg2
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from psycopg2 import sql

from povreg.kit.app_role import as_owner
from povreg.shell.embedded import lease
from tests.owner import owner
from tests.servers import SERVERS

APPS = ("villages", "households", "assistance", "audits", "povreg")
KEPT = settings.BASE_DIR / ".pytest_cache" / ("older" if "POSTGRES_BIN" in os.environ else "")
TEMPLATE = "test_template"
REUSE = "POVREG_TEST_REUSE"
OWN_IMPORT = re.compile(rf"^(?:from|import) ((?:{'|'.join(APPS)})[\w.]*)", re.MULTILINE)


def database_for(worker: str) -> str:
    """A fresh copy of the migrated database; the first worker to come makes the original."""
    name = f"test_{worker}"
    with lease.locked(SERVERS.layout.home / "template.lock"):
        if not exists(TEMPLATE):
            create(f"{TEMPLATE}_new", "template1")
            fill(f"{TEMPLATE}_new")
            administer(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(*names(f"{TEMPLATE}_new", TEMPLATE)))
        create(name, TEMPLATE)
    return name


def renew() -> None:
    """After a test that commits: a fresh copy instead of emptying every table, so what migrations ship is back."""
    name = settings.DATABASES["default"]["NAME"]
    connections.close_all()
    administer(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
    create(name, TEMPLATE)


def sweep(most: int = 300) -> None:
    """Vacuum the tables with more than ``most`` dead rows. The rows of a test are rolled back, but lie there, and every
    later query reads past them: after one test with thousands of households the next ones take twice as long. The
    server of the tests never does this by itself, so that plans do not change in the middle of a test."""
    if connection.connection is None or connection.in_atomic_block:
        return
    with owner(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute("SELECT relid::regclass::text FROM pg_stat_user_tables WHERE n_dead_tup > %s", [most])
        if littered := [name for (name,) in cursor.fetchall()]:
            cursor.execute(f"VACUUM {', '.join(littered)}")


def analyze() -> None:
    """After a test has stored rows by the thousand: the planner knows how many there are, as it does in production."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def fill(name: str) -> None:
    """From the kept dump when nothing changed since, else by the migrations."""
    dump = KEPT / f"schema-{digest()}.sql"
    if dump.exists():
        client("psql", name, "-q", "-v", "ON_ERROR_STOP=1", "-o", "/dev/null", "-f", str(dump))
        use(name)
        call_command("grant_app", verbosity=0)  # policies and grants follow from the models
        connection.close()
        return
    if REUSE in os.environ and (last := latest_dump()):
        client("psql", name, "-q", "-v", "ON_ERROR_STOP=1", "-o", "/dev/null", "-f", str(last))
    use(name)
    call_command("migrate", verbosity=0)
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE shell_keymark, proof_signingkey")  # the dump outlives the keys of this run
    connection.close()
    KEPT.mkdir(exist_ok=True, parents=True)
    for old in KEPT.glob("schema-*.sql"):
        old.unlink()
    client("pg_dump", name, "-f", f"{dump}.{name}")
    Path(f"{dump}.{name}").rename(dump)


def latest_dump() -> Path | None:
    """The newest dump that was kept: with REUSE set only the migrations added since are applied to it. Quick while a
    migration is being written; where an older one changed, leave it unset."""
    return max(KEPT.glob("schema-*.sql"), key=lambda path: path.stat().st_mtime, default=None)


def digest() -> str:
    """Of the pinned packages, the migrations, the modules of ours that they import, and the data that these ship."""
    base = settings.BASE_DIR
    migrations = sorted(path for app in APPS for path in base.glob(f"{app}/**/migrations/*.py"))
    called = {module for path in migrations for module in OWN_IMPORT.findall(path.read_text())}
    called.add("povreg.kit.app_role")
    code = sorted(base / f"{name.replace('.', '/')}.py" for name in called if ".models" not in name)
    data = sorted(path for app in APPS for path in base.glob(f"{app}/**/data/*") if path.is_file())
    files = [path for path in (base / "requirements.txt", *migrations, *code, *data) if path.exists()]
    return hashlib.sha256(
        b"".join(str(path.relative_to(base)).encode() + path.read_bytes() for path in files)
    ).hexdigest()[:16]


def use(name: str) -> None:
    """Point Django's connections at this database."""
    connection.close()
    settings.DATABASES["default"]["NAME"] = settings.DATABASE_OWNER["NAME"] = connection.settings_dict["NAME"] = name


def work_as_app() -> None:
    """From here on every statement has the rights of the application role. It is taken on by a session of the owner,
    so that a test may step back to prepare what the product never could (tests.owner)."""
    connection.close()
    where = settings.DATABASES["default"]
    where["OPTIONS"] = {**where["OPTIONS"], "assume_role": settings.DATABASE_APP["USER"]}
    where["USER"] = settings.DATABASE_OWNER["USER"]


def client(program: str, name: str, *words: str) -> None:
    layout = SERVERS.layout
    where = ("-h", layout.owner["HOST"], "-p", layout.owner["PORT"], "-U", layout.owner["USER"], "-d", name)
    subprocess.run([str(layout.programs / program), *where, *words], check=True)


def create(name: str, template: str) -> None:
    statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY")
    administer(statement.format(*names(name, template)))


def exists(name: str) -> bool:
    return bool(administer(sql.SQL("SELECT 1 FROM pg_database WHERE datname = {}").format(sql.Literal(name))))


def names(*words: str) -> list[sql.Identifier]:
    return [sql.Identifier(word) for word in words]


def administer(statement: sql.Composable) -> list[tuple[object, ...]]:
    where = SERVERS.layout.owner
    link = psycopg2.connect(host=where["HOST"], port=where["PORT"], user=where["USER"], dbname="postgres")
    link.autocommit = True
    try:
        with link.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []
    finally:
        link.close()
