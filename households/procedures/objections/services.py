"""Objections: anybody may raise one while a notice runs; each is assigned, investigated, decided and answered."""

from datetime import date

from django.core.exceptions import PermissionDenied

from households.models import Batch, BatchEntry, Notice, NoticeEntry, Objection
from households.models.template import DayRule
from households.procedures.engine import clock
from households.procedures.engine.duties import demand_level
from households.procedures.engine.errors import ProcedureError, StateError
from households.procedures.engine.stage import ROLE_LEVEL, locked
from households.procedures.lists import batches
from povreg.kit.crypto import lookup_hash
from povreg.kit.history import act
from povreg.kit.idnumber import normalise
from villages.models import User
from villages.rights import Right

State, Decision, Effect, Channel = Objection.State, Objection.Decision, Objection.Effect, Objection.Channel
SHORTEST, LONGEST = 10, 1000


def receive_objection(
    *,
    by: User | None,
    notice: Notice,
    text: str,
    line: NoticeEntry | None = None,
    channel: str = Channel.WEB,
    name: str = "",
    phone: str = "",
) -> Objection:
    """Take an objection to a notice that runs, to one line or to the whole list; name and phone may be left out.

    ``by`` None is somebody on the public page. Raises ProcedureError when the notice is over or the text too short or
    long; PermissionDenied for staff without the right.
    """
    if (by is None) != (channel == Channel.WEB) or (
        by is not None and not by.can(Right.OBJECTION_TAKE, notice.place_id)
    ):
        raise PermissionDenied
    if not SHORTEST <= len(text.strip()) <= LONGEST:
        raise ProcedureError(f"请写明不同意见和理由，{SHORTEST} 到 {LONGEST} 个字。")
    with act(by=by, verb="take_objection"):
        batch = locked(notice.batch)
        row = Notice.objects.get(pk=notice.pk)
        today = clock.today()
        if row.state != Notice.State.OPEN or today > row.ends_on:
            raise StateError("公示期已过，不能再提出异议。可以拨打监督电话反映。")
        if line is not None and line.notice_id != row.pk:
            raise ProcedureError("所选的户不在这份公示中，请刷新页面后再提。")
        return Objection.objects.create(
            notice=row,
            line=line,
            entry=line.entry if line else None,
            place_id=row.place_id,
            channel=channel,
            name=name.strip()[:40],
            phone=normalise(phone)[:20],
            phone_hash=lookup_hash(normalise(phone)[:20]),
            text=text.strip(),
            received_on=today,
            received_by=by,
            due_on=clock.end_of(today, batch.template.objection_days, DayRule.WORKING),
        )


def _locked(objection: Objection, *states: str) -> Objection:
    row = Objection.objects.select_for_update(of=("self",)).select_related("notice__batch").get(pk=objection.pk)
    if row.state not in states:
        raise StateError(f"这件异议{row.get_state_display()}，不能这样办理。请刷新页面。")
    return row


def _demand(by: User | None, objection: Objection, right: Right = Right.OBJECTION_HANDLE) -> None:
    if by is None or not by.can(right, objection.place_id):
        raise PermissionDenied


def assign_objection(*, by: User | None, objection: Objection, to: User) -> Objection:
    """Give an objection to somebody to look into; again, as long as it is not decided.

    Raises ProcedureError when the person may not, or proposed the list himself; PermissionDenied.
    """
    _demand(by, objection)
    with act(by=by, verb="assign_objection"):
        row = _locked(objection, State.RECEIVED, State.ASSIGNED, State.INVESTIGATED)
        if not to.can(Right.OBJECTION_TAKE, row.place_id):
            raise ProcedureError(f"{to}没有核查本村异议的权限，请另选一人。")
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
    *, by: User, objection: Objection, decision: str, reason: str, effect: str = Effect.NONE
) -> Objection:
    """Uphold or reject. An upheld objection to a household takes it out (``out``) or sends it back (``back``); the
    others go on. Whoever proposed the list does not decide.

    Raises ProcedureError, PermissionDenied.
    """
    _demand(by, objection)
    with act(by=by, verb="decide_objection", reason=reason):
        batch = locked(objection.notice.batch)
        row = _locked(objection, State.INVESTIGATED)
        demand_level(by, batch, own_level(by, batch))
        _check_decision(row, decision, reason, effect)
        row.decision, row.effect, row.decision_reason = decision, effect, reason.strip()[:300]
        row.decided_on, row.decided_by, row.state = clock.today(), by, State.DECIDED
        row.save()
        if effect and row.entry_id and batch.entries.filter(pk=row.entry_id, state="listed").exists():
            state = BatchEntry.State.OUT if effect == Effect.OUT else BatchEntry.State.BACK
            batches.strike(batch, {row.entry_id: f"异议成立：{reason.strip()}"}, state, by)
    return row


def own_level(by: User, batch: Batch) -> str:
    """The highest level of the person's own roles at the batch's place."""
    levels = [
        ROLE_LEVEL[role] for role, code in by.postings_today() if role in ROLE_LEVEL and batch.place_id.startswith(code)
    ]
    if not levels:
        raise PermissionDenied
    return max(levels, key=list(ROLE_LEVEL.values()).index)


def _check_decision(row: Objection, decision: str, reason: str, effect: str) -> None:
    if decision not in Decision.values:
        raise ProcedureError("请选择异议成立或不成立。")
    if not reason.strip():
        raise ProcedureError("请写明决定的理由。")
    if decision == Decision.REJECTED and effect:
        raise ProcedureError("异议不成立的，名单不变。")
    if decision == Decision.UPHELD and row.entry_id and effect not in (Effect.OUT, Effect.BACK):
        raise ProcedureError("异议成立的，请选择取消该户或退回该户。")


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
