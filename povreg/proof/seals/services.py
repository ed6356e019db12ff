"""Sealing the days that are over, and erasing by law what was sealed."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Max, Min
from django.utils import timezone
from psycopg2 import sql

from povreg.kit import locks
from povreg.proof import signing
from povreg.proof.models import Erasure, Seal, SealPart
from povreg.proof.seals.hashing import ID, LEAF, SALT, cut, head_of, leaf_of, numbers, root_of
from povreg.proof.seals.sources import Source, events, source_of, sources
from povreg.proof.signing import ERASURE, SEAL

AT_ONCE = 4096  # leaves of a part
LATE = 2  # days: a version is written within one transaction, which lasts an hour at most
ONE_DAY = timedelta(days=1)


@dataclass
class Filling:
    """Leaves of one county and table, cut into parts."""

    source: Source
    parts: list[SealPart] = field(default_factory=list)
    ids: bytearray = field(default_factory=bytearray)
    salts: bytearray = field(default_factory=bytearray)
    leaves: bytearray = field(default_factory=bytearray)
    count: int = 0

    def add(self, number: int, said: str) -> None:
        salt = os.urandom(SALT)
        self.ids += number.to_bytes(ID, "big")
        self.salts += salt
        self.leaves += leaf_of(salt, said)
        self.count += 1
        if len(self.ids) == AT_ONCE * ID:
            self.close()

    def close(self) -> None:
        if not self.ids:
            return
        last = int.from_bytes(self.ids[-ID:], "big")
        self.parts.append(
            SealPart(table=self.source.table, position=len(self.parts), last=last, ids=bytes(self.ids),
                     salts=bytes(self.salts), leaves=bytes(self.leaves))
        )  # fmt: skip
        self.ids, self.salts, self.leaves = bytearray(), bytearray(), bytearray()

    @property
    def said(self) -> dict[str, Any]:
        """What the seal says of the table."""
        root = root_of([root_of(cut(bytes(part.leaves), LEAF)) for part in self.parts])
        return {"count": self.count, "root": root.hex(), "columns": list(self.source.told)}


def seal_days(today: date | None = None) -> int:
    """Seal every day before today that is not sealed yet; returns how many links were added."""
    today = today or timezone.localdate()
    first = first_day()
    if first is None:
        return 0
    last = Seal.objects.aggregate(last=Max("day"))["last"]
    day, added = (last + ONE_DAY if last else first), 0
    while day < today:
        added += seal_day(day)
        day += ONE_DAY
    return added


def first_day() -> date | None:
    """The day of the earliest version there is."""
    earliest = [event.objects.aggregate(at=Min("pgh_created_at"))["at"] for event in events()]  # type: ignore[attr-defined]
    found = [at for at in earliest if at is not None]
    return timezone.localtime(min(found)).date() if found else None


def seal_day(day: date) -> int:
    """One more link for every chain, also where the day changed nothing. Returns how many."""
    with transaction.atomic():
        locks.hold("seal_day")
        found: dict[str, dict[str, Filling]] = defaultdict(dict)
        before = midnight(day + ONE_DAY)
        for source in sources():
            fill(found, source, day, before)
        chains = sorted({*found, *Seal.objects.values_list("chain", flat=True).distinct()})
        for chain in chains:
            add_link(chain, day, found.get(chain, {}))
    return len(chains)


def midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def fill(found: dict[str, dict[str, Filling]], source: Source, day: date, before: datetime) -> None:
    """Take the versions that no seal holds yet: those of the day, and late ones of the days before."""
    parts = SealPart.objects.filter(table=source.table)
    base = parts.filter(seal__day__lte=day - LATE * ONE_DAY).aggregate(last=Max("last"))["last"] or 0
    known = {
        number for ids in parts.filter(last__gt=base).values_list("ids", flat=True) for number in numbers(bytes(ids))
    }
    for version in source.new(base, before):
        if version.id not in known:
            tables = found[version.county]
            if source.table not in tables:
                tables[source.table] = Filling(source)
            tables[source.table].add(version.id, version.said)


def add_link(chain: str, day: date, tables: dict[str, Filling]) -> Seal:
    last = Seal.objects.filter(chain=chain).order_by("-number").first()
    number, previous = (last.number + 1, last.head) if last else (1, "")
    for filling in tables.values():
        filling.close()
    said = {name: filling.said for name, filling in sorted(tables.items())}
    count = sum(filling.count for filling in tables.values())
    head = head_of(chain, number, day.isoformat(), previous, count, said)
    signature = signing.sign(SEAL, head)
    seal = Seal.objects.create(
        chain=chain, number=number, day=day, previous=previous, events=count, tables=said, head=head,
        key_id=signature.key_id, signature=signature.text,
    )  # fmt: skip
    parts = [part for filling in tables.values() for part in filling.parts]
    for part in parts:
        part.seal = seal
    SealPart.objects.bulk_create(parts, batch_size=50)
    return seal


def latest(chain: str) -> Seal | None:
    """The newest link of a county's chain."""
    return Seal.objects.filter(chain=chain).order_by("-number").first()


