"""Where a batch stands, and the one way it moves on.

Every verb enters the stage first: the batch row is locked, so two people or two clicks come one after the other; the
step must be the one the verb is for; right, role and separation of duties are asked; then the verb works, and
:func:`complete` writes the record and moves the batch to the next step.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet

from households.models import Batch, BatchEntry, Paper, StepRecord, TemplateStep
from households.models.template import Level, StepKind
from households.procedures.engine import clock
from households.procedures.engine.duties import (
    POSTING,
    TIER,
    entered_in,
    in_whose_stead,
    levels_of,
    separate,
)
from households.procedures.engine.errors import ProcedureError, StateError
from villages.models import User
from villages.rights import Right, Role

RIGHTS: dict[str, Right] = {
    StepKind.APPLICATION: Right.STEP_RECORD,
    StepKind.SURVEY: Right.STEP_RECORD,
    StepKind.NOMINATION: Right.STEP_RECORD,
    StepKind.VERIFICATION: Right.STEP_RECORD,
    StepKind.COMPARISON: Right.COUNTY_REVIEW,
    StepKind.CONSENT: Right.STEP_RECORD,
    StepKind.APPRAISAL: Right.MEETING_RECORD,
    StepKind.NOTICE: Right.NOTICE_POST,
    StepKind.ANNOUNCEMENT: Right.NOTICE_POST,
    StepKind.TOWNSHIP_REVIEW: Right.TOWNSHIP_REVIEW,
    StepKind.COUNTY_REVIEW: Right.COUNTY_REVIEW,
    StepKind.FILING: Right.COUNTY_REVIEW,
}
ROLE_LEVEL: dict[Role, Level] = {
    Role.VILLAGE_CADRE: Level.VILLAGE,
    Role.TOWNSHIP_OFFICER: Level.TOWNSHIP,
    Role.COUNTY_OFFICER: Level.COUNTY,
}
POST_WITHIN = CLOSE_WITHIN = 3  # days to put a list up, and to close a notice whose time is over


@dataclass
class Stage:
    """A locked batch at its current step, and the person who acts there as ``level``."""

    batch: Batch
    step: TemplateStep
    by: User | None
    level: Level

    @property
    def year(self) -> int:
        return self.batch.year


def _locked_rows() -> QuerySet[Batch]:
    return Batch.objects.select_for_update(of=("self",)).select_related("template", "step", "place")


def locked(batch: Batch) -> Batch:
    """The batch's row, locked to the end of the transaction and read anew."""
    return _locked_rows().get(pk=batch.pk)


def enter(by: User | None, batch: Batch, *kinds: str) -> Stage:
    """Lock the batch and step up to its current step, which must be of one of ``kinds`` (any, if none is named).

    ``by`` None is the clock, which may only close notices. Raises ProcedureError when the batch is elsewhere or the
    person acted at another level, PermissionDenied without right or role.
    """
    row = locked(batch)
    if by is not None:
        return _step_up(by, row, kinds, levels_of(by, [row])[row.pk])
    if set(kinds) != set(POSTING):
        raise PermissionDenied
    step = _current_step(row, kinds)
    return Stage(row, step, None, TIER[step.level])


def enter_many(by: User, ids: Collection[int], *kinds: str) -> tuple[list[Stage], list[tuple[Batch, str]]]:
    """:func:`enter` for many batches in a few statements; those that refuse come back with the reason."""
    rows = list(_locked_rows().filter(pk__in=ids).order_by("pk"))
    acted, entered = levels_of(by, rows), entered_in(by, rows)
    stages, refused = [], []
    for row in rows:
        try:
            stages.append(_step_up(by, row, kinds, acted[row.pk], entered))
        except PermissionDenied:
            refused.append((row, "您没有办理这一步的权限。"))
        except ProcedureError as fault:
            refused.append((row, str(fault)))
    return stages, refused


def _step_up(
    by: User, row: Batch, kinds: Sequence[str], acted: set[str], entered: Collection[int] | None = None
) -> Stage:
    step = _current_step(row, kinds)
    return Stage(row, step, by, separate(by, row, acted, acting_levels(by, row), entered))


def _current_step(row: Batch, kinds: Sequence[str]) -> TemplateStep:
    if row.step is None:
        raise StateError(f"{name(row)}{row.get_state_display()}，不能再办理。{_hint(row)}")
    if kinds and row.step.kind not in kinds:
        wanted = "、".join(StepKind(kind).label for kind in kinds)
        now = f"“{row.step.label}”"
        raise StateError(f"{name(row)}现在的步骤是{now}，不能办理{wanted}。请先办结{now}。")
    return row.step


