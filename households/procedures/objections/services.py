"""Objections: anybody may raise one while a notice runs; each is assigned, investigated, decided and answered."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile, File

from households.models import Application, Batch, BatchEntry, Household, Notice, NoticeEntry, Objection, ObjectionPhoto
from households.models.template import DayRule
from households.procedures.engine import clock
from households.procedures.engine.duties import demand_level
from households.procedures.engine.errors import ProcedureError, StateError
from households.procedures.engine.procedure import procedure_of
from households.procedures.engine.stage import ROLE_LEVEL, locked
from households.procedures.lists import batches, carried
from households.procedures.objections.parties import batch_of, of_village, part_of
from households.register.attachments import SUFFIXES, checked
from povreg.kit.crypto import lookup_hash
from povreg.kit.history import act
from povreg.kit.idnumber import normalise
from villages.models import User
from villages.rights import Right

State, Decision, Effect, Channel = Objection.State, Objection.Decision, Objection.Effect, Objection.Channel
About = Objection.About
SHORTEST, LONGEST = 10, 1000
MOST_PHOTOS = 3


@dataclass(frozen=True)
class Wish:
    """How whoever objects wants it dealt with: ``is_confidential`` 要求保密, ``against_village`` 反映村干部的问题."""

    is_confidential: bool = False
    against_village: bool = False


def receive_objection(
    *,
    by: User | None,
    notice: Notice,
    text: str,
    line: NoticeEntry | None = None,
    channel: str = Channel.WEB,
    name: str = "",
    phone: str = "",
    missed: str = "",
    wish: Wish = Wish(),
    received_on: date | None = None,
    photos: Sequence[File] = (),
) -> Objection:
    """Take an objection to one line, to the whole list, or (``missed``) that somebody was left out; name and phone may
    be left out. On the public page while the notice runs; by phone, letter or visit also after its last day.

    ``by`` None is somebody on the public page. Raises ProcedureError when the notice is over, the text too short or
    long, the day impossible, a photo unreadable; PermissionDenied for staff without the right.
    """
    if (by is None) != (channel == Channel.WEB) or (
        by is not None and not by.can(Right.OBJECTION_TAKE, notice.place_id)
    ):
        raise PermissionDenied
    if not SHORTEST <= len(text.strip()) <= LONGEST:
        raise ProcedureError(f"请写明不同意见和理由，{SHORTEST} 到 {LONGEST} 个字。")
    with act(by=by, verb="take_objection"):
        locked(notice.batch)
        row = Notice.objects.select_related("batch").get(pk=notice.pk)
        day = received_on or clock.today()
        is_late = _is_late(by, row, day)
        if line is not None and line.notice_id != row.pk:
            raise ProcedureError("所选的户不在这份公示中，请刷新页面后再提。")
        found = Objection.objects.create(
            notice=row,
            line=line,
            entry=line.entry if line else None,
            household_id=line.entry.household_id if line and line.entry else None,
            batch=_list_now(row.batch),
            about=About.LINE if line else About.MISSED if missed.strip() else About.LIST,
            missed="" if line else missed.strip()[:80],
            is_confidential=wish.is_confidential,
            against_village=wish.against_village,
            is_late=is_late,
            place_id=row.place_id,
            channel=channel,
            name=name.strip()[:40],
            phone=normalise(phone)[:20],
            phone_hash=lookup_hash(normalise(phone)[:20]),
            text=text.strip(),
            received_on=day,
            received_by=by,
            due_on=clock.end_of(day, row.batch.template.objection_days, DayRule.WORKING),
        )
        if found.batch is not None and found.batch_id != row.batch_id:
            carried.link(found.batch)
        keep_photos(by, found, photos)
    return found


def _is_late(by: User | None, notice: Notice, day: date) -> bool:
    """Whether the objection comes after the last day. Raises ProcedureError where it cannot come at all."""
    if not notice.posted_on <= day <= clock.today():
        raise ProcedureError(
            {"received_on": f"收到日期应在张贴（{notice.posted_on:%Y-%m-%d}）以后、今天以前，请改正。"}
        )
    runs = notice.state == Notice.State.OPEN and day <= notice.ends_on
    if by is None and not runs:
        raise StateError("公示期已过，不能再提出异议。可以拨打监督电话反映。")
    return day > notice.ends_on


def _list_now(batch: Batch) -> Batch | None:
    """The list that an objection to a notice of ``batch`` holds up now; None where it waits for the next one."""
    if batch.state != Batch.State.STOPPED:
        return batch
    return Batch.objects.open().filter(place_id=batch.place_id, kind=batch.kind).order_by("-pk").first()


def keep_photos(by: User | None, objection: Objection, photos: Sequence[File]) -> None:
    """Keep what came with an objection, written anew without place and device. Raises ProcedureError."""
    if len(photos) > MOST_PHOTOS:
        raise ProcedureError({"photos": f"最多上传 {MOST_PHOTOS} 张照片，请减少后再提交。"})
    for photo in photos:
        content, content_type = checked(photo)
        row = ObjectionPhoto(
            objection=objection,
            content_type=content_type,
            size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
            by=by,
        )
        row.file.save(f"file{SUFFIXES[content_type]}", ContentFile(content), save=True)


def _locked(objection: Objection, *states: str) -> Objection:
    rows = Objection.objects.select_for_update(of=("self",)).select_related("notice__batch", "batch")
    row = rows.get(pk=objection.pk)
    if row.state not in states:
        raise StateError(f"这件异议{row.get_state_display()}，不能这样办理。请刷新页面。")
    return row


def _demand(by: User | None, objection: Objection, right: Right = Right.OBJECTION_HANDLE) -> None:
    if by is None or not by.can(right, objection.place_id):
        raise PermissionDenied


def assign_objection(*, by: User | None, objection: Objection, to: User) -> Objection:
    """Give an objection to somebody to look into; again, as long as it is not decided.

    Raises ProcedureError when the person may not, or has a part in the household's case himself; PermissionDenied.
    """
    _demand(by, objection)
    with act(by=by, verb="assign_objection"):
        row = _locked(objection, State.RECEIVED, State.ASSIGNED, State.INVESTIGATED)
        if not to.can(Right.OBJECTION_TAKE, row.place_id):
            raise ProcedureError(f"{to}没有核查本村异议的权限，请另选一人。")
        if part := part_of(to, row):
            raise ProcedureError(f"{to}{part}，不能核查这件异议，请另选一人。")
        row.assigned_to, row.assigned_by, row.state = to, by, State.ASSIGNED
        row.save()
    return row


def investigate_objection(*, by: User, objection: Objection, text: str, on: date | None = None) -> Objection:
    """Note what was found on the spot. By whom it was assigned to, or who handles objections.

    Raises ProcedureError, PermissionDenied.
    """
    _demand(by, objection, Right.OBJECTION_TAKE)
    with act(by=by, verb="examine_objection"):
        row = _locked(objection, State.ASSIGNED, State.INVESTIGATED)
        if row.assigned_to_id != by.pk:
            _demand(by, row)
        if part := part_of(by, row):
            raise ProcedureError(f"您{part}，不能核查这件异议，请由其他人员核查。")
        day = on or clock.today()
        if not text.strip():
            raise ProcedureError("请写明核查情况。")
        if not row.received_on <= day <= clock.today():
            raise ProcedureError("核查日期应在收到异议之后、今天以前。")
        row.investigation, row.investigated_on, row.investigated_by = text.strip(), day, by
        row.state = State.INVESTIGATED
        row.save()
    return row


def decide_objection(
    *,
    by: User,
    objection: Objection,
    decision: str,
    reason: str,
    effect: str = Effect.NONE,
    household: Household | None = None,
) -> Objection:
    """Uphold or reject. An upheld objection to a household takes it out (``out``) or sends it back (``back``); one that
    ``household`` was left out (``add``) puts it on the list, or has it wait for the next one. The others go on. Whoever
    proposed the list does not decide.

    Raises ProcedureError, PermissionDenied.
    """
    _demand(by, objection)
    with act(by=by, verb="decide_objection", reason=reason):
        batch = locked(batch_of(objection))
        row = _locked(objection, State.INVESTIGATED)
        demand_level(by, batch, own_level(by, batch))
        if by.pk in of_village(row):
            raise ProcedureError("异议反映的是村干部的问题，请由乡镇或县的其他人员决定。")
        _check_decision(row, decision, reason, effect, household)
        row.decision, row.effect, row.decision_reason = decision, effect, reason.strip()[:300]
        row.decided_on, row.decided_by, row.state = clock.today(), by, State.DECIDED
        row.household_id = household.pk if household else row.household_id
        row.save()
        if effect == Effect.ADD and household:
            _add(by, batch, row, household)
        elif effect:
            _strike(by, batch, row)
    return row


def _strike(by: User, batch: Batch, row: Objection) -> None:
    if row.entry_id and batch.state in Batch.OPEN and batch.entries.filter(pk=row.entry_id, state="listed").exists():
        state = BatchEntry.State.OUT if row.effect == Effect.OUT else BatchEntry.State.BACK
        batches.strike(batch, {row.entry_id: f"异议成立：{row.decision_reason}"}, state, by)


def _add(by: User, batch: Batch, row: Objection, household: Household) -> None:
    """Put a household that was left out on the list while it may still take one; else its application waits for the
    next list of the kind, which begins with those."""
    if batches.takes_more(batch):
        batches.put_on(by, batch, [household.pk])
        return
    if not procedure_of(batch.kind).applied_for:
        return
    facts = {"kind": batch.kind, "household": household, "state": Application.State.OPEN}
    if not Application.objects.filter(**facts).exists():
        Application.objects.create(
            **facts, village_id=household.village_id, year=batch.year, applied_on=row.received_on,
            reason="异议成立：漏评，补报", received_by=by,
        )  # fmt: skip


def own_level(by: User, batch: Batch) -> str:
    """The highest level of the person's own roles at the batch's place."""
    levels = [
        ROLE_LEVEL[role] for role, code in by.postings_today() if role in ROLE_LEVEL and batch.place_id.startswith(code)
    ]
    if not levels:
        raise PermissionDenied
    return max(levels, key=list(ROLE_LEVEL.values()).index)


def _check_decision(row: Objection, decision: str, reason: str, effect: str, household: Household | None) -> None:
    if decision not in Decision.values:
        raise ProcedureError("请选择异议成立或不成立。")
    if not reason.strip():
        raise ProcedureError("请写明决定的理由。")
    if decision == Decision.REJECTED and effect:
        raise ProcedureError("异议不成立的，名单不变。")
    if decision == Decision.UPHELD and row.about == About.LINE and effect not in (Effect.OUT, Effect.BACK):
        raise ProcedureError("异议成立的，请选择取消该户或退回该户。")
    if decision == Decision.UPHELD and row.about == About.MISSED:
        _check_missed(row, effect, household)
    elif effect == Effect.ADD:
        raise ProcedureError("只有反映漏评的异议才能补报农户。")


def _check_missed(row: Objection, effect: str, household: Household | None) -> None:
    if effect != Effect.ADD:
        raise ProcedureError("反映漏评成立的，请选择补报该户。")
    if household is None or household.village_id != row.place_id or household.removed_on:
        raise ProcedureError(
            {"household": "请填写漏评的户的户编号（须是本村在册或已登记的农户；还没有登记的，请先登记）。"}
        )


def answer_objection(*, by: User | None, objection: Objection, answer: str) -> Objection:
    """Answer the person; the answer is shown to whoever has the tracking number, so it names nobody.

    Raises ProcedureError, PermissionDenied.
    """
    _demand(by, objection)
    with act(by=by, verb="answer_objection"):
        row = _locked(objection, State.DECIDED)
        if not answer.strip():
            raise ProcedureError("请填写答复内容。")
        row.answer, row.answered_on, row.answered_by = answer.strip()[:500], clock.today(), by
        row.state = State.ANSWERED
        row.save()
    return row
