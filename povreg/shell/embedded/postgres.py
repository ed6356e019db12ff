"""The embedded PostgreSQL of one home."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import psycopg2

from . import processes
from .places import Layout, ServerError

LAPTOP = {
    "shared_buffers": "256MB",
    "work_mem": "32MB",
    "maintenance_work_mem": "128MB",
    "effective_cache_size": "1GB",
    "max_connections": "80",
    "max_wal_size": "2GB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "random_page_cost": "1.1",
    "jit": "off",
}
SILENT = {
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_statement": "none",
    "log_min_duration_statement": "-1",
}
"""The server's log names no value: statements hold them, and the detail of a refused row is the row."""
THROWAWAY = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "autovacuum": "off",
    "max_wal_size": "256MB",
}
BUILTIN_SINCE = 17
SHARED_MEMORY = Path("/dev/shm")  # noqa: S108  only its size is asked
SMALL_SHARED_MEMORY = 256 * 1024 * 1024  # bytes; containers often have 64 MB, too little for parallel queries


def start(layout: Layout, *, throwaway: bool = False) -> None:
    """Leave with a server that answers and holds our database and its two roles. Caller holds the home's lock.

    Raises ServerError with the end of the server's log.
    """
    if answers(layout):
        return
    prepare_sockets(layout)
    if not (layout.postgres_data / "PG_VERSION").exists():
        create_cluster(layout)
    clear_stale_locks(layout)
    write_configuration(layout, throwaway=throwaway)
    try:
        control(layout, "start", "-w", "-t", "60", "-l", str(layout.postgres_data / "server.log"))
    except ServerError as fault:
        log = processes.last_lines(layout.postgres_data / "server.log")
        raise ServerError(f"内置 PostgreSQL 无法启动（数据目录 {layout.postgres_data}）。\n{log or fault}") from fault
    create_database(layout)


def stop(layout: Layout) -> None:
    """End sessions and shut down cleanly; a server that hangs is ended the hard way."""
    pid = processes.read_pid(layout.postgres_data / "postmaster.pid")
    if pid is None or not processes.is_server(pid, "postgres", layout.postgres_data):
        return
    try:
        control(layout, "stop", "-w", "-t", "30", "-m", "fast")
    except ServerError:
        processes.end_server(pid, "postgres", layout.postgres_data)


def lives(layout: Layout) -> bool:
    """Whether there is a server; one that is busy, starting or full lives, too."""
    pid = processes.read_pid(layout.postgres_data / "postmaster.pid")
    return pid is not None and processes.is_server(pid, "postgres", layout.postgres_data)


def answers(layout: Layout) -> bool:
    try:
        connect(layout, "povreg").close()
    except psycopg2.OperationalError:
        return False
    return True


def connect(layout: Layout, name: str) -> psycopg2.extensions.connection:
    """As the owner."""
    where = layout.owner
    return psycopg2.connect(host=where["HOST"], port=where["PORT"], user=where["USER"], dbname=name, connect_timeout=5)


def prepare_sockets(layout: Layout) -> None:
    """The directory is closed to others: that, not a password, protects the embedded servers."""
    layout.ground.mkdir(mode=0o711, parents=True, exist_ok=True)
    layout.sockets.mkdir(mode=0o700, exist_ok=True)
    owner = layout.sockets.stat().st_uid
    if owner not in {os.geteuid(), layout.servant}:
        raise ServerError(f"{layout.sockets} 已被其他用户占用。请换一个 POVREG_HOME。")
    give(layout.sockets, layout)


def give(path: Path, layout: Layout) -> None:
    if layout.servant is not None:
        os.chown(path, layout.servant, processes.group_of(layout.servant))


def create_cluster(layout: Layout) -> None:
    """initdb beside the final place, then rename: an interrupted first start leaves no half cluster."""
    fresh = layout.ground / "postgres.new"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700)
    give(fresh, layout)
    who = ("-U", "povreg", "-A", "trust", "-E", "UTF8", *locale_of(layout.programs))
    processes.run([layout.programs / "initdb", "-D", fresh, *who, "--no-instructions"], user=layout.servant)
    fresh.rename(layout.postgres_data)


def locale_of(programs: Path) -> tuple[str, ...]:
    """The same order of texts on every host; before PostgreSQL 17 that of the C library, which brings it, too."""
    said = subprocess.run([programs / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
    if int(re.search(r"\d+", said)[0]) >= BUILTIN_SINCE:  # type: ignore[index]
        return ("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
    return ("--locale=C.UTF-8",)


def clear_stale_locks(layout: Layout) -> None:
    """Lock files left by a crash block the start while their number belongs to somebody else, a zombie included."""
    for path in (layout.postgres_data / "postmaster.pid", layout.sockets / ".s.PGSQL.5432.lock"):
        pid = processes.read_pid(path)
        if pid is not None and not processes.is_server(pid, "postgres", layout.postgres_data):
            path.unlink(missing_ok=True)


def write_configuration(layout: Layout, *, throwaway: bool) -> None:
    values = {
        "listen_addresses": "''",
        "unix_socket_directories": f"'{layout.sockets}'",
        "unix_socket_permissions": "0700",
        "timezone": "'UTC'",
        "log_timezone": "'Asia/Shanghai'",
        "dynamic_shared_memory_type": shared_memory_type(),
        **LAPTOP,
        **SILENT,
        **(THROWAWAY if throwaway else {}),
    }
    path = layout.postgres_data / "postgresql.conf"
    aside = path.with_suffix(".new")  # a disk may be full: then the old one stays whole
    aside.write_text("".join(f"{name} = {value}\n" for name, value in values.items()))
    give(aside, layout)
    aside.replace(path)


def shared_memory_type() -> str:
    try:
        facts = os.statvfs(SHARED_MEMORY)
    except OSError:
        return "mmap"
    return "posix" if facts.f_frsize * facts.f_blocks > SMALL_SHARED_MEMORY else "mmap"


def control(layout: Layout, *words: str) -> None:
    processes.run([layout.programs / "pg_ctl", "-D", layout.postgres_data, "-s", *words], user=layout.servant)


ROLES = {"povreg_app": "LOGIN", "povreg_app_reader": "NOLOGIN"}
"""What web and worker are, and what they take on for auditors (povreg.kit.app_role, reader_role)."""


def create_database(layout: Layout) -> None:
    connection = connect(layout, "postgres")
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = 'povreg'")
            if cursor.fetchone() is None:
                cursor.execute("CREATE DATABASE povreg")
            for role, words in ROLES.items():
                cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
                if cursor.fetchone() is None:
                    cursor.execute(f"CREATE ROLE {role} {words} NOINHERIT")
    finally:
        connection.close()
