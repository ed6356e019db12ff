"""Everything that is sealed or found by an older key comes under the one in front, while people work.

Order: the new key is marked to make look-up hashes (processes notice within seconds; either hash is found), then
numbers of departments' lists, the tables with their history, history of rows that are gone, files. Each step goes
through its rows in small transactions; one that is done is not done again after an interruption. In the end everything
is looked through once more, and the marks of the older keys go: they may be dropped from the settings.

Triggers do not fire for it: a value sealed anew is no change, and the history would otherwise hold each row once more.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import OperationalError, ProgrammingError, connection, transaction
from django.db.models import Model
from psycopg2 import sql
from psycopg2.extras import execute_values

from povreg.kit import hash_keys
from povreg.kit.crypto import HASHING_LIFE, KeyRing, forget_hashing, keyring
from povreg.kit.fields import LookupHashField, SealedTextField
from povreg.kit.locks import is_not_now
from povreg.kit.sealed_files import rewrap
from povreg.kit.storage import PART
from povreg.proof.models import Seal
from povreg.shell.embedded import ServerError
from povreg.shell.keys import MARKED, check_keys, record_keys
from povreg.shell.models import KeyMark, RotationStep

ROWS = 500  # of one transaction
TRIES = 20  # of one transaction that meets people at the same rows
ROUNDS = 5  # looks through everything before somebody must still be writing with an older key
PATIENCE = 600  # seconds that transactions from before may take to end
Tell = Callable[[str], object]

NOT_ALLOWED = (
    "所有者账号 {role} 不能让触发器停一停（session_replication_role）。请数据库管理员执行："
    "GRANT SET ON PARAMETER session_replication_role TO {role}; 然后再运行 rotate_keys。没有改动任何数据。"
)
OLD_PROCESSES = (
    "还有 {count} 个数据库连接使用别的密钥（{ids}）：请先用新的 FIELD_ENCRYPTION_KEYS（新密钥在最前，旧密钥在后）"
    "重新启动网页、任务、时钟进程，再运行 rotate_keys。没有改动任何数据。"
)
STILL_WRITTEN = "反复检查后仍有用旧密钥写入的数据：有进程还在使用旧设置。请重新启动所有进程，再运行 rotate_keys。"
IMPORTING = "有导入或比对正在进行，等了 {seconds} 秒还没有结束。请稍后再运行 rotate_keys。没有改动任何数据。"


@dataclass(frozen=True)
class Pair:
    """A look-up hash and the sealed column that it is made of."""

    hashed: str
    sealed: str
    text: Callable[[str], str]


@dataclass(frozen=True)
class Table:
    """Sealed columns of one table. ``history``: where its versions lie; ``left``: versions up to this id keep their
    hashes, because seals of an older program cover them."""

    name: str
    key: str
    sealed: tuple[str, ...]
    pairs: tuple[Pair, ...]
    history: Table | None = None
    left: int = 0

    @property
    def columns(self) -> tuple[str, ...]:
        return (*self.sealed, *(pair.hashed for pair in self.pairs))

    def anew(self, ring: KeyRing, row: Sequence[Any]) -> list[str] | None:
        """The columns as they should be, None where they are."""
        stored = dict(zip(self.columns, row[1:], strict=True))
        plain = {name: ring.decrypt(stored[name]) if stored[name] else "" for name in self.sealed}
        fresh = {name: ring.encrypt(text) if text else "" for name, text in plain.items()}
        for pair in self.pairs:
            known = stored[pair.hashed] and plain[pair.sealed] and (not self.left or row[0] > self.left)
            fresh[pair.hashed] = ring.lookup(pair.text(plain[pair.sealed])) if known else stored[pair.hashed]
        return None if fresh == stored else [fresh[name] for name in self.columns]


def tables() -> list[Table]:
    """Every table that holds sealed values, each with its history."""
    found = {model: table_of(model) for model in apps.get_models() if model._meta.managed}
    history = {event.pgh_tracked_model: event for event in found if hasattr(event, "pgh_tracked_model")}  # type: ignore[attr-defined]
    return [
        Table(table.name, table.key, table.sealed, table.pairs, history_of(history.get(model), table))
        for model, table in found.items()
        if table.sealed and not hasattr(model, "pgh_tracked_model")
    ]


def table_of(model: type[Model]) -> Table:
    fields = list(model._meta.concrete_fields)
    sealed = tuple(str(field.column) for field in fields if isinstance(field, SealedTextField))
    pairs = tuple(
        Pair(str(field.column), field.of, field.text)
        for field in fields
        if isinstance(field, LookupHashField) and field.of in sealed
    )
    return Table(model._meta.db_table, str(model._meta.pk.column), sealed, pairs)  # type: ignore[union-attr]


def history_of(event: type[Model] | None, table: Table) -> Table | None:
    if event is None:
        return None
    there = {str(field.column) for field in event._meta.concrete_fields}
    sealed = tuple(name for name in table.sealed if name in there)
    pairs = tuple(pair for pair in table.pairs if {pair.hashed, pair.sealed} <= there)
    name = event._meta.db_table
    return Table(name, "pgh_id", sealed, pairs, left=sealed_with_hashes(name, pairs)) if sealed else None


def sealed_with_hashes(name: str, pairs: Sequence[Pair]) -> int:
    """The last version whose leaf covers look-up hashes (seals made before rotation was offered); 0 for none."""
    hashes = {pair.hashed for pair in pairs}
    last = 0
    for seal in Seal.objects.filter(tables__has_key=name).order_by("-day").iterator():
        if hashes & set(seal.tables[name]["columns"]):
            ends = seal.parts.filter(table=name).order_by("-last").values_list("last", flat=True)
            last = max(last, ends[0] if ends else 0)
    return last


class Rotation:
    """One run of ``rotate_keys``, as the owner and outside of a transaction."""

    def __init__(self, tell: Tell) -> None:
        self.tell, self.ring, self.counts = tell, keyring(), dict[str, int]()

    def run(self) -> dict[str, int]:
        """Returns how many rows and files were written. Raises ServerError with what the operator must do first."""
        check_keys()
        record_keys()
        self.may_begin()
        self.begin()
        self.steps(again=False)
        wait_for_older(self.tell)
        for _ in range(ROUNDS):
            if not self.steps(again=True):
                break
        else:
            raise ServerError(STILL_WRITTEN)
        finish(self.ring.current)
        return self.counts

    def may_begin(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(SESSIONS, [f"povreg {self.ring.current}"])
            if others := cursor.fetchall():
                ids = "、".join(sorted({str(name).removeprefix("povreg ") for (name,) in others}))
                raise ServerError(OLD_PROCESSES.format(count=len(others), ids=ids))
        try:
            with transaction.atomic():
                stand_aside()
        except ProgrammingError as fault:
            raise ServerError(NOT_ALLOWED.format(role=connection.settings_dict["USER"])) from fault

    def begin(self) -> None:
        """From here on hashes are made by the new key and found by either. Imports are let through first."""
        if KeyMark.objects.filter(key_id=self.ring.current).exclude(hash_mark="").exists():
            self.use_new()
            return
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, true)", [f"{PATIENCE}s"])
            try:
                cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [hash_keys.NAME])
            except OperationalError as fault:
                raise ServerError(IMPORTING.format(seconds=PATIENCE)) from fault
            mark = self.ring.lookup(MARKED, self.ring.current)
            KeyMark.objects.filter(key_id=self.ring.current).update(hash_mark=mark)
        self.use_new()
        self.tell("查找用的新指纹已启用，等各进程得知。")
        time.sleep(HASHING_LIFE + 1)
        wait_for_older(self.tell)

    def use_new(self) -> None:
        forget_hashing()
        self.ring = keyring()

    def steps(self, *, again: bool) -> int:
        """All of it, without what an earlier run did unless ``again``; returns how much was written."""
        done = set() if again else self.done()
        total = 0
        for name, work in self.work():
            if name in done:
                continue
            changed = work()
            total += changed
            self.counts[name] = self.counts.get(name, 0) + changed
            self.record(name, changed)
            if changed or not again:
                self.tell(f"{name}：改写 {changed}")
        return total

    def record(self, name: str, changed: int) -> None:
        step, _ = RotationStep.objects.get_or_create(key_id=self.ring.current, step=name)
        step.changed += changed
        step.save()

    def carry(self, name: str, table: str, column: str) -> int:
        """With the note that it is done, or not at all: a second time it would take new hashes for unknown ones."""

        def both() -> int:
            changed = carry_hashes(self.ring, table, column)
            self.record(name, 0)
            return changed

        return int(patiently(both))

    def done(self) -> set[str]:
        return set(RotationStep.objects.filter(key_id=self.ring.current).values_list("step", flat=True))

    def work(self) -> Iterator[tuple[str, Callable[[], int]]]:
        found, known = tables(), self.done()
        for where, column in carried():
            if (name := f"{where}.{column}") not in known:  # only while the register holds the old hashes
                yield name, lambda name=name, at=(where, column): self.carry(name, *at)  # type: ignore[misc]
        for table in found:
            yield table.name, lambda table=table: reseal(self.ring, table)  # type: ignore[misc]
        for each in (table.history for table in found if table.history is not None):
            yield each.name, lambda each=each: reseal(self.ring, each)  # type: ignore[misc]
        yield "文件", lambda: rewrap_files(Path(settings.MEDIA_ROOT))


SESSIONS = """
SELECT application_name FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
AND application_name LIKE 'povreg %%' AND application_name <> %s
"""


def stand_aside() -> None:
    """Triggers do not fire for what this transaction writes."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("SET LOCAL lock_timeout = '5s'")


