"""Public notice and announcement: posted, closed when their time is over, corrected by a new one."""

from collections.abc import Sequence
from datetime import date

from households.models import Batch, Notice, StepRecord, TemplateStep
from households.models.template import DayRule, StepKind
from households.procedures.engine import clock
from households.procedures.engine.errors import ProcedureError, StateError
from households.procedures.engine.stage import (
    CLOSE_WITHIN,
    POSTING,
    Stage,
    complete,
    day_of,
    enter,
    name,
    past_day,
)
from households.procedures.lists import carried, lines
from households.procedures.lists.reviews import demand_sound
from households.procedures.lists.steps import demand_complete, demand_papers
from povreg.kit.history import act
from villages.models import User

State = Notice.State
LONGEST = 90  # days


def post_notice(
    *,
    by: User | None,
    batch: Batch,
    board: str,
    hotline: str = "",
    days: int | None = None,
    posted_on: date | None = None,
) -> Notice:
    """Put the list up: it is frozen with its digest, and the clock of the step starts on the day it was really posted.

    ``days`` may lengthen the step's days, never shorten them. Raises ProcedureError, PermissionDenied.
    """
    with act(by=by, verb="post_notice"):
        stage = enter(by, batch, StepKind.NOTICE)
        return post([stage], board, hotline, days, posted_on)[0]


def announce(*, by: User | None, batch: Batch, board: str, hotline: str = "") -> Notice:
    """Announce the decided list. Where the announcement has no days of its own, the batch goes on to the next step.

    Raises ProcedureError for households that may not stand on the list (any more), PermissionDenied.
    """
    with act(by=by, verb="announce"):
        stage = enter(by, batch, StepKind.ANNOUNCEMENT)
        demand_sound(stage.batch)
        if not stage.step.days:
            demand_papers(stage)
        posted = post([stage], board, hotline)[0]
        if not posted.days:
            finish(stage, posted)
    return posted


def post(
    stages: Sequence[Stage], board: str, hotline: str, days: int | None = None, posted_on: date | None = None
) -> list[Notice]:
    """Put up the lists of many stages in a few statements. The caller holds their locks."""
    if not board.strip():
        raise ProcedureError("请填写张贴地点（例如：村委会公示栏）。")
    taken = Notice.objects.filter(batch__in=[stage.batch for stage in stages], state=State.OPEN)
    first = taken.select_related("batch__place").first()
    if first is not None:
        raise StateError(f"{name(first.batch)}已经张贴，公示到 {first.ends_on:%Y-%m-%d}；要改名单请用“更正公示”。")
    decided = {stage.batch.pk for stage in stages if stage.step.kind == StepKind.ANNOUNCEMENT}
    frozen = lines.lines_of([stage.batch for stage in stages], decided)
    orders = _sequences(stages)
    fresh = [
        _new(stage, frozen[stage.batch.pk], orders[stage.step.pk], board, hotline, days, day_of(stage, posted_on))
        for stage in stages
    ]
    Notice.objects.bulk_create(fresh, batch_size=500)
    lines.write((notice, frozen[notice.batch_id]) for notice in fresh)
    closing: dict[date, list[Stage]] = {}
    for stage, notice in zip(stages, fresh, strict=True):
        stage.batch.due_on = clock.end_of(notice.ends_on, CLOSE_WITHIN, DayRule.CALENDAR)
        closing.setdefault(stage.batch.due_on, []).append(stage)
    for due_on, same in closing.items():
        Batch.objects.filter(pk__in=[stage.batch.pk for stage in same]).update(due_on=due_on)
    return fresh


def _sequences(stages: Sequence[Stage]) -> dict[int, int]:
    """Which notice (or announcement) of its template each step is: the first, the second."""
    rows = TemplateStep.objects.filter(template__in={stage.step.template_id for stage in stages}, enabled=True)
    found: dict[int, int] = {}
    counted: dict[tuple[int, str], int] = {}
    for pk, template_id, kind in rows.order_by("position").values_list("pk", "template_id", "kind"):
        found[pk] = counted[template_id, kind] = counted.get((template_id, kind), 0) + 1
    return found


