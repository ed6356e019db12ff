"""Work at the size of a county: many lists reviewed, approved, posted or compared in one act.

Each list is judged as if alone, and what stands against it is told with its village; the others go on. One paper with
one signature and one scan serves them all. A list that nobody opened passes only with a drawn sample that was looked
at.
"""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from math import ceil
from random import Random

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from households.models import (
    Application,
    Batch,
    BatchEntry,
    BulkAct,
    Household,
    Member,
    Paper,
    Signature,
    StepRecord,
)
from households.models.template import Capacity, PaperKind, StepKind
from households.procedures.engine import clock, windows
from households.procedures.engine.errors import ProcedureError
from households.procedures.engine.procedure import procedure_of
from households.procedures.engine.stage import Stage, enter_many
from households.procedures.lists import batches, comparing, effects, notices, steps, together
from households.procedures.lists.looked import RIGHT_OF, unopened
from households.procedures.lists.together import Refused, without
from households.register import after
from households.register.attachments import SUFFIXES, checked
from povreg.kit.history import act
from povreg.kit.locks import hold
from povreg.kit.scopes import county_of
from villages.models import User
from villages.rights.checks import check_right

DRAWN_PERCENT, FEWEST_DRAWN = 5, 1
"""Of the lists that nobody has opened: how many are drawn to be looked at."""
PAPER_OF = {
    StepKind.TOWNSHIP_REVIEW: PaperKind.REVIEW_FORM,
    StepKind.COUNTY_REVIEW: PaperKind.REVIEW_FORM,
    StepKind.COMPARISON: PaperKind.COMPARISON,
    StepKind.FILING: PaperKind.APPROVAL,
    StepKind.ANNOUNCEMENT: PaperKind.APPROVAL,
}


@dataclass(frozen=True)
class Signed:
    """One paper with its signatures: names by capacity, the day, the number or name of the paper."""

    document: str = ""
    signers: Mapping[str, str] = field(default_factory=dict)
    on: date | None = None
    remark: str = ""


def prepare(*, by: User, place: str, step_kind: str, batch_ids: Collection[int]) -> BulkAct:
    """Begin an act on many lists at one step: of those that nobody has opened a sample is drawn, to be looked at before
    the act is done. Raises ProcedureError when none is chosen, PermissionDenied."""
    check_right(by, RIGHT_OF[StepKind(step_kind)], place)
    rows = list(Batch.objects.visible_to(by).filter(pk__in=batch_ids, step__kind=step_kind).order_by("place_id"))
    if not rows:
        raise ProcedureError("所选的名单都已不在这一步，请刷新页面后再选。")
    with act(by=by, verb="prepare_bulk"):
        waiting = unopened(rows)
        many = min(max(ceil(len(waiting) * DRAWN_PERCENT / 100), FEWEST_DRAWN), len(waiting))
        return BulkAct.objects.create(
            place_id=place,
            step_kind=step_kind,
            batch_ids=[row.pk for row in rows],
            drawn_ids=sorted(Random(f"{by.pk}:{waiting}").sample(waiting, many)),  # noqa: S311 - drawn, not secret
            by=by,
        )


def numbers_of(lists: QuerySet[Batch]) -> dict[str, int]:
    """How much an act is about, told before it is confirmed: lists, households and people on them, villages."""
    entries = BatchEntry.objects.filter(batch__in=lists.order_by(), state=BatchEntry.State.LISTED)
    people = Member.objects.present().filter(household__in=entries.values("household_id"))
    return {
        "lists": lists.count(),
        "households": entries.count(),
        "people": people.count(),
        "villages": lists.order_by().values("place_id").distinct().count(),
    }


def still_to_open(row: BulkAct) -> list[Batch]:
    """The drawn lists that nobody has looked at yet."""
    drawn = list(Batch.objects.filter(pk__in=row.drawn_ids, step__kind=row.step_kind).select_related("place"))
    left = set(unopened(drawn))
    return [batch for batch in drawn if batch.pk in left]


