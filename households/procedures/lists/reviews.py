"""Township and county look at whole lists: pass or return, with exceptions household by household."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError

from households.models import Batch, BatchEntry, Notice, StepRecord, TemplateStep
from households.models.template import Level, StepKind
from households.procedures.engine import guards, windows
from households.procedures.engine.duties import TIER
from households.procedures.engine.errors import ProcedureError, listed as shown
from households.procedures.engine.stage import (
    Stage,
    complete,
    day_of,
    enter,
    listed,
    move,
    note,
)
from households.procedures.lists import batches, carried, facts, signatures
from households.procedures.lists.looked import UNOPENED, unopened
from households.procedures.lists.steps import Result, demand_complete, save_results
from povreg.kit.history import act
from villages.models import User

PASSED, RETURNED = StepRecord.Outcome.PASSED, StepRecord.Outcome.RETURNED


@dataclass(frozen=True)
class Off:
    """An exception to a bulk decision: the household is taken out, or sent back to the village."""

    reason: str
    back: bool = False


def township_review(*, by: User | None, batch: Batch, **decision: Any) -> StepRecord:
    """The township's decision on a list; see :func:`review`."""
    return review(by=by, batch=batch, kind=StepKind.TOWNSHIP_REVIEW, **decision)


def county_review(*, by: User | None, batch: Batch, **decision: Any) -> StepRecord:
    """The county's decision on a list; see :func:`review`."""
    return review(by=by, batch=batch, kind=StepKind.COUNTY_REVIEW, **decision)


def review(
    *,
    by: User | None,
    batch: Batch,
    kind: str,
    outcome: str = PASSED,
    remark: str = "",
    exceptions: Mapping[int, Off] | None = None,
    sample: Mapping[int, Result] | None = None,
    on: date | None = None,
    return_to: str = "",
) -> StepRecord:
    """Pass a list, but for its ``exceptions`` (entry id to Off), or return it to the village with a reason.

    ``sample`` notes what the reviewer found when he looked again; who does not hold must be among the exceptions.
    A returned list begins a new round at the step ``return_to`` (the first one, unless given).
    Raises ProcedureError with everything that stands against it; PermissionDenied.
    """
    with act(by=by, verb=StepKind(kind).value, reason=remark):
        stage = enter(by, batch, kind)
        day = day_of(stage, on)
        if kind == StepKind.COUNTY_REVIEW:
            windows.demand(windows.Function.APPROVAL, stage.batch.kind, stage.batch.place_id)
        if sample:
            save_results(stage, sample)
        _strike(stage, exceptions or {})
        if outcome == RETURNED:
            return _give_back(stage, day, remark, return_to)
        if outcome != PASSED:
            raise ValueError(f"no outcome {outcome!r}")
        _refuse_failed_sample(stage, sample or {})
        demand_complete(stage)
        demand_sound(stage.batch)
        return complete(stage, PASSED, day, remark)


def _strike(stage: Stage, exceptions: Mapping[int, Off]) -> None:
    for back, state in ((False, BatchEntry.State.OUT), (True, BatchEntry.State.BACK)):
        chosen = {pk: each.reason for pk, each in exceptions.items() if each.back is back}
        if chosen:
            batches.strike(stage.batch, chosen, state, stage.by)


def _refuse_failed_sample(stage: Stage, sample: Mapping[int, Result]) -> None:
    failed = [pk for pk, result in sample.items() if not result.passed]
    numbers = list(listed(stage.batch).filter(pk__in=failed).values_list("household__household_no", flat=True))
    if numbers:
        raise ProcedureError(f"户 {shown(numbers)} 抽查不符，请取消、退回这些户，或退回整个名单。")


def demand_sound(batch: Batch) -> None:
    """Raise ProcedureError for households that may not stand on the list, changed since the appraisal, or signatures
    out of order."""
    guards.demand(batch, listed(batch))
    altered = facts.changed(batch)
    if altered:
        numbers = listed(batch).filter(pk__in=altered).values_list("household__household_no", flat=True)
        rows = dict.fromkeys(altered, "评议后情况有变更")
        raise ProcedureError(
            f"户 {shown(numbers)} 的情况在民主评议后有变更。请查看变更内容，逐户确认，或取消、退回。", rows
        )
    wrong = signatures.faults(batch)
    if wrong:
        raise ProcedureError("".join(wrong))


def _give_back(stage: Stage, day: date, remark: str, return_to: str) -> StepRecord:
    if not remark.strip():
        raise ProcedureError("请写明退回的原因。")
    target = _target(stage, return_to)
    record = note(stage, RETURNED, day, remark)
    batch = stage.batch
    batch.round += 1
    waiting = Notice.objects.filter(batch=batch, state=Notice.State.OPEN)
    waiting.update(state=Notice.State.SUPERSEDED, correction_reason="名单已退回村级重新办理")
    listed(batch).update(facts=None, digest="", facts_at=None, consent=None, consent_on=None)
    carried.tell_of(batch, carried.RETURNED, stage.by)
    move(batch, target, day)
    return record


def _target(stage: Stage, code: str) -> TemplateStep:
    """The village's step to begin again with."""
    rows = TemplateStep.objects.filter(template=stage.batch.template, enabled=True, position__lt=stage.step.position)
    below = [step for step in rows.order_by("position") if TIER.get(step.level) == Level.VILLAGE]
    chosen = next((step for step in below if step.code == code), None) if code else next(iter(below), None)
    if chosen is None:
        raise ProcedureError("只能退回到本名单已办过的村级步骤，请重新选择。")
    return chosen


def review_many(*, by: User | None, batch_ids: Sequence[int], kind: str, remark: str = "") -> list[tuple[int, str]]:
    """Pass many lists, each in a transaction of its own; returns (batch id, "" or why it was refused). One that nobody
    has opened is refused: only the act with a drawn sample (:mod:`.bulk`) passes such lists."""
    found = []
    rows = list(Batch.objects.visible_to(by).filter(pk__in=batch_ids).select_related("step").order_by("place_id", "pk"))
    closed = set(unopened(row for row in rows if row.step and row.step.kind == kind))
    for batch in rows:
        if batch.pk in closed:
            found.append((batch.pk, UNOPENED))
            continue
        try:
            review(by=by, batch=batch, kind=kind, remark=remark)
            found.append((batch.pk, ""))
        except PermissionDenied:
            found.append((batch.pk, "您没有办理这一步的权限。"))
        except ValidationError as refused:
            found.append((batch.pk, "".join(refused.messages)))
    return found