def _new(
    stage: Stage,
    frozen: list[lines.Line],
    sequence: int,
    board: str,
    hotline: str,
    days: int | None,
    posted_on: date,
) -> Notice:
    if not frozen:
        raise ProcedureError(f"{name(stage.batch)}中没有农户，不能张贴。请终止这份名单。")
    step = stage.step
    length = step.days if days is None else days
    if not step.days <= length <= LONGEST:
        raise ProcedureError(f"“{step.label}”不少于 {step.days} 天、不多于 {LONGEST} 天，请改正天数。")
    return Notice(
        batch=stage.batch,
        step=step,
        round=stage.batch.round,
        type=_type(stage),
        sequence=sequence,
        place_id=stage.batch.place_id,
        board=board.strip()[:80],
        hotline=hotline.strip()[:40],
        posted_on=posted_on,
        days=length,
        day_rule=step.day_rule,
        ends_on=clock.end_of(posted_on, length, step.day_rule),
        digest=lines.digest(frozen),
        entries_count=len(frozen),
        people_count=sum(line["persons"] for line in frozen),
        posted_by=stage.by,
    )


def _type(stage: Stage) -> str:
    return Notice.Type.ANNOUNCEMENT if stage.step.kind == StepKind.ANNOUNCEMENT else Notice.Type.NOTICE


def close_notice(*, by: User | None, notice: Notice, on: date | None = None) -> Notice:
    """End a notice whose time is over, and go on to the next step. ``by`` None is the clock; ``on`` the real day, where
    the paper came first.

    Raises ProcedureError before the end, without the photo of the board or a signature, with an objection open, or
    when the stored list does not match its digest; PermissionDenied.
    """
    with act(by=by, verb="close_notice"):
        stage = enter(by, notice.batch, *POSTING)
        row = _current(stage, notice)
        demand_complete(stage)
        day = past_day(on, "结束日期")
        if day <= row.ends_on:
            raise ProcedureError(f"公示到 {row.ends_on:%Y-%m-%d} 为止，结束日期应晚于这一天。")
        finish(stage, row, day)
    return row


def _current(stage: Stage, notice: Notice) -> Notice:
    row = Notice.objects.select_for_update(of=("self",)).get(pk=notice.pk)
    if row.state != State.OPEN or (row.step_id, row.round) != (stage.step.pk, stage.batch.round):
        raise StateError(f"这份{row.get_type_display()}{row.get_state_display()}，不能再办理。请刷新页面。")
    if not lines.holds(row):
        raise ProcedureError("公示名单与张贴时的摘要不符，可能被改动过。请报告系统管理员，不要继续办理。")
    return row


def finish(stage: Stage, notice: Notice, on: date | None = None) -> None:
    """Close a notice and move its batch on."""
    today = on or clock.today()
    notice.state, notice.closed_on, notice.closed_by = State.CLOSED, today, stage.by
    notice.save(update_fields=["state", "closed_on", "closed_by"])
    complete(stage, StepRecord.Outcome.DONE, today)


def finish_many(posted: Sequence[Notice], by: User | None, on: date) -> None:
    """Close many notices that have no days of their own, in one statement."""
    Notice.objects.filter(pk__in=[notice.pk for notice in posted], days=0).update(
        state=State.CLOSED, closed_on=on, closed_by=by
    )


def correct_notice(*, by: User | None, notice: Notice, reason: str, board: str = "") -> Notice:
    """Put up the list as it is now instead of a notice that was wrong; its whole time runs again.

    Raises ProcedureError without a reason, PermissionDenied.
    """
    with act(by=by, verb="correct_notice", reason=reason):
        stage = enter(by, notice.batch, *POSTING)
        row = _current(stage, notice)
        if not reason.strip():
            raise ProcedureError("请写明更正的原因，更正后的公示上会写明。")
        row.state, row.closed_on, row.closed_by = State.SUPERSEDED, clock.today(), by
        row.save(update_fields=["state", "closed_on", "closed_by"])
        fresh = post([stage], board or row.board, row.hotline, row.days)[0]
        fresh.sequence, fresh.supersedes, fresh.correction_reason = row.sequence, row, reason.strip()[:200]
        fresh.save(update_fields=["sequence", "supersedes", "correction_reason"])
        carried.tell_of(stage.batch, carried.CORRECTED, by)
    return fresh


def may_close(notice: Notice, day: date | None = None) -> bool:
    """Whether a notice's time is over."""
    return notice.state == State.OPEN and (day or clock.today()) > notice.ends_on