def name(batch: Batch) -> str:
    return f"“{batch.place}{batch}”"


def _hint(batch: Batch) -> str:
    return "请先启动名单。" if batch.state == Batch.State.DRAFT else "如有错误，请另行启动新的程序更正。"


def acting_levels(by: User, batch: Batch) -> list[Level]:
    """The levels a person may act at in the current step, by right and role. Putting up a notice is no judgement: it
    counts as the level of the person's own role, or as the step's; every other step as the step's only.
    Raises PermissionDenied."""
    step = batch.step
    assert step is not None
    if step.kind not in RIGHTS or not by.can(RIGHTS[step.kind], batch.place_id):
        raise PermissionDenied
    roles = [role for role, code in by.postings_today() if role in step.roles and batch.place_id.startswith(code)]
    if not roles:
        raise PermissionDenied
    own = [ROLE_LEVEL[role] for role in roles if role in ROLE_LEVEL and step.kind in POSTING]
    return list(dict.fromkeys([*own, TIER[step.level]]))


def listed(batch: Batch) -> Any:
    """The entries still on the list."""
    return batch.entries.filter(state=BatchEntry.State.LISTED)


ENTERED_WITHIN = timedelta(days=3)
"""What is entered later than this after it was done is 补录 and needs its scan."""


def past_day(on: date | None, what: str) -> date:
    """A real day, today unless given. Raises ProcedureError for one to come."""
    day = on or clock.today()
    if day > clock.today():
        raise ProcedureError(f"{what} {day:%Y-%m-%d} 还没有到，请填写实际日期。")
    return day


def day_of(stage: Stage, on: date | None) -> date:
    """The day something was done in a step: today unless given, never before the step began nor to come. This is the
    one rule of order: a step begins on the day the one before it was done. Raises ProcedureError."""
    day = past_day(on, "日期")
    since = stage.batch.step_since
    if since and day < since:
        raise ProcedureError(f"“{stage.step.label}”从 {since:%Y-%m-%d} 开始，办理日期不能早于这一天。")
    return day


def demand_scan(stage: Stage, on: date) -> None:
    """What is entered long after it was done (补录) rests on its paper. Raises ProcedureError without a scan."""
    if clock.today() - on <= ENTERED_WITHIN:
        return
    if not Paper.objects.filter(batch=stage.batch, step=stage.step, round=stage.batch.round, removed_at=None).exists():
        raise ProcedureError(
            f"“{stage.step.label}”于 {on:%Y-%m-%d} 办理，现在补录，请先上传当时的纸质材料（扫描件或照片）。"
        )


def complete(stage: Stage, outcome: str, on: date, remark: str = "") -> StepRecord:
    """Write the record of the current step and move the batch to the next one. Raises ProcedureError for 补录 without
    its paper."""
    demand_scan(stage, on)
    record = note(stage, outcome, on, remark)
    move(stage.batch, following(stage.step), on)
    return record


def note(stage: Stage, outcome: str, on: date, remark: str = "") -> StepRecord:
    return StepRecord.objects.create(
        batch=stage.batch,
        step=stage.step,
        round=stage.batch.round,
        level=stage.level,
        outcome=outcome,
        on=on,
        entered_on=clock.today(),
        remark=f"{remark}{in_whose_stead(stage.by, stage.batch.place_id)}"[:500],
        by=stage.by,
    )


def following(step: TemplateStep) -> TemplateStep | None:
    """The next enabled step of the template; None after the last."""
    rows = TemplateStep.objects.filter(template_id=step.template_id, enabled=True, position__gt=step.position)
    return rows.order_by("position").first()


def move(batch: Batch, step: TemplateStep | None, on: date) -> None:
    """Put the batch at a step that begins on a day; at none, the batch is done."""
    batch.step = step
    batch.step_since = on if step else None
    batch.due_on = due(step, on) if step else None
    if step is None:
        batch.state, batch.ended_on = Batch.State.DONE, on
    batch.save()


def due(step: TemplateStep, since: date) -> date | None:
    """The day by which a step that began on ``since`` is to be done; None when it has no limit."""
    if step.kind in POSTING:
        return clock.end_of(since, POST_WITHIN, "calendar")
    return clock.end_of(since, step.days, step.day_rule) if step.days else None
