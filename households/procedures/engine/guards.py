"""Which households may stand on a list of which kind, judged over the whole list by sets.

Each kind declares its guards (households.procedures.engine.kinds). A guard names the condition under which an entry is
*bad*. ``refuse`` guards stop drafting, reviews and approval;
``warn`` guards are shown beside the row. Higher apps add theirs at start (``register_guard``), as for what a
household is owed before it may leave.
"""

from django.db.models import Case, Q, QuerySet, When

from households.models import Batch, BatchEntry
from households.procedures.engine.errors import ProcedureError, listed
from households.procedures.engine.procedure import RowGuard, procedure_of

_added: dict[str, RowGuard] = {}


def register_guard(guard: RowGuard) -> None:
    """Add a guard of a higher app for its ``kinds``, or replace the one of the same code."""
    _added[guard.code] = guard


def guards_of(kind: str) -> list[RowGuard]:
    """The guards of the kind itself, then those that higher apps added."""
    declared = procedure_of(kind)
    added = (guard for guard in _added.values() if kind in guard.kinds or (guard.taking_in and declared.takes_in))
    return [*declared.guards, *added]


def findings(batch: Batch, entries: QuerySet[BatchEntry]) -> dict[int, list[RowGuard]]:
    """Entry id to the guards it fails, in their order and in one statement for all of them."""
    return _failed(batch, entries, guards_of(batch.kind))


def _failed(batch: Batch, entries: QuerySet[BatchEntry], guards: list[RowGuard]) -> dict[int, list[RowGuard]]:
    bad = [Case(When(_bad(guard, batch.year), then=True), default=False) for guard in guards]
    rows = entries.order_by("pk").values_list("pk", *bad)
    failed = {pk: [guard for guard, is_bad in zip(guards, marks, strict=True) if is_bad] for pk, *marks in rows}
    return {pk: found for pk, found in failed.items() if found}


def _bad(guard: RowGuard, year: int) -> Q:
    return guard.bad(year) & Q(exception="") if guard.excusable else guard.bad(year)


def demand(batch: Batch, entries: QuerySet[BatchEntry], *, drafting: bool = False, beginning: bool = False) -> None:
    """Raise ProcedureError naming the households that may not stand on this list, and why. While it is ``drafting``
    neither what may come later is asked nor what an exception may outweigh; when ``beginning``, what may come later."""
    judging = [
        guard
        for guard in guards_of(batch.kind)
        if guard.refuses and not (guard.later and (drafting or beginning)) and not (guard.excusable and drafting)
    ]
    rows = {pk: failed[0].message for pk, failed in _failed(batch, entries, judging).items()}
    if rows:
        raise ProcedureError(_sentence(rows), rows)


def _sentence(rows: dict[int, str]) -> str:
    numbers = dict(BatchEntry.objects.filter(pk__in=rows).values_list("pk", "household__household_no"))
    parts = [
        f"户 {listed(numbers[pk] for pk, text in rows.items() if text == message)}：{message}。"
        for message in dict.fromkeys(rows.values())
    ]
    return "".join(parts) + "请先改正，或把这些户取消、退回。"