def sign_act(*, by: User, row: BulkAct, signed: Signed, file: File | None = None) -> BulkAct:
    """Put the paper of an act on record: who signed it when, its scan. Then it may be carried out, once.

    Raises ProcedureError while a drawn list has not been looked at, without what the steps ask for; PermissionDenied.
    """
    check_right(by, RIGHT_OF[StepKind(row.step_kind)], row.place_id)
    with act(by=by, verb="sign_bulk"):
        act_row = BulkAct.objects.select_for_update(of=("self",)).get(pk=row.pk)
        if act_row.launched_at:
            raise ProcedureError("这次批量办理已经提交，请在任务中查看结果。")
        if left := still_to_open(act_row):
            names = "、".join(str(each.place) for each in left[:5])
            raise ProcedureError(f"抽中的 {len(left)} 份名单还没有人查看，请先打开查看：{names}。")
        if any(capacity not in Capacity.values for capacity in signed.signers):
            raise ProcedureError("没有这个签字身份，请刷新页面后再填。")
        act_row.document, act_row.remark = signed.document.strip()[:80], signed.remark.strip()[:500]
        act_row.signers = {capacity: name.strip()[:40] for capacity, name in signed.signers.items() if name.strip()}
        act_row.signed_on = signed.on or clock.today()
        if act_row.signed_on > clock.today():
            raise ProcedureError({"on": "签字日期还没有到，请填写实际日期。"})
        if file is not None:
            _keep(act_row, file)
        act_row.launched_at = timezone.now()
        act_row.save()
    return act_row


def _keep(row: BulkAct, file: File) -> None:
    content, row.content_type = checked(file)
    row.size, row.sha256 = len(content), hashlib.sha256(content).hexdigest()
    row.file.save(f"file{SUFFIXES[row.content_type]}", ContentFile(content), save=False)


def carry_out(row: BulkAct, batch_ids: Collection[int], board: str = "", hotline: str = "") -> tuple[int, Refused]:
    """Do the act for some of its lists in one transaction; how many went on, and why the others did not."""
    verb = {StepKind.FILING: "approve_batch", StepKind.ANNOUNCEMENT: "approve_batch"}.get(
        StepKind(row.step_kind), row.step_kind if row.step_kind != StepKind.COMPARISON else "record_comparison"
    )
    with act(by=row.by, verb=verb, reason=row.remark):
        stages, turned = enter_many(row.by, batch_ids, row.step_kind)
        refused = {batch.pk: text for batch, text in turned}
        approves = row.step_kind in (StepKind.FILING, StepKind.ANNOUNCEMENT)
        refused |= _closed(stages, approves)
        stages = without(stages, refused)
        refused |= together.lacking(stages, _gives(row))
        stages = without(stages, refused)
        _attach(row, stages)
        if row.step_kind == StepKind.COMPARISON:
            refused |= comparing.take_results(stages)
            stages = without(stages, refused)
            for pk, reasons in steps.failed_results(stages).items():
                batch = next(stage.batch for stage in stages if stage.batch.pk == pk)
                batches.strike(batch, reasons, BatchEntry.State.OUT, row.by)
            together.move_on(stages, StepRecord.Outcome.DONE, _day(row, stages), row.remark)
            return len(stages), refused
        refused |= together.standing_against(stages)
        if approves:
            refused |= together.unfinished_notices(stages)
        stages = without(stages, refused)
        if approves:
            refused |= _approve(row, stages, board or effects.DEFAULT_BOARD, hotline)
            return len(without(stages, refused)), refused
        together.move_on(stages, StepRecord.Outcome.PASSED, _day(row, stages), row.remark)
    return len(stages), refused


def _closed(stages: Sequence[Stage], approves: bool) -> Refused:
    """Lists that the season window holds back, and announcements with days of their own."""
    found: Refused = {}
    for stage in stages:
        if stage.step.kind == StepKind.ANNOUNCEMENT and stage.step.days:
            found[stage.batch.pk] = f"“{stage.step.label}”要公告 {stage.step.days} 天，期满后才能批复。"
    if not approves and not any(stage.step.kind == StepKind.COUNTY_REVIEW for stage in stages):
        return found
    approval = windows.Function.APPROVAL
    for kind in {stage.batch.kind for stage in stages}:
        mine = [stage.batch for stage in stages if stage.batch.kind == kind]
        closed = windows.closed_at(approval, kind, {batch.place_id for batch in mine})
        shut = [batch for batch in mine if batch.place_id in closed]
        found |= {batch.pk: windows.closed_words(approval, kind, batch.place_id) for batch in shut}
    return found


