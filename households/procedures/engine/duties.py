"""Separation of duties (design.md section 3): one person, one level, on one batch; and nobody reviews his own entry."""

from collections.abc import Collection, Sequence
from typing import Any

from django.db.models import CharField, Exists, OuterRef, Value

from households.models import Batch, BatchEntry, Deputy, EntryResult, Meeting, RegisterEvent, StepRecord
from households.models.template import Level, StepKind
from households.procedures.engine import clock
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


def orders_of(by: User) -> list[Deputy]:
    """The orders by which a person stands in for others today."""
    return list(Deputy.objects.in_force(clock.today()).filter(deputy=by).select_related("absent"))


def in_whose_stead(by: User | None, place: str) -> str:
    """What a record says of who acts for another at a place: （代王立平办理，渝农〔2026〕1号）; nothing else."""
    if by is None:
        return ""
    found = [row for row in orders_of(by) if place.startswith(row.place_id)]
    return f"（代{found[0].absent or found[0].get_role_display()}办理，{found[0].document}）" if found else ""


def levels_of(by: User, batches: Collection[Batch]) -> dict[int, set[str]]:
    """The levels at which a person has acted on each batch so far, and on the list that it continues; drafting and
    listing count as the village's. What somebody did counts for whoever stands in for him, too: two hands stay two."""
    village: Any = Value(str(Level.VILLAGE), output_field=CharField())
    people = {by.pk, *(row.absent_id for row in orders_of(by) if row.absent_id)}
    told: dict[int, set[int]] = {}
    for batch in batches:
        told.setdefault(batch.pk, set()).add(batch.pk)
        if batch.continues_id:
            told.setdefault(batch.continues_id, set()).add(batch.pk)
    ids = list(told)
    entries = BatchEntry.objects.filter(batch__in=ids).order_by()
    acted = (
        StepRecord.objects.filter(batch__in=ids, by__in=people).order_by().values_list("batch_id", "level")
        .union(
            entries.filter(added_by__in=people).values_list("batch_id", village),
            Meeting.objects.filter(batch__in=ids, by__in=people).order_by().values_list("batch_id", village),
            EntryResult.objects.filter(entry__batch__in=ids, by__in=people).order_by()
            .values_list("entry__batch_id", "step__level"),
            entries.filter(out_by__in=people, out_step__isnull=False).exclude(out_step__kind__in=POSTING)
            .values_list("batch_id", "out_step__level"),
        )
    )  # fmt: skip
    found: dict[int, set[str]] = {
        batch.pk: {str(Level.VILLAGE)} if batch.created_by_id in people else set() for batch in batches
    }
    for pk, level in acted:
        for batch_id in told[pk]:
            found[batch_id].add(str(TIER.get(level, level)))
    return found


def separate(
    by: User | None, batch: Batch, acted: set[str], levels: Sequence[str], entered: Collection[int] | None = None
) -> Level:
    """The level a person acts at: the first of ``levels`` that is no other than those he ``acted`` at. ``entered`` are
    the batches with households that he entered, where that was asked for many.

    Raises ProcedureError when he acted on this batch at another level, or reviews a household he entered himself.
    """
    fitting = [level for level in levels if not acted - {str(level)}]
    if not fitting:
        done = "、".join(Level(each).label for each in sorted(acted))
        raise ProcedureError(
            f"您已在{done}一级办理过这份名单，不能再办理{Level(levels[0]).label}一级的步骤。请由其他人员办理。"
        )
    if (
        Level.VILLAGE not in fitting
        and procedure_of(batch.kind).takes_ordinary
        and batch.pk in (entered_in(by, [batch]) if entered is None else entered)
    ):
        raise ProcedureError("名单中有您登记的农户，不能由您审核。请由其他人员审核。")
    return Level(fitting[0])


def demand_level(by: User, batch: Batch, level: str) -> None:
    """Raise ProcedureError when the person may not act on this batch at ``level``."""
    separate(by, batch, levels_of(by, [batch])[batch.pk], [level])


def entered_in(by: User | None, batches: Collection[Batch]) -> set[int]:
    """Ids of the batches with a listed household that the person entered into the register."""
    new = RegisterEvent.objects.filter(by=by, household_change=NEW_HOUSEHOLD, household=OuterRef("household"))
    rows = BatchEntry.objects.filter(Exists(new), batch__in=batches, state=BatchEntry.State.LISTED)
    return set(rows.order_by().values_list("batch_id", flat=True))
