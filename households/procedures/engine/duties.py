"""Separation of duties (design.md section 3): one person, one level, on one batch; and nobody reviews his own entry."""

from collections.abc import Collection, Sequence
from typing import Any

from django.db.models import CharField, Value

from households.models import Batch, BatchEntry, EntryResult, Meeting, RegisterEvent, StepRecord
from households.models.template import Level, StepKind
from households.procedures.engine.errors import ProcedureError
from households.procedures.engine.procedure import procedure_of
from villages.models import User

NEW_HOUSEHOLD = "01"
POSTING = (StepKind.NOTICE, StepKind.ANNOUNCEMENT)
TIER: dict[str, Level] = {
    Level.HOUSEHOLD: Level.VILLAGE,
    Level.GROUP: Level.VILLAGE,
    Level.VILLAGE: Level.VILLAGE,
    Level.TOWNSHIP: Level.TOWNSHIP,
    Level.COUNTY: Level.COUNTY,
}
"""The three levels that review one another; what a household or a group does, the village writes down."""


def levels_of(by: User, batches: Collection[Batch]) -> dict[int, set[str]]:
    """The levels at which a person has acted on each batch so far, and on the list that it continues; drafting and
    listing count as the village's."""
    village: Any = Value(str(Level.VILLAGE), output_field=CharField())
    told: dict[int, set[int]] = {}
    for batch in batches:
        told.setdefault(batch.pk, set()).add(batch.pk)
        if batch.continues_id:
            told.setdefault(batch.continues_id, set()).add(batch.pk)
    ids = list(told)
    entries = BatchEntry.objects.filter(batch__in=ids).order_by()
    acted = (
        StepRecord.objects.filter(batch__in=ids, by=by).order_by().values_list("batch_id", "level")
        .union(
            entries.filter(added_by=by).values_list("batch_id", village),
            Meeting.objects.filter(batch__in=ids, by=by).order_by().values_list("batch_id", village),
            EntryResult.objects.filter(entry__batch__in=ids, by=by).order_by()
            .values_list("entry__batch_id", "step__level"),
            entries.filter(out_by=by, out_step__isnull=False).exclude(out_step__kind__in=POSTING)
            .values_list("batch_id", "out_step__level"),
        )
    )  # fmt: skip
    found: dict[int, set[str]] = {
        batch.pk: {str(Level.VILLAGE)} if batch.created_by_id == by.pk else set() for batch in batches
    }
    for pk, level in acted:
        for batch_id in told[pk]:
            found[batch_id].add(str(TIER.get(level, level)))
    return found


def separate(by: User | None, batch: Batch, acted: set[str], levels: Sequence[str]) -> Level:
    """The level a person acts at: the first of ``levels`` that is no other than those he ``acted`` at.

    Raises ProcedureError when he acted on this batch at another level, or reviews a household he entered himself.
    """
    fitting = [level for level in levels if not acted - {str(level)}]
    if not fitting:
        done = "、".join(Level(each).label for each in sorted(acted))
        raise ProcedureError(
            f"您已在{done}一级办理过这份名单，不能再办理{Level(levels[0]).label}一级的步骤。请由其他人员办理。"
        )
    if Level.VILLAGE not in fitting and procedure_of(batch.kind).takes_ordinary and _entered(by, batch):
        raise ProcedureError("名单中有您登记的农户，不能由您审核。请由其他人员审核。")
    return Level(fitting[0])


def demand_level(by: User, batch: Batch, level: str) -> None:
    """Raise ProcedureError when the person may not act on this batch at ``level``."""
    separate(by, batch, levels_of(by, [batch])[batch.pk], [level])


def _entered(by: User | None, batch: Batch) -> bool:
    return RegisterEvent.objects.filter(
        by=by, household_change=NEW_HOUSEHOLD, household__entries__batch=batch, household__entries__state="listed"
    ).exists()
