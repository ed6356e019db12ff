"""What an approved list does to the register: one transaction, one statement a table, for all its households."""

from collections.abc import Sequence
from datetime import date

from households.closed import late
from households.models import Application, Batch, BatchEntry, Notice, RegisterEvent, StepRecord
from households.models.template import StepKind
from households.procedures.engine import checks, windows
from households.procedures.engine.errors import ProcedureError
from households.procedures.engine.procedure import procedure_of
from households.procedures.engine.stage import (
    Stage,
    complete,
    day_of,
    enter,
    listed,
    locked,
)
from households.procedures.engine.writing import households_on
from households.procedures.lists.notices import finish, post
from households.procedures.lists.reviews import demand_sound
from households.procedures.lists.steps import demand_complete, demand_papers
from households.register import after
from povreg.kit.history import act
from povreg.kit.locks import hold
from povreg.kit.scopes import county_of
from villages.models import User
from villages.rights import Right
from villages.rights.checks import check_right

DEFAULT_BOARD = "村委会公示栏"


def approve_batch(
    *, by: User | None, batch: Batch, on: date | None = None, remark: str = "", board: str = "", hotline: str = ""
) -> Batch:
    """Approve a list (批复录入): every household left on it changes its standing, at once or not at all.

    At a step 公告 without days of its own the announcement is issued first. Everything is asked again here: verdicts,
    blockers, changed facts, signatures, notices, objections, season window, quota. A wrong approval is put right by
    orders (:mod:`.corrected`). Raises ProcedureError, PermissionDenied.
    """
    with act(by=by, verb="approve_batch", reason=remark):
        stage = enter(by, batch, StepKind.FILING, StepKind.ANNOUNCEMENT)
        effect = procedure_of(stage.batch.kind).effect
        assert effect is not None  # lists are drafted of such kinds only
        check_right(by, Right.COUNTY_REVIEW, stage.batch.place_id)
        day = day_of(stage, on)
        _lock_households(stage.batch)
        demand_approvable(stage)
        if stage.step.kind == StepKind.ANNOUNCEMENT:
            stage = _announced(stage, board or DEFAULT_BOARD, hotline)
        demand_complete(stage)
        ids = list(listed(stage.batch).values_list("household_id", flat=True))
        effect(stage.batch, day)
        note_events([stage], day)
        complete(stage, StepRecord.Outcome.DONE, day, remark)
        stage.batch.entries.filter(is_open=True).update(is_open=False)
        Application.objects.filter(batch=stage.batch, state="listed", household__in=ids).update(
            state=Application.State.ADMITTED, decided_on=day
        )
        after.changed(ids)
    return stage.batch


def demand_approvable(stage: Stage) -> None:
    """Raise ProcedureError for whatever stands against the approval."""
    batch = stage.batch
    windows.demand(windows.Function.APPROVAL, batch.kind, batch.place_id)
    if stage.step.kind == StepKind.ANNOUNCEMENT and stage.step.days:
        raise ProcedureError(f"“{stage.step.label}”要公告 {stage.step.days} 天，期满后才能批复。请先发布公告。")
    demand_sound(batch)
    waiting = checks.objections(batch, stage.step)
    unfinished = Notice.objects.filter(batch=batch, state=Notice.State.OPEN).exists()
    if waiting or unfinished:
        raise ProcedureError("".join(waiting) or "公示还没有结束，不能批复。")


def _announced(stage: Stage, board: str, hotline: str) -> Stage:
    """Issue the announcement and stand at the filing step."""
    demand_papers(stage)
    posted = post([stage], board, hotline)[0]
    finish(stage, posted)
    row = locked(stage.batch)
    if row.step is None or row.step.kind != StepKind.FILING:
        raise ProcedureError("公告之后还有其他步骤，请先办结再批复。")
    return Stage(row, row.step, stage.by, stage.level)


def _lock_households(batch: Batch) -> None:
    """Hold the households' rows, as everybody who changes their facts does, and the county's quota of the kind: what is
    checked now stays so."""
    hold("quota", batch.kind, batch.year, county_of(batch.place_id))
    list(households_on(batch).order_by("pk").select_for_update(of=("self",)).values_list("pk"))


def note_events(stages: Sequence[Stage], day: date) -> None:
    """A dated event on the page of every household of some lists."""
    batches = {stage.batch.pk: stage for stage in stages}
    reasons = {pk: f"{stage.batch.year}年{stage.batch.get_kind_display()}名单批复" for pk, stage in batches.items()}
    rows = BatchEntry.objects.filter(batch__in=batches, state=BatchEntry.State.LISTED)
    made = RegisterEvent.objects.bulk_create(
        [
            RegisterEvent(
                household_id=household_id,
                village_id=village_id,
                household_change=procedure_of(batches[pk].batch.kind).event,
                happened_on=day,
                reason=reasons[pk],
                by=batches[pk].by,
            )
            for pk, household_id, village_id in rows.values_list("batch_id", "household_id", "household__village_id")
        ],
        batch_size=1000,
    )
    for reason in dict.fromkeys(reasons.values()):
        late.note_events([each for each in made if each.reason == reason], reason, reason)