def wait_for_older(tell: Tell) -> None:
    """Until every transaction that writes now has ended: one of them may still use what was true before."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text::bigint")
        (now,) = cursor.fetchone()
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
            if cursor.fetchone()[0] > now:
                return
            time.sleep(0.2)
    tell("有一项工作一直没有结束，先继续；做完后会再检查一遍。")


def reseal(ring: KeyRing, table: Table) -> int:
    """Go through a table; returns how many rows (versions included) were written."""
    after, changed = None, 0
    while True:
        last, wrote = patiently(lambda start=after: one_piece(ring, table, start))  # type: ignore[misc]
        changed += wrote
        if last is None:
            return changed
        after = last


def patiently(work: Callable[[], Any]) -> Any:
    """Do it again while people are at the same rows."""
    for left in reversed(range(TRIES)):
        try:
            with transaction.atomic():
                stand_aside()
                return work()
        except OperationalError as fault:
            if not left or not is_not_now(fault):
                raise
            time.sleep(0.2)
    raise AssertionError


def one_piece(ring: KeyRing, table: Table, after: Any) -> tuple[Any, int]:
    """Rows after a key, and their versions, in the same transaction: a verification never finds them apart."""
    where, key = any_of(table), sql.Identifier(table.key)
    if after is not None:
        where = sql.SQL("({}) AND {} > %s").format(where, key)
    with connection.cursor() as cursor:
        cursor.execute(
            select(table, where, "ORDER BY 1 LIMIT %s FOR NO KEY UPDATE"), [*([] if after is None else [after]), ROWS]
        )
        rows = cursor.fetchall()
        changed = write(cursor, ring, table, rows)
        if table.history is not None and rows:
            which = sql.SQL("pgh_obj_id = ANY(%s) AND ({any})").format(any=any_of(table.history))
            cursor.execute(select(table.history, which, ""), [[row[0] for row in rows]])
            changed += write(cursor, ring, table.history, cursor.fetchall())
    return (rows[-1][0] if rows else None), changed


def any_of(table: Table) -> sql.Composable:
    return sql.SQL(" OR ").join(sql.SQL("{} <> ''").format(sql.Identifier(name)) for name in table.sealed)


def select(table: Table, where: sql.Composable, more: str) -> sql.Composable:
    names = sql.SQL(", ").join(map(sql.Identifier, (table.key, *table.columns)))
    source = sql.Identifier("public", table.name)
    return sql.SQL("SELECT {} FROM {} WHERE {} {}").format(names, source, where, sql.SQL(more))


def write(cursor: Any, ring: KeyRing, table: Table, rows: Sequence[Sequence[Any]]) -> int:
    fresh = [(row[0], *values) for row in rows if (values := table.anew(ring, row)) is not None]
    if fresh:
        sets = sql.SQL(", ").join(sql.SQL("{0} = v.{0}").format(sql.Identifier(name)) for name in table.columns)
        names = sql.SQL(", ").join(map(sql.Identifier, ("key", *table.columns)))
        update = sql.SQL("UPDATE {} AS t SET {} FROM (VALUES %s) AS v ({}) WHERE t.{} = v.key").format(
            sql.Identifier("public", table.name), sets, names, sql.Identifier(table.key)
        )
        execute_values(cursor.cursor, update.as_string(cursor.cursor), fresh, page_size=ROWS * 20)
    return len(fresh)


def carried() -> list[tuple[str, str]]:
    """Hashes beside which no value is kept: of numbers that the register may hold."""
    return [
        (model._meta.db_table, str(field.column))
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, LookupHashField) and not field.of and field.column == "id_hash" and model._meta.managed
        and not hasattr(model, "pgh_tracked_model")
    ]  # fmt: skip


def carry_hashes(ring: KeyRing, table: str, column: str) -> int:
    """Hashes of people in the register are made anew from their numbers; others go: nobody could be found by them, and
    names and birth dates still are compared. One transaction: no new hash is taken for an old one."""
    named = {"table": sql.Identifier("public", table), "column": sql.Identifier(column)}
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(OLD_HASHES).format(**named))
        after = ""
        while rows := next_numbers(cursor, after):
            fresh = [(old, ring.lookup(ring.decrypt(stored))) for old, stored in rows]
            execute_values(cursor.cursor, FRESH, fresh, page_size=ROWS)
            after = rows[-1][0]
        cursor.execute(sql.SQL(EXCHANGE).format(**named))
        changed = int(cursor.rowcount)
        cursor.execute("DROP TABLE carried_hash")
    return changed


OLD_HASHES = """
CREATE TEMP TABLE carried_hash ON COMMIT DROP AS
SELECT DISTINCT {column} AS old, ''::text AS fresh FROM {table} WHERE {column} <> '';
CREATE UNIQUE INDEX ON carried_hash (old);
ANALYZE carried_hash
"""
NUMBERS = """
SELECT DISTINCT ON (c.old) c.old, m.id_no FROM carried_hash AS c
JOIN public.households_member AS m ON m.id_hash = c.old WHERE c.old > %s ORDER BY c.old LIMIT %s
"""
FRESH = "UPDATE carried_hash AS c SET fresh = v.fresh FROM (VALUES %s) AS v (old, fresh) WHERE c.old = v.old"
EXCHANGE = "UPDATE {table} AS t SET {column} = c.fresh FROM carried_hash AS c WHERE t.{column} = c.old"


def next_numbers(cursor: Any, after: str) -> list[tuple[str, str]]:
    """Carried hashes of people in the register after one, each with the sealed number."""
    cursor.execute(NUMBERS, [after, ROWS])
    return list(cursor.fetchall())


def rewrap_files(folder: Path) -> int:
    """Heads of stored files under the current key; returns how many were written."""
    count = 0
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix != PART:
            try:
                with path.open("r+b") as stored:
                    count += rewrap(stored)
            except FileNotFoundError:  # deleted meanwhile
                continue
    return count


def finish(current: str) -> None:
    """The older keys are needed no more."""
    with transaction.atomic():
        KeyMark.objects.exclude(key_id=current).delete()
        RotationStep.objects.all().delete()
    forget_hashing()
