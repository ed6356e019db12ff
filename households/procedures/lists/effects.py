"""What an approved list does to the register: one transaction, one statement a table, for all its households."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db.models import F, OuterRef, Subquery
from django.utils import timezone

from households.models import Batch, BatchEntry, Household, Member, Notice, RegisterEvent, StepRecord
from households.models.template import Kind, StepKind
from households.procedures.engine import checks, windows
from households.procedures.engine.errors import ProcedureError
from households.procedures.engine.stage import (
    Stage,
    complete,
    day_of,
    enter,
    listed,
    locked,
)
from households.procedures.lists.notices import finish, post
from households.procedures.lists.reviews import demand_sound
from households.procedures.lists.steps import demand_complete, demand_papers
from households.register import after
from povreg.kit.history import act
from villages.models import VillageProfile
from villages.rights import Right
from villages.rights.checks import check_right

POOR, OUT_OF_POVERTY, RETURNED = "0", "1", "3"
TYPE_OUT, TYPE_POOR, TYPE_EDGE = "01", "03", "04"  # 脱贫户、贫困户、边缘易致贫户
ORDINARY = ("", "02")
NEW, STRUCK_OFF = "01", "07"  # 户变更
DEFAULT_BOARD = "村委会公示栏"


def approve_batch(
    *, by: Any, batch: Batch, on: date | None = None, remark: str = "", board: str = "", hotline: str = ""
) -> Batch:
    """Approve a list (批复录入): every household left on it changes its standing, at once or not at all.

    At a step 公告 without days of its own the announcement is issued first. Everything is asked again here: verdicts,
    blockers, changed facts, signatures, notices, objections, season window, quota. A wrong approval is undone by a new
    procedure only. Raises ProcedureError, PermissionDenied.
    """
    with act(by=by, verb="approve_batch", reason=remark):
        stage = enter(by, batch, StepKind.FILING, StepKind.ANNOUNCEMENT)
        check_right(by, Right.COUNTY_REVIEW, stage.batch.place_id)
        day = day_of(stage, on)
        _lock_households(stage.batch)
        demand_approvable(stage)
        if stage.step.kind == StepKind.ANNOUNCEMENT:
            stage = _announced(stage, board or DEFAULT_BOARD, hotline)
        demand_complete(stage)
        ids = list(listed(stage.batch).values_list("household_id", flat=True))
        EFFECTS[stage.batch.kind](stage.batch, day)
        _note_events(stage, day)
        complete(stage, StepRecord.Outcome.DONE, day, remark)
        stage.batch.entries.filter(is_open=True).update(is_open=False)
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


def _on_list(batch: Batch) -> Any:
    entries = BatchEntry.objects.filter(batch=batch, state=BatchEntry.State.LISTED)
    return Household.objects.filter(pk__in=entries.values("household_id"))


def _lock_households(batch: Batch) -> None:
    """Hold the households' rows, as everybody who changes their facts does: what is checked now stays so."""
    list(_on_list(batch).order_by("pk").select_for_update(of=("self",)).values_list("pk"))


def _set(batch: Batch, **values: Any) -> int:
    return int(_on_list(batch).update(version=F("version") + 1, updated_at=timezone.now(), **values))


def _identify(batch: Batch, day: date) -> None:
    _set(
        batch,
        candidate=False,
        exit_status=POOR,
        household_type=TYPE_POOR,
        identified_on=day,
        removed_on=None,
        removed_reason="",
    )
    present = Member.objects.present().filter(household__in=_on_list(batch), identified_on=None)
    present.update(identified_on=day, version=F("version") + 1, updated_at=timezone.now())


def _exit(batch: Batch, day: date) -> None:
    _set(batch, exit_status=OUT_OF_POVERTY, exit_year=batch.year, household_type=TYPE_OUT)


def _return(batch: Batch, day: date) -> None:
    _set(batch, exit_status=RETURNED, return_year=batch.year, household_type=TYPE_POOR)


def _remove(batch: Batch, day: date) -> None:
    _set(batch, removed_on=day, removed_reason=f"清退（{batch.year}年名单）")


def _of_entry(batch: Batch, field: str) -> Subquery:
    return Subquery(BatchEntry.objects.filter(batch=batch, household_id=OuterRef("pk")).values(field)[:1])


def _monitor(batch: Batch, day: date) -> None:
    _set(
        batch,
        candidate=False,
        monitor_type=_of_entry(batch, "monitor_type"),
        risks=_of_entry(batch, "risks"),
        risk_identified_on=day,
        risk_cleared=False,
        risk_cleared_on=None,
        risk_clear_way="",
    )
    _on_list(batch).filter(household_type__in=ORDINARY).update(household_type=TYPE_EDGE)


def _clear(batch: Batch, day: date) -> None:
    _set(batch, risk_cleared=True, risk_cleared_on=day, risk_clear_way=_of_entry(batch, "clear_way"))


def _delist(batch: Batch, day: date) -> None:
    VillageProfile.objects.filter(pk=batch.place_id).update(delisted_year=batch.year, version=F("version") + 1)


EFFECTS: dict[str, Callable[[Batch, date], None]] = {
    Kind.IDENTIFICATION: _identify,
    Kind.EXIT: _exit,
    Kind.RETURN: _return,
    Kind.REMOVAL: _remove,
    Kind.MONITOR_IN: _monitor,
    Kind.MONITOR_OUT: _clear,
    Kind.VILLAGE_EXIT: _delist,
}
CHANGES = {Kind.IDENTIFICATION: NEW, Kind.REMOVAL: STRUCK_OFF}


def _note_events(stage: Stage, day: date) -> None:
    """A dated event on the page of every household."""
    batch = stage.batch
    reason = f"{batch.year}年{batch.get_kind_display()}名单批复"
    rows = listed(batch).values_list("household_id", "household__village_id")
    RegisterEvent.objects.bulk_create(
        [
            RegisterEvent(
                household_id=household_id,
                village_id=village_id,
                household_change=CHANGES.get(Kind(batch.kind), ""),
                happened_on=day,
                reason=reason,
                by=stage.by,
            )
            for household_id, village_id in rows
        ],
        batch_size=1000,
    )