def erase_history(*, by: Any, model: Any, pk: Any, rule: str) -> int:
    """Blank every version of a row in the history, as a law demands: values and salts go, ids, days and leaves stay,
    and a signed note says by which rule. As the owner of the database. Returns how many versions.

    Raises ValueError without a rule, or while a version is not sealed yet (it would look like one that never was).
    """
    if not rule.strip():
        raise ValueError("an erasure names its rule")
    source = source_of(model.history.rel.related_model)
    with transaction.atomic(), connection.cursor() as cursor:
        query = sql.SQL("SELECT pgh_id FROM public.{} WHERE pgh_obj_id = %s").format(sql.Identifier(source.table))
        cursor.execute(query, [pk])
        ids = {number for (number,) in cursor.fetchall()}
        found = dict(take_salts(cursor, source, ids))
        if set(found) != ids:
            raise ValueError("some versions are not sealed yet; erase tomorrow")
        blank(cursor, source, sorted(ids), model)
        note_erasures(by, source, found, rule.strip()[:200])
    return len(ids)


def take_salts(cursor: Any, source: Source, ids: set[int]) -> Iterator[tuple[int, bytes]]:
    """Take the salts of these versions out; gives their leaves."""
    for part in SealPart.objects.filter(table=source.table):
        held = numbers(bytes(part.ids))
        mine = [at for at, number in enumerate(held) if number in ids]
        if not mine:
            continue
        salts, leaves = bytearray(part.salts), cut(bytes(part.leaves), LEAF)
        for at in mine:
            salts[at * SALT : (at + 1) * SALT] = bytes(SALT)
            yield held[at], leaves[at]
        standing_aside(cursor, SealPart._meta.db_table, "SET salts = %s WHERE id = %s", [bytes(salts), part.pk])


def blank(cursor: Any, source: Source, ids: Sequence[int], model: Any) -> None:
    """Every value that the row itself brought goes; where a column must hold something, something empty."""
    kept = {"pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_context_id", source.place}
    keys = {str(field.column) for field in model._meta.concrete_fields if field.primary_key or field.is_relation}
    fields = [field for field in model._meta.concrete_fields if str(field.column) in set(source.columns) - kept - keys]
    sets = ", ".join(f'"{field.column}" = {"NULL" if field.null else empty_of(field)}' for field in fields)
    standing_aside(cursor, source.table, f"SET {sets} WHERE pgh_id = ANY(%s)", [list(ids)])


def empty_of(field: Any) -> str:
    """An empty value of a column that may not be null."""
    kind = field.db_type(connection) or ""
    if kind == "jsonb" or kind.endswith("[]"):
        return "'{}'"
    if kind.startswith(("varchar", "text")):
        return "''"
    return {"boolean": "false", "date": "'1900-01-01'"}.get(kind, "'1900-01-01'" if "timestamp" in kind else "0")


def standing_aside(cursor: Any, table: str, change: str, values: Sequence[Any]) -> None:
    """A change that the table's own triggers refuse, which only its owner can make."""
    name = sql.Identifier("public", table)
    cursor.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(name))
    cursor.execute(sql.SQL("UPDATE {} ").format(name) + sql.SQL(change), values)
    cursor.execute(sql.SQL("ALTER TABLE {} ENABLE TRIGGER USER").format(name))


def note_erasures(by: Any, source: Source, leaves: dict[int, bytes], rule: str) -> None:
    now = timezone.now()
    for number, leaf in sorted(leaves.items()):
        row = Erasure(table=source.table, version=number, leaf=leaf.hex(), rule=rule, by=by, at=now)
        signature = signing.sign(ERASURE, row.said)
        row.key_id, row.signature = signature.key_id, signature.text
        row.save(force_insert=True)
