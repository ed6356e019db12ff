"""The lines of posted lists: frozen for many lists at once, with nothing in them but what policy.md 11.5 allows."""

import hashlib
import json
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.db.models import Count, Q

from households.models import Batch, BatchEntry, Notice, NoticeEntry
from households.models.member import head_name
from households.procedures.engine.facts_asked import EXCEPTION_WORDS
from households.procedures.engine.procedure import procedure_of
from povreg.kit.bulk import insert_rows
from povreg.kit.masking import mask_name
from villages.models import VillageProfile

PLANNED = "拟"
PUBLIC = ("position", "masked_name", "group_name", "persons", "category", "reason")
FIELDS = ("notice_id", "entry_id", *PUBLIC, "head_name")
Line = dict[str, Any]


def words(kind: str, decided: bool = False) -> tuple[str, str]:
    """Category and reason of a line: as planned, or, in an announcement, as decided.

    What a villager reads of a household: what is to happen to it, and the category of the reason. Never a disease, a
    disability or a cause that tells of one (policy.md 11.4, 11.5). In a notice it is planned (拟); an announcement says
    what was decided, without that word.
    """
    category, reason = procedure_of(kind).planned
    return (category.removeprefix(PLANNED) if decided else category), reason


def lines_of(batches: Sequence[Batch], decided: Collection[int] = ()) -> dict[int, list[Line]]:
    """The lines of each batch (by id) as they would be posted now; ``decided`` are the batches to be announced."""
    found: dict[int, list[Line]] = {batch.pk: [] for batch in batches}
    texts = {batch.pk: words(batch.kind, batch.pk in decided) for batch in batches}
    rows = list(_rows([batch.pk for batch in batches]))
    said = _found_words(batches, rows)
    for row in rows:
        category, reason = texts[row["batch_id"]]
        reason = EXCEPTION_WORDS if row["exception"] else said.get(row["pk"], reason)
        lines = found[row["batch_id"]]
        lines.append(
            {
                "entry_id": row["pk"],
                "position": len(lines) + 1,
                "masked_name": mask_name(row["head"] or ""),
                "head_name": row["head"] or "",
                "group_name": row["household__group_name"],
                "persons": row["persons"],
                "category": category,
                "reason": reason,
            }
        )
    for batch in batches:
        if procedure_of(batch.kind).of_village:
            found[batch.pk] = [_village_line(batch, *texts[batch.pk])]
    return found


def _rows(batch_ids: Iterable[int]) -> Any:
    present = Count("household__members", filter=Q(household__members__left_on=None))
    rows = BatchEntry.objects.filter(batch_id__in=list(batch_ids), state=BatchEntry.State.LISTED)
    return (
        rows.annotate(head=head_name("household_id"), persons=present)
        .order_by("batch_id", "household__group_name", "household__household_no")
        .values("pk", "batch_id", "household_id", "exception", "head", "persons", "household__group_name")
    )


def _found_words(batches: Sequence[Batch], rows: Sequence[Line]) -> dict[int, str]:
    """Entry id to what the facts say of the household, one question a kind and year."""
    found: dict[int, str] = {}
    for kind, year in dict.fromkeys((batch.kind, batch.year) for batch in batches):
        asked = procedure_of(kind).found
        if asked is None:
            continue
        lists = {batch.pk for batch in batches if (batch.kind, batch.year) == (kind, year)}
        mine = [row for row in rows if row["batch_id"] in lists]
        words = asked(year, {row["household_id"] for row in mine})
        found |= {row["pk"]: words[row["household_id"]] for row in mine if row["household_id"] in words}
    return found


def line_of(entry: BatchEntry, category: str, reason: str) -> Line:
    """One household in words of its own."""
    [row] = _rows([entry.batch_id]).filter(pk=entry.pk)
    return {
        "entry_id": entry.pk,
        "position": 1,
        "masked_name": mask_name(row["head"] or ""),
        "head_name": row["head"] or "",
        "group_name": row["household__group_name"],
        "persons": row["persons"],
        "category": category,
        "reason": reason,
    }


def _village_line(batch: Batch, category: str, reason: str) -> Line:
    people = VillageProfile.objects.filter(pk=batch.place_id).values_list("population", flat=True).first()
    return {
        "entry_id": None, "position": 1, "masked_name": str(batch.place), "head_name": "", "group_name": "",
        "persons": people or 0, "category": category, "reason": reason,
    }  # fmt: skip


def digest(lines: Iterable[Line]) -> str:
    """SHA-256 over the public fields, one JSON array a line: anybody can recompute it from the public page."""
    text = "\n".join(
        json.dumps([line[name] for name in PUBLIC], ensure_ascii=False, separators=(",", ":")) for line in lines
    )
    return hashlib.sha256(text.encode()).hexdigest()


def write(posted: Iterable[tuple[Notice, list[Line]]]) -> int:
    """Store the lines of saved notices; returns how many."""
    rows = ([notice.pk, *(line[name] for name in FIELDS[1:])] for notice, lines in posted for line in lines)
    return insert_rows(NoticeEntry, ("notice", "entry", *PUBLIC, "head_name"), rows)


def holds(notice: Notice) -> bool:
    """Whether the stored lines are still those the digest was made of."""
    return digest(notice.lines.order_by("position").values(*PUBLIC)) == notice.digest


def line_at(notice: Notice, position: int) -> NoticeEntry | None:
    """The line that an objection names; for the verb that receives it, never for a page."""
    return notice.lines.filter(position=position).first()
