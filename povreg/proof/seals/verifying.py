"""Whether the history still is what was sealed, and the register what its history says; else where the first break is.

Nothing in the database is believed: links are computed anew, and their signatures be of keys trusted from outside.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.utils.timezone import localdate
from psycopg2 import sql

from povreg.kit.fields import SealedTextField
from povreg.proof import signing
from povreg.proof.models import Erasure, ExportRecord, Seal, SealPart
from povreg.proof.seals.hashing import LEAF, SALT, cut, head_of, leaf_of, numbers, root_of
from povreg.proof.seals.services import midnight
from povreg.proof.seals.sources import Source, events, source_of
from povreg.proof.signing import ERASURE, SEAL, Signature
from povreg.proof.verifying import signed

MOST = 20
"""Breaks of one kind that are told one by one."""


@dataclass(frozen=True)
class Break:
    """Where the history is not what it was: the chain, the day of the link (empty: of none), and what is wrong."""

    chain: str
    day: str
    words: str

    def __str__(self) -> str:
        where = f"{self.chain or '全局'}链" + (f" {self.day}" if self.day else "")
        return f"{where}：{self.words}"


@dataclass
class Checked:
    """What a verification looked at."""

    links: int = 0
    versions: int = 0
    erased: int = 0
    rows: int = 0


class Verification:
    """One run over chains, versions, exports and the register itself."""

    def __init__(self) -> None:
        self.keys = signing.trusted()
        self.checked = Checked()
        self.sealed: dict[str, set[int]] = {}
        self.erasures: dict[tuple[str, int], Erasure] = {}

    def breaks(self) -> Iterator[Break]:
        """Every break, in the order of chains and days; what belongs to no link comes last."""
        with transaction.atomic():  # one snapshot's settings; nothing is written
            self.erasures = {(row.table, row.version): row for row in Erasure.objects.all()}
            found = {source.table: source for source in map(source_of, events())}
            for chain in Seal.objects.order_by("chain").values_list("chain", flat=True).distinct():
                yield from self.chain(chain, found)
            yield from self.unsealed(found)
            yield from self.exports()
            yield from self.register()

    def chain(self, chain: str, found: dict[str, Source]) -> Iterator[Break]:
        previous, number = "", 0
        for seal in Seal.objects.filter(chain=chain).order_by("number").iterator():
            self.checked.links += 1
            number += 1
            for words in self.link(seal, previous, number):
                yield Break(chain, str(seal.day), words)
            previous, number = seal.head, seal.number
            for words in self.leaves(seal, found):
                yield Break(chain, str(seal.day), words)

    def link(self, seal: Seal, previous: str, number: int) -> Iterator[str]:
        """The link itself: its place in the chain, its hash, its signature."""
        if seal.number != number:
            yield f"缺少第 {number} 号封印"
        elif seal.previous != previous:
            yield f"第 {seal.number} 号封印没有接在上一号之后"
        head = head_of(seal.chain, seal.number, seal.day.isoformat(), seal.previous, seal.events, seal.tables)
        if head != seal.head:
            yield f"第 {seal.number} 号封印的内容被改"
        elif not signing.is_ours(SEAL, head, Signature(seal.key_id, seal.signature), self.keys):
            yield f"第 {seal.number} 号封印的签名不是本县的"

    def leaves(self, seal: Seal, found: dict[str, Source]) -> Iterator[str]:
        """The versions that the link holds."""
        for table, said in seal.tables.items():
            parts = seal.parts.filter(table=table).order_by("position")
            kept = [cut(bytes(leaves), LEAF) for leaves in parts.values_list("leaves", flat=True)]
            if (
                sum(map(len, kept)) != said["count"]
                or root_of([root_of(leaves) for leaves in kept]).hex() != said["root"]
            ):
                yield f"{table} 的叶与封印不符：封印保存的数据被改"
            for part in parts.iterator(chunk_size=8):
                yield from self.part(part, found.get(table), said["columns"])

    def part(self, part: SealPart, source: Source | None, columns: list[str]) -> Iterator[str]:
        if source is None or not set(columns) <= set(source.columns):
            yield f"{part.table} 的列与封印时不同，程序版本不对"
            return
        ids, salts, leaves = numbers(bytes(part.ids)), cut(bytes(part.salts), SALT), cut(bytes(part.leaves), LEAF)
        there = source.those(ids, columns)
        self.sealed.setdefault(part.table, set()).update(ids)
        self.checked.versions += len(ids)
        for number, salt, leaf in zip(ids, salts, leaves, strict=True):
            version = there.get(number)
            if version is not None and leaf_of(salt, version.said) == leaf:
                continue
            if self.is_erased(part.table, number, salt, leaf):
                self.checked.erased += 1
            else:
                yield f"{part.table} 的第 {number} 个版本{'被改' if version else '被删去'}"

    def is_erased(self, table: str, number: int, salt: bytes, leaf: bytes) -> bool:
        """Whether a signed note says that the version was erased by law."""
        row = self.erasures.get((table, number))
        if row is None or row.leaf != leaf.hex() or salt != bytes(SALT):
            return False
        return signing.is_ours(ERASURE, row.said, Signature(row.key_id, row.signature), self.keys)

    def unsealed(self, found: dict[str, Source]) -> Iterator[Break]:
        """Versions that say they are old, and were never sealed."""
        last = Seal.objects.order_by("-day").first()
        if last is None:
            return
        for table, source in found.items():
            known = self.sealed.get(table, set())
            strange = [number for number in source.ids_before(midnight(last.day)) if number not in known]
            for number in strange[:MOST]:
                yield Break("", "", f"{table} 的第 {number} 个版本是后来塞进去的，或当时没有封印")

    def exports(self) -> Iterator[Break]:
        """Records of exports, and the heads that they cite."""
        heads = set(Seal.objects.values_list("head", flat=True))
        for record in ExportRecord.objects.order_by("at").iterator():
            self.checked.rows += 1
            if not signed(record, self.keys):
                yield Break("", str(localdate(record.at)), f"导出记录 {record.pk} 的签名不成立")
            elif record.seal and record.seal not in heads:
                yield Break("", str(localdate(record.at)), f"导出记录 {record.pk} 引用的封印 {record.seal} 不在了")

    def register(self) -> Iterator[Break]:
        """Rows that are not what the latest version of them says: changed with the triggers switched off."""
        for event in events():
            model: Any = event.pgh_tracked_model  # type: ignore[attr-defined]
            if not keeps_new_rows(event):
                continue
            erased = [number for table, number in self.erasures if table == event._meta.db_table]
            for number, gone in strangers(event, model, erased):
                words = "被直接删去" if gone else "被直接改动"
                yield Break("", "", f"{model._meta.db_table} 的第 {number} 行{words}，历史里没有")


def keeps_new_rows(event: Any) -> bool:
    """Whether versions are the rows as they became (of derived rows what they were is kept)."""
    return any(getattr(tracker, "row", "") == "NEW" for tracker in event.pgh_trackers or ())


def strangers(event: Any, model: Any, erased: Collection[int]) -> list[tuple[Any, bool]]:
    """Rows that differ from the latest version of them, and rows that are gone without one that says so."""
    both = {str(field.column) for field in event._meta.concrete_fields}
    columns = [
        str(field.column)
        for field in model._meta.concrete_fields
        if str(field.column) in both and not isinstance(field, SealedTextField)
    ]
    query = sql.SQL(STRANGERS).format(
        table=sql.Identifier("public", model._meta.db_table),
        events=sql.Identifier("public", event._meta.db_table),
        key=sql.Identifier(model._meta.pk.column),
        live=sql.SQL(", ").join(sql.Identifier("l", name) for name in columns),
        said=sql.SQL(", ").join(sql.Identifier("e", name) for name in columns),
    )
    with connection.cursor() as cursor:
        cursor.execute(query, {"most": MOST, "erased": list(erased)})
        return list(cursor.fetchall())


STRANGERS = """
SELECT e.pgh_obj_id, l.{key} IS NULL
FROM (
    SELECT DISTINCT ON (pgh_obj_id) * FROM {events} WHERE pgh_obj_id IS NOT NULL ORDER BY pgh_obj_id, pgh_id DESC
) AS e
LEFT JOIN {table} AS l ON l.{key} = e.pgh_obj_id
WHERE CASE WHEN e.pgh_label = 'delete' OR e.pgh_id = ANY(%(erased)s) THEN false
           WHEN l.{key} IS NULL THEN true
           ELSE ROW({live}) IS DISTINCT FROM ROW({said}) END
ORDER BY 1 LIMIT %(most)s
"""
