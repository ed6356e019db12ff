"""Ways back: a step's record put right by its own level, and one household going on in a later list where it stood."""

from collections.abc import Collection
from datetime import date

from django.core.exceptions import PermissionDenied

from households.models import (
    Application,
    Batch,
    BatchEntry,
    EntryResult,
    Meeting,
    Notice,
    Objection,
    Paper,
    Signature,
    StepRecord,
    TemplateStep,
)
from households.models.template import Level, StepKind
from households.procedures.engine import clock
from households.procedures.engine.duties import TIER, demand_level
from households.procedures.engine.errors import ProcedureError, StateError, listed as shown
from households.procedures.engine.stage import RIGHTS, locked, move, name
from households.procedures.lists import carried
from povreg.kit.history import act
from povreg.kit.locks import hold
from villages.models import User
from villages.rights import Right
from villages.rights.checks import check_right

Outcome, State = StepRecord.Outcome, BatchEntry.State
LATER_STEPS = (
    StepKind.NOTICE,
    StepKind.TOWNSHIP_REVIEW,
    StepKind.COUNTY_REVIEW,
    StepKind.ANNOUNCEMENT,
    StepKind.FILING,
)
"""Where a household is taken out by a decision, not because a vote, a survey or its own word went against it."""
COPIED = (
    "household_id", "facts", "digest", "facts_at", "consent", "consent_on", "consent_reason", "monitor_type", "risks",
    "clear_way", "grounds", "exception", "exception_by_id", "exception_on",
)  # fmt: skip


def last_done(batch: Batch) -> StepRecord | None:
    """The record that may be taken back: that of the step before the current one, in the present round."""
    return _latest(batch, list(batch.records.select_related("step")))


def may_correct(user: User, batch: Batch, records: Collection[StepRecord]) -> str:
    """The step whose record (of all ``records`` of the list) this person may take back, "" for none."""
    record = _latest(batch, records) if batch.state == Batch.State.RUNNING else None
    if record is None or batch.step is None or record.step.kind in (StepKind.NOTICE, StepKind.ANNOUNCEMENT):
        return ""
    try:
        _demand_own(user, batch, record)
    except (ProcedureError, PermissionDenied):
        return ""
    return "" if _touched(batch, batch.step) else record.step.label


def _latest(batch: Batch, records: Collection[StepRecord]) -> StepRecord | None:
    if batch.step is None:
        return None
    position = batch.step.position
    own = [row for row in records if row.round == batch.round and row.step.position < position]
    own = [row for row in own if row.outcome != Outcome.CORRECTED]
    return max(own, key=lambda row: (row.step.position, row.pk), default=None)


def correct_step(*, by: User, batch: Batch, reason: str) -> Batch:
    """Take the record of the step before back, so that its own level puts it right: a vote, a day, a household's word.

    Only while nobody has done anything in the current step. What was recorded stays, with the correction beside it; who
    was taken out by that step is on the list again. Raises ProcedureError, PermissionDenied.
    """
    with act(by=by, verb="correct_step", reason=reason):
        row = locked(batch)
        record = last_done(row)
        if record is None or row.step is None:
            raise StateError(f"{name(row)}没有可以更正的步骤。")
        _demand_own(by, row, record)
        if not reason.strip():
            raise ProcedureError({"reason": "请写明更正的原因（例如：表决票数登记有误）。"})
        if record.step.kind in (StepKind.NOTICE, StepKind.ANNOUNCEMENT):
            raise ProcedureError("公示已经结束，不能再更正以前的步骤。确有错误的，请由审核人退回名单。")
        if _touched(row, row.step):
            raise ProcedureError(f"“{row.step.label}”已经开始办理，不能再更正上一步。确有错误的，请由审核人退回名单。")
        StepRecord.objects.create(
            batch=row, step=record.step, round=row.round, level=record.level, outcome=Outcome.CORRECTED,
            on=clock.today(), entered_on=clock.today(), remark=reason.strip()[:500], by=by,
        )  # fmt: skip
        _relist(row, record.step)
        carried.tell_of(row, carried.RETURNED, by)
        move(row, record.step, _began(row, record.step))
    return row


def _demand_own(by: User, batch: Batch, record: StepRecord) -> None:
    step = record.step
    roles = [role for role, code in by.postings_today() if role in step.roles and batch.place_id.startswith(code)]
    if not roles or not by.can(RIGHTS[step.kind], batch.place_id):
        raise PermissionDenied
    demand_level(by, batch, str(TIER[step.level]))


