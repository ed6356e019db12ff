"""A backup set: a folder with the sealed database, the sealed files, and a signed list of what is in it.

The list names no person: counts of rows by table, the last seal of each chain, digests. BACKUP_KEY seals (32 bytes in
base64, not one of the field keys): who holds a set and that key still cannot read numbers, phones and accounts.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import tarfile
import threading
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from psycopg2 import sql

from povreg.kit.crypto import KeyRing
from povreg.kit.sealed_files import Opened, seal
from povreg.kit.storage import PART
from povreg.proof.models import Seal
from povreg.proof.signing import Signature, is_ours, sign
from povreg.shell.embedded import ServerError
from povreg.shell.refusals import good_keys

DATABASE, FILES, LIST = "database.sealed", "files.sealed", "list.json"
PURPOSE = "backup"
CHUNK = 1 << 20
NO_KEY = (
    "没有设置 BACKUP_KEY，备份不能加密。请生成一个并另外保管（不要和备份放在一起）："
    'python -c "import base64, secrets; print(base64.b64encode(secrets.token_bytes(32)).decode())"'
)


@dataclass(frozen=True)
class Said:
    """What a set holds."""

    made_at: str
    postgres: str
    migrations: int
    tables: dict[str, int]
    seals: dict[str, list[Any]]
    files: int
    keys: list[str]
    sha256: dict[str, str]

    @property
    def text(self) -> str:
        return json.dumps(asdict(self), sort_keys=True, ensure_ascii=False)


def ring() -> KeyRing:
    """The keys of backups, the first one seals. Raises ServerError."""
    given = [key.strip() for key in settings.BACKUP_KEY.split(",") if key.strip()]
    if not given:
        raise ServerError(NO_KEY)
    if set(given) & set(settings.FIELD_ENCRYPTION_KEYS):
        raise ServerError("BACKUP_KEY 不能与 FIELD_ENCRYPTION_KEYS 相同：备份和密钥要分开。请另外生成一个。")
    return KeyRing.from_keys(good_keys(given, "BACKUP_KEY"))


def counts() -> dict[str, int]:
    """Rows of every table of ours, as this transaction sees them."""
    with connection.cursor() as cursor:
        names = [table.name for table in connection.introspection.get_table_list(cursor) if table.type in "tp"]
        found = {}
        for name in sorted(names):
            cursor.execute(sql.SQL("SELECT count(*) FROM public.{}").format(sql.Identifier(name)))
            found[name] = int(cursor.fetchone()[0])
    return found


def last_seals() -> dict[str, list[Any]]:
    """The last link of each chain: its number and head."""
    rows = Seal.objects.order_by("chain", "-number").distinct("chain").values_list("chain", "number", "head")
    return {chain: [number, head] for chain, number, head in rows}


def write(path: Path, parts: Iterable[bytes], keys: KeyRing) -> str:
    """Seal into a file, aside and then renamed; returns the digest of what was written."""
    total = hashlib.sha256()
    aside = path.with_suffix(PART)
    with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        for part in seal(parts, keys):
            out.write(part)
            total.update(part)
        out.flush()
        os.fsync(out.fileno())
    aside.rename(path)
    return total.hexdigest()


def output_of(words: list[str], environment: dict[str, str]) -> Iterator[bytes]:
    """What a program writes. Raises ServerError when it fails: then nothing is renamed into place."""
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment) as running:
        assert running.stdout is not None and running.stderr is not None
        while part := running.stdout.read(CHUNK):
            yield part
        said = running.stderr.read().decode(errors="replace").strip().splitlines()
    if running.returncode:
        raise ServerError(f"{Path(words[0]).name} 失败：{said[-1] if said else '没有说明原因'}")


def tarred(folder: Path, names: list[Path]) -> Iterator[bytes]:
    """The files as they lie there (sealed by the field keys), as a tar in pieces."""
    reading, writing = os.pipe()
    faults: list[BaseException] = []
    thread = threading.Thread(target=_tar, args=(folder, names, writing, faults), daemon=True)
    thread.start()
    with os.fdopen(reading, "rb") as pieces:
        while part := pieces.read(CHUNK):
            yield part
    thread.join()
    if faults:
        raise faults[0]


def _tar(folder: Path, names: list[Path], writing: int, faults: list[BaseException]) -> None:
    try:
        with os.fdopen(writing, "wb") as out, tarfile.open(mode="w|", fileobj=out) as tar:
            for path in names:
                try:
                    tar.add(path, arcname=str(path.relative_to(folder)), recursive=False)
                except FileNotFoundError:  # deleted meanwhile
                    continue
    except BaseException as fault:
        faults.append(fault)


def stored_files(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix != PART]


def opened(path: Path) -> Opened:
    """A file of a set as its plain content. Raises ServerError for one that is missing."""
    try:
        return Opened(path.open("rb"), ring())
    except FileNotFoundError as fault:
        raise ServerError(f"备份不完整：没有 {path.name}。请换一份备份。") from fault


def put_list(folder: Path, said: Said) -> None:
    signature = sign(PURPOSE, said.text)
    whole = {"said": asdict(said), "key_id": signature.key_id, "signature": signature.text}
    (folder / LIST).write_text(json.dumps(whole, ensure_ascii=False, indent=1))


def read_list(folder: Path, *, trusting: bool = False) -> Said:
    """What the set says of itself, its files unchanged. ``trusting``: without asking the database for older signing
    keys. Raises ServerError."""
    try:
        whole = json.loads((folder / LIST).read_text())
        said, signature = Said(**whole["said"]), Signature(whole["key_id"], whole["signature"])
    except (OSError, ValueError, KeyError, TypeError) as fault:
        raise ServerError(f"{folder} 里没有可读的备份清单（{LIST}）。请指明一份备份的文件夹。") from fault
    if not trusting and not is_ours(PURPOSE, said.text, signature):
        raise ServerError("备份清单的签名不成立：备份被改动，或不是本县的。请换一份备份。")
    for name, digest in said.sha256.items():
        if digest_of(folder / name) != digest:
            raise ServerError(f"备份的 {name} 与清单不符：已损坏或被改动。请换一份备份。")
    return said


def digest_of(path: Path) -> str:
    total = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while part := file.read(CHUNK):
                total.update(part)
    except FileNotFoundError:
        return ""
    return total.hexdigest()


def facts_text(tables: dict[str, int], seals: dict[str, list[Any]]) -> str:
    """Rows and seals in one line, to compare two databases."""
    return json.dumps([tables, seals], sort_keys=True, ensure_ascii=False)


def first_difference(said: Said, found: str) -> str:
    """In words: which table or chain is not as the list says."""
    try:
        tables, seals = json.loads(found)
    except ValueError:
        return "恢复出的数据库读不出行数。"
    for name, count in said.tables.items():
        if tables.get(name) != count:
            return f"表 {name} 应有 {count} 行，恢复出 {tables.get(name, 0)} 行。"
    for chain, link in said.seals.items():
        if seals.get(chain) != link:
            return f"{chain or '全局'}链的最后一号封印与备份时不同。"
    return f"恢复出的数据库多出 {len(set(tables) - set(said.tables))} 张表。"