def _day(row: BulkAct, stages: Sequence[Stage]) -> date:
    """The day of the act: that of the paper, but not before any of the steps began."""
    began = max((stage.batch.step_since for stage in stages if stage.batch.step_since), default=clock.today())
    return max(row.signed_on or clock.today(), began)


def _gives(row: BulkAct) -> together.Given:
    """What the paper of the act brings to every list."""
    kinds = {str(PAPER_OF[StepKind(row.step_kind)])} if row.file else set()
    return together.Given(kinds, set(row.signers))


def _attach(row: BulkAct, stages: Sequence[Stage]) -> None:
    """The paper and the signatures lie with every list of the act; the file is stored once."""
    on = _day(row, stages)
    if row.file:
        kind = PAPER_OF[StepKind(row.step_kind)]
        Paper.objects.bulk_create(
            [
                Paper(
                    batch=stage.batch, step=stage.step, round=stage.batch.round, kind=kind, file=row.file.name,
                    original_name=row.document[:120] or "批量材料", content_type=row.content_type, size=row.size,
                    sha256=row.sha256, by=row.by,
                )
                for stage in stages
            ],
            batch_size=500,
        )  # fmt: skip
    Signature.objects.bulk_create(
        [
            Signature(
                batch=stage.batch, step=stage.step, round=stage.batch.round, capacity=capacity, name=name,
                signed_on=on, by=row.by,
            )
            for stage in stages
            for capacity, name in row.signers.items()
            if capacity in stage.step.signers
        ],
        batch_size=1000,
    )  # fmt: skip


def _approve(row: BulkAct, stages: list[Stage], board: str, hotline: str) -> Refused:
    """Announce (where that takes no days) and file: every household left on the lists changes its standing."""
    if not stages:
        return {}
    day = _day(row, stages)
    for key in sorted({(stage.batch.kind, stage.batch.year, county_of(stage.batch.place_id)) for stage in stages}):
        hold("quota", *key)
    entries = BatchEntry.objects.filter(batch__in=[stage.batch for stage in stages], state="listed")
    homes = list(entries.values_list("household_id", flat=True))
    list(Household.objects.filter(pk__in=homes).order_by("pk").select_for_update(of=("self",)).values_list("pk"))
    refused: Refused = {}
    if row.step_kind == StepKind.ANNOUNCEMENT:
        posted = notices.post(stages, board, hotline)
        notices.finish_many(posted, row.by, day)
        stages = together.move_on(stages, StepRecord.Outcome.DONE, day)
        refused = {
            stage.batch.pk: "公告之后还有其他步骤，请先办结再批复。"
            for stage in stages
            if stage.step.kind != StepKind.FILING
        }
        stages = without(stages, refused)
        refused |= together.lacking(stages, _gives(row))
        stages = without(stages, refused)
        _attach(row, stages)
    _take_effect([stage.batch for stage in stages], day)
    effects.note_events(stages, day)
    together.move_on(stages, StepRecord.Outcome.DONE, day, row.remark)
    done = [stage.batch.pk for stage in stages]
    ids = list(entries.filter(batch__in=done).values_list("household_id", flat=True))
    BatchEntry.objects.filter(batch__in=done, is_open=True).update(is_open=False)
    Application.objects.filter(batch__in=done, state="listed", household__in=ids).update(
        state=Application.State.ADMITTED, decided_on=day
    )
    after.changed(ids)
    return refused


def _take_effect(batches: Sequence[Batch], day: date) -> None:
    """What the approvals do: for all lists of a kind and year at once where the kind can."""
    for kind, year in dict.fromkeys((batch.kind, batch.year) for batch in batches):
        mine = [batch for batch in batches if (batch.kind, batch.year) == (kind, year)]
        declared = procedure_of(kind)
        if declared.effect_many is not None:
            declared.effect_many(mine, day)
            continue
        assert declared.effect is not None
        for batch in mine:
            declared.effect(batch, day)


def one_by_one(row: BulkAct, batch_ids: Collection[int], board: str, hotline: str) -> tuple[int, Refused]:
    """:func:`carry_out` for each list alone, where something went wrong with many."""
    done = 0
    refused: Refused = {}
    for pk in batch_ids:
        try:
            with transaction.atomic():
                went, told = carry_out(row, [pk], board, hotline)
        except ValidationError as fault:
            went, told = 0, {pk: together.messages_of(fault)}
        done, refused = done + went, refused | told
    return done, refused