def _touched(batch: Batch, step: TemplateStep) -> bool:
    """Whether anything was done in a step."""
    facts = {"batch": batch, "step": step, "round": batch.round}
    if Notice.objects.filter(**facts).exists() or Meeting.objects.filter(**facts).exists():
        return True
    if Signature.objects.filter(**facts).exists() or Paper.objects.filter(**facts, removed_at=None).exists():
        return True
    return EntryResult.objects.filter(entry__batch=batch, step=step, round=batch.round).exists()


def _relist(batch: Batch, step: TemplateStep) -> None:
    """Whom the step took out is on the list again, unless another list has taken the household meanwhile."""
    out = BatchEntry.objects.filter(batch=batch, out_step=step, state=State.OUT)
    bound = BatchEntry.objects.filter(is_open=True, household__in=out.values("household_id"))
    free = out.exclude(household__in=list(bound.values_list("household_id", flat=True)))
    homes = list(free.values_list("household_id", flat=True))
    free.update(state=State.LISTED, is_open=True, reason="", out_step=None, out_by=None, out_on=None)
    if step.kind == StepKind.CONSENT:
        batch.entries.filter(household__in=homes).update(consent=None, consent_on=None, consent_reason="")
    Application.objects.filter(batch=batch, household__in=homes, state=Application.State.REFUSED).update(
        state=Application.State.LISTED, decided_on=None, state_reason=""
    )


def _began(batch: Batch, step: TemplateStep) -> date:
    """The day a step began: that of the record before it, else of the list."""
    before = batch.records.filter(round=batch.round, step__position__lt=step.position)
    latest = before.exclude(outcome=Outcome.CORRECTED).order_by("step__position", "pk").last()
    return latest.on if latest else batch.started_on or clock.today()


def continue_entries(*, by: User, batch: Batch, entry_ids: Collection[int]) -> Batch:
    """Go on with households that were taken out or sent back, in a list of their own from the step where they stood:
    what was surveyed, voted and agreed for them still stands, and is asked again only where facts have changed since.

    Raises ProcedureError for those whom a vote, a survey, their own word or an objection took out; PermissionDenied.
    """
    with act(by=by, verb="continue_entries"):
        row = locked(batch)
        check_right(by, Right.BATCH_DRAFT, row.place_id)
        demand_level(by, row, Level.VILLAGE)
        hold("batch", row.place_id)
        entries = list(row.entries.filter(pk__in=entry_ids).exclude(state=State.LISTED).select_related("household"))
        step = _common_step(entries, len(set(entry_ids)))
        _demand_free(row, entries)
        fresh = Batch.objects.create(
            kind=row.kind, template=row.template, place_id=row.place_id, year=row.year, continues=row,
            note=f"接续{row}中取消或退回的户", created_by=by, started_on=clock.today(), state=Batch.State.RUNNING,
            step=step,
        )  # fmt: skip
        BatchEntry.objects.bulk_create(
            BatchEntry(batch=fresh, added_by=by, continues=each, **{key: getattr(each, key) for key in COPIED})
            for each in entries
        )
        Application.objects.filter(
            household__in=[each.household_id for each in entries], kind=row.kind, year=row.year,
            state__in=(Application.State.OPEN, Application.State.REFUSED),
        ).update(state=Application.State.LISTED, batch=fresh, decided_on=None, state_reason="")  # fmt: skip
        move(fresh, step, clock.today())
    return fresh


def _common_step(entries: list[BatchEntry], wanted: int) -> TemplateStep:
    if not entries or len(entries) < wanted:
        raise StateError("请选择已取消或已退回的户。")
    unfit = [each.household.household_no for each in entries if not may_continue(each)]
    if unfit:
        raise ProcedureError(
            f"户 {shown(unfit)} 因表决、调查、农户意见或异议成立而取消，不能接续，请重新列入新的名单从头办理。"
        )
    steps = {each.out_step for each in entries}
    step = next(iter(steps))
    if len(steps) > 1 or step is None:
        raise ProcedureError("所选的户不是在同一步取消或退回的，请分别接续。")
    return step


def may_continue(entry: BatchEntry) -> bool:
    """Whether a household that is off its list may go on where it stood."""
    if entry.state == State.LISTED or entry.out_step is None:
        return False
    upheld = Objection.objects.filter(entry=entry, decision=Objection.Decision.UPHELD, effect=Objection.Effect.OUT)
    if upheld.exists():
        return False
    return entry.state == State.BACK or entry.out_step.kind in LATER_STEPS


def _demand_free(batch: Batch, entries: list[BatchEntry]) -> None:
    homes = [each.household_id for each in entries]
    bound = BatchEntry.objects.filter(household__in=homes, is_open=True).select_related("household")
    taken = [each.household.household_no for each in bound]
    if taken:
        raise ProcedureError(f"户 {shown(taken)} 已在其他名单中，不能重复列入。")
