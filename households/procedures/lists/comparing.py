"""The comparison step takes its result from departments' lists, for one list of households or for many."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from households.models import BatchEntry, EntryResult
from households.models.template import StepKind
from households.procedures.engine.compared import Named, covers, named_of
from households.procedures.engine.errors import listed as shown
from households.procedures.engine.procedure import procedure_of
from households.procedures.engine.stage import Stage

Outcome = EntryResult.Outcome


@dataclass(frozen=True)
class Home:
    """A household on one of the lists."""

    entry_id: int
    batch_id: int
    household_id: int
    number: str


def take_results(stages: Sequence[Stage]) -> dict[int, str]:
    """Put on record who passes the comparison (where departments' lists say all of it) and who does not, where nobody
    typed it; batch id to why a list cannot go on: a hit that counts has no answer yet. In a few statements."""
    at = {stage.batch.pk: stage for stage in stages if stage.step.kind == StepKind.COMPARISON}
    rows = BatchEntry.objects.filter(batch__in=at, state=BatchEntry.State.LISTED).order_by("pk")
    homes = [Home(*row) for row in rows.values_list("pk", "batch_id", "household_id", "household__household_no")]
    named = named_of({home.household_id for home in homes})
    refused = _unanswered(at, homes, named)
    typed = set(
        EntryResult.objects.filter(
            entry__in=[home.entry_id for home in homes], step__in=[stage.step for stage in at.values()]
        ).values_list("entry_id", flat=True)
    )
    covered = {pk for pk, stage in at.items() if pk not in refused and covers(stage.batch)}
    EntryResult.objects.bulk_create(
        [
            _result(at[home.batch_id], home, named.get(home.household_id, []))
            for home in homes
            if home.entry_id not in typed
            and home.batch_id not in refused
            and (home.batch_id in covered or any(each.stands for each in named.get(home.household_id, [])))
        ],
        batch_size=1000,
    )
    return refused


def _unanswered(at: dict[int, Stage], homes: Sequence[Home], named: dict[int, list[Named]]) -> dict[int, str]:
    waiting: dict[int, list[str]] = defaultdict(list)
    for home in homes:
        takes_in = procedure_of(at[home.batch_id].batch.kind).takes_in
        if takes_in and any(each.stands is None and each.is_hard for each in named.get(home.household_id, [])):
            waiting[home.batch_id].append(home.number)
    return {
        pk: f"户 {shown(numbers)} 的比对命中还没有核实答复，请先答复，再办结比对。" for pk, numbers in waiting.items()
    }


def _result(stage: Stage, home: Home, named: Sequence[Named]) -> EntryResult:
    against = [each.words for each in named if each.stands]
    told = "；".join(against or [each.words for each in named])
    return EntryResult(
        entry_id=home.entry_id, step=stage.step, round=stage.batch.round, by=stage.by, note=told[:300],
        outcome=Outcome.FAIL if against and procedure_of(stage.batch.kind).takes_in else Outcome.PASS,
    )  # fmt: skip
