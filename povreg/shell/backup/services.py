"""Make a set, keep the last ones, try one out, restore one."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from povreg.kit.crypto import key_id_of
from povreg.kit.storage import make_folder
from povreg.shell import embedded
from povreg.shell.backup import clients, sets
from povreg.shell.backup.clients import Target
from povreg.shell.backup.sets import DATABASE, FILES, Said
from povreg.shell.embedded import ServerError
from povreg.shell.environment import BASE_DIR
from povreg.shell.models import BackupRun

PREFIX = "povreg-"
Kind = BackupRun.Kind


@dataclass(frozen=True)
class Made:
    """A set and what it says."""

    folder: Path
    said: Said

    @property
    def size(self) -> int:
        return sum(path.stat().st_size for path in self.folder.iterdir())


def make(place: Path) -> Made:
    """One set in a new folder of ``place``: the database as of one moment, then the files. As the owner.

    A folder with a list is whole; anything else was interrupted. Raises ServerError."""
    keys = sets.ring()
    make_folder(place)
    now = timezone.localtime()
    folder = place / f"{PREFIX}{now:%Y%m%d-%H%M%S}"
    folder.mkdir(mode=0o700)
    media = Path(settings.MEDIA_ROOT)
    target = Target.of(connection.settings_dict)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT pg_export_snapshot(), current_setting('server_version')")
        snapshot, version = cursor.fetchone()
        tables, seals = sets.counts(), sets.last_seals()
        words = [clients.program("pg_dump"), *target.words, "-Fc", "--no-owner", "--no-acl", f"--snapshot={snapshot}"]
        digest = sets.write(folder / DATABASE, sets.output_of(words, target.environment), keys)
    files = sets.stored_files(media)
    of_files = sets.write(folder / FILES, sets.tarred(media, files), keys)
    said = Said(
        now.isoformat(timespec="seconds"), version, tables.get("django_migrations", 0), tables, seals, len(files),
        [key_id_of(key) for key in settings.FIELD_ENCRYPTION_KEYS], {DATABASE: digest, FILES: of_files},
    )  # fmt: skip
    sets.put_list(folder, said)
    made = Made(folder, said)
    BackupRun.objects.create(kind=Kind.BACKUP, ok=True, name=folder.name, size=made.size, rows=sum(tables.values()))
    return made


def forget(place: Path, keep: int) -> list[str]:
    """Delete all but the last ``keep`` whole sets (0: none goes), and what interrupted ones left."""
    found = sorted(place.glob(f"{PREFIX}*"))
    whole = [folder for folder in found if (folder / sets.LIST).exists()]
    torn = [folder for folder in found[:-1] if folder not in whole]  # the last one may be at work
    gone = [*torn, *(whole[:-keep] if keep else [])]
    for folder in gone:
        shutil.rmtree(folder)
    return [folder.name for folder in gone]


@dataclass(frozen=True)
class Tried:
    """What came of restoring a set into a throw-away server."""

    said: Said
    rows: int
    files: int
    seconds: float
    trail: str


def drill(folder: Path) -> Tried:
    """Restore a set into a server made for it and compare rows, seals and files; the whole history is verified there,
    too. Raises ServerError naming the first difference."""
    began = time.monotonic()
    said = sets.read_list(folder)
    with scratch() as (home, target):
        load_database(folder, target)
        facts, _, trail = manage(home, "backup_facts", "--verify").strip().partition("\n")
        if facts != sets.facts_text(said.tables, said.seals):
            raise ServerError(sets.first_difference(said, facts))
        count = unpack(folder, home / "media")
        if count != said.files:
            raise ServerError(f"备份应有 {said.files} 个文件，恢复出 {count} 个。")
    tried = Tried(said, sum(said.tables.values()), count, time.monotonic() - began, trail.strip())
    words = f"{tried.rows} 行、{tried.files} 个文件，用时 {tried.seconds:.0f} 秒。{tried.trail}"
    BackupRun.objects.create(kind=Kind.DRILL, ok=True, name=folder.name, rows=tried.rows, said=words[:400])
    return tried


@contextmanager
def scratch() -> Iterator[tuple[Path, Target]]:
    """A throw-away embedded server with our two roles and an empty database."""
    home = Path(tempfile.mkdtemp(prefix="povreg-drill-"))
    home.chmod(0o711)
    servers = embedded.ensure(home, throwaway=True, needs_redis=False)
    try:
        yield home, Target.of(servers.layout.owner)
    finally:
        servers.release()
        shutil.rmtree(home, ignore_errors=True)


def manage(home: Path, *words: str) -> str:
    """A command of ours against a scratch server, with our keys. Raises ServerError."""
    given = {"POVREG_HOME": str(home), "MEDIA_ROOT": str(home / "media"), "POVREG_DOTENV": "0", "DEMO": "0"}
    keys = {name: ",".join(getattr(settings, name)) for name in ("FIELD_ENCRYPTION_KEYS", "SIGNING_KEYS")}
    none = dict.fromkeys(("DATABASE_URL", "DATABASE_HOST", "DATABASE_OWNER_URL", "DATABASE_OWNER_USER"), "")
    env = {**os.environ, **none, **given, **keys, "SECRET_KEY": settings.SECRET_KEY, "BACKUP_KEY": settings.BACKUP_KEY}
    env = {name: value for name, value in env.items() if not name.endswith("_FILE")}
    done = subprocess.run(
        [sys.executable, str(BASE_DIR / "manage.py"), *words], env=env, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise ServerError(f"在恢复出的数据库上运行 {words[0]} 失败：{(done.stdout + done.stderr).strip()[-400:]}")
    return done.stdout


def load_database(folder: Path, target: Target) -> None:
    """As the owner, all or nothing. Raises ServerError."""
    how = ("--no-owner", "--no-acl", "--exit-on-error", "--single-transaction")
    words = [clients.program("pg_restore"), *target.words, *how]
    with (
        sets.opened(folder / DATABASE) as plain,
        subprocess.Popen(
            words, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=target.environment
        ) as running,
    ):
        assert running.stdin is not None and running.stderr is not None
        try:
            shutil.copyfileobj(plain, running.stdin, sets.CHUNK)
            running.stdin.close()
        except BrokenPipeError:
            pass
        said = running.stderr.read().decode(errors="replace").strip().splitlines()
    if running.returncode:
        raise ServerError(f"pg_restore 失败：{said[-1] if said else '没有说明原因'}")


def unpack(folder: Path, into: Path) -> int:
    """Files of a set; returns how many."""
    make_folder(into)
    with sets.opened(folder / FILES) as plain, tarfile.open(mode="r|", fileobj=plain) as tar:
        count = 0
        for entry in tar:
            tar.extract(entry, into, filter="data")
            count += 1
    return count


def restore(folder: Path) -> Said:
    """Into the configured database and MEDIA_ROOT, which must be empty. As the owner. Raises ServerError."""
    said = sets.read_list(folder, trusting=True)
    target, media = Target.of(connection.settings_dict), Path(settings.MEDIA_ROOT)
    with connection.cursor() as cursor:
        if connection.introspection.table_names(cursor):
            raise ServerError(
                f"数据库 {target.name} 不是空的，没有改动。请新建一个空数据库，"
                "把 DATABASE_NAME（或 DATABASE_URL）指向它，再恢复。"
            )
    if media.exists() and sets.stored_files(media):
        raise ServerError(f"文件目录 {media} 不是空的，没有改动。请先把它改名保存，再恢复。")
    connection.close()
    load_database(folder, target)
    unpack(folder, media)
    return said
