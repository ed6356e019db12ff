"""People who come and go: dated events with reasons (人员变更, dictionary.md section 4), and who is head."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from django.utils import timezone

from households.closed.late import note_event, note_taken_back
from households.models import Household, Member, RegisterEvent
from households.models.codes import BORN, HEAD
from households.register import after
from households.register.errors import FormErrors, refusal
from households.register.fields import MemberRow
from households.register.guard import lock, save
from households.register.late_records import save_rows_of_year
from households.register.people import hold_numbers, refuse_duplicates
from households.register.persons import take_in, who_left
from households.register.ticks import refuse_errors, refuse_findings, standing
from households.register.turnover import Turn, Turnover, tell
from households.register.turns import refuse_order, turn
from households.register.years import calendar_year
from povreg.kit.history import act
from povreg.kit.values import plain
from villages.codes.selectors import label
from villages.models import User
from villages.periods.selectors import office_name

DEATH, MARRIED_OUT, EMIGRATED, IMPRISONED = "01", "02", "03", "04"
MARRIED_IN, OTHER_IN, OTHER_OUT = "05", "07", "08"
COMING = (MARRIED_IN, BORN, OTHER_IN)
LEAVING = (DEATH, MARRIED_OUT, EMIGRATED, IMPRISONED, OTHER_OUT)
HEAD_CHANGED = "04"
OTHER_RELATION = "99"


def record_birth(
    *,
    by: User,
    household: Household,
    year: int,
    facts: Mapping[str, Any],
    year_facts: Mapping[str, Any] | None = None,
    reason: str = "",
    ticks: Collection[str] = (),
) -> Member:
    """Add a newborn; the day of birth (from the identity number, else ``facts["birth_date"]``) is the day of joining.

    A newborn without papers yet has no ``id_no`` but ``sex`` and ``birth_date``. Faults come back under the row key
    ``new``. Raises FormErrors, PermissionDenied.
    """
    return _record_coming(by, household, year, BORN, None, facts, year_facts, reason, ticks)


def record_marriage_in(
    *,
    by: User,
    household: Household,
    year: int,
    on: date,
    facts: Mapping[str, Any],
    year_facts: Mapping[str, Any] | None = None,
    reason: str = "",
    ticks: Collection[str] = (),
) -> Member:
    """Add a person who married into the household on ``on``. Raises as :func:`record_birth`."""
    return _record_coming(by, household, year, MARRIED_IN, on, facts, year_facts, reason, ticks)


def record_transfer_in(
    *,
    by: User,
    household: Household,
    year: int,
    on: date,
    facts: Mapping[str, Any],
    year_facts: Mapping[str, Any] | None = None,
    reason: str = "",
    ticks: Collection[str] = (),
) -> Member:
    """Add a person who moved into the household on ``on``; the reason must be given. Raises as :func:`record_birth`."""
    if not reason.strip():
        raise refusal("请写明转入的原因。", field="reason")
    return _record_coming(by, household, year, OTHER_IN, on, facts, year_facts, reason, ticks)


def _record_coming(
    by: User,
    household: Household,
    year: int,
    kind: str,
    on: date | None,
    facts: Mapping[str, Any],
    year_facts: Mapping[str, Any] | None,
    reason: str,
    ticks: Collection[str],
) -> Member:
    with act(by=by, verb="record_joining", reason=reason):
        locked = lock(by, household)
        before = standing(locked, year)
        row = _arriving(locked, kind, on, facts, year_facts or {})
        [member] = save_rows_of_year(by, locked, year, [row], reason, newborn=kind == BORN)
        given, field = (member.birth_date, "birth_date") if kind == BORN else (on, "on")
        day = refuse_day(given, member.birth_date, locked.identified_on, "本户识别", field)
        if row.member_id is None:
            save(member, {"joined_on": day, "joined_reason": kind})
        note(by, locked, member, kind, day, reason)
        typed = {f"member.{name}" for name in (*row.facts, *row.year_facts)}
        refuse_findings(by, locked, year, typed, ticks, before, {str(member.pk): "new"})
        after.changed([locked.pk])
    return member


def _arriving(
    household: Household, kind: str, on: date | None, facts: Mapping[str, Any], year_facts: Mapping[str, Any]
) -> MemberRow:
    """The row of somebody who comes: his own, where he had lived in the county before."""
    known = None if kind == BORN else who_left(household, facts)
    if known is None:
        return MemberRow("new", facts=facts, year_facts=year_facts)
    day = refuse_day(on, known.birth_date, household.identified_on, "本户识别")
    relation = facts.get("relation") or ""
    take_in(known, household, OTHER_RELATION if relation in ("", HEAD) else relation, day, kind)
    return MemberRow("new", known.pk, known.version, facts, year_facts)


def record_leaving(
    *,
    by: User | None,
    member: Member,
    kind: str,
    on: date,
    reason: str = "",
    new_head: Member | None = None,
    relations: Mapping[int, str] | None = None,
    ticks: Collection[str] | None = None,
) -> Member:
    """A member left on ``on``: ``kind`` is death, marriage out, emigration, imprisonment or transfer out.

    Where the head leaves, ``new_head`` and the ``relations`` of everybody who stays (member id to code) must be given.
    The last member cannot leave: the household is struck off instead. With ``ticks`` doubts about the new relations
    want an answer. Raises ValidationError, PermissionDenied, FormErrors.
    """
    if kind not in LEAVING:
        raise refusal("请选择减少的原因：死亡、嫁出、出国定居、判刑收监或其他转出。", field="kind")
    if kind == OTHER_OUT and not reason.strip():
        raise refusal("请写明转出的原因。", field="reason")
    with act(by=by, verb="record_leaving", reason=reason):
        locked = lock(by, member.household)
        row = _present(locked, member)
        refuse_day(on, row.birth_date, row.joined_on or row.identified_on)
        refuse_order(row, on)
        staying = list(locked.members.present().exclude(pk=row.pk))
        if not staying:
            raise refusal(
                "这是本户最后一位成员。因死亡全户不再存在的，请办理“全户自然减少”；"
                f"其他情形请由{office_name(locked.village_id)}办理销号。"
            )
        if row.relation == HEAD and new_head is None:
            raise refusal("户主离开前须先指定新户主，并核对其他成员与新户主的关系。", field="new_head")
        save(row, {"left_on": on, "left_reason": kind})
        note(by, locked, row, kind, on, reason)
        tell(Turnover(Turn.LEFT, locked, on, members=[row.pk], why=kind))
        if row.relation == HEAD:
            put_head(by, locked, new_head, relations or {}, on, reason, ticks)
        after.changed([locked.pk])
    return row


def undo_leaving(*, by: User | None, member: Member, reason: str) -> Member:
    """Take back a leaving that was registered by mistake; the member is present again, the event stays in the history.

    Where the household has another head by now, the member comes back with relation 其他 and the relation has to be
    reviewed. Raises ValidationError, PermissionDenied.
    """
    if not reason.strip():
        raise refusal("请写明撤销的原因。", field="reason")
    with act(by=by, verb="undo_leaving", reason=reason):
        locked = lock(by, member.household)
        row = Member.objects.select_for_update(of=("self",)).get(pk=member.pk)
        if row.left_on is None:
            raise refusal("这位成员没有离开本户，无需撤销。")
        back: dict[str, Any] = {"left_on": None, "left_reason": ""}
        if row.relation == HEAD and locked.members.present().filter(relation=HEAD).exists():
            back["relation"] = OTHER_RELATION
            turn([row], row.left_on)
        _refuse_registered_elsewhere(by, locked, row)
        wrong = locked.changes.filter(member=row, member_change=row.left_reason, happened_on=row.left_on)
        for event in wrong:
            note_taken_back(by, event, f"{row.name} {label('member_change', row.left_reason)}", reason)
        wrong.delete()
        happened = Turnover(Turn.LEFT, locked, row.left_on, members=[row.pk], why=row.left_reason, undone=True)
        save(row, back)
        tell(happened)
        after.changed([locked.pk])
    return row


def change_head(
    *,
    by: User | None,
    household: Household,
    new_head: Member,
    relations: Mapping[int, str],
    on: date | None = None,
    reason: str = "",
    ticks: Collection[str] | None = None,
) -> Household:
    """Make another present member the head; ``relations`` gives everybody else's relation to the new head. With
    ``ticks`` doubts about the new relations (two spouses, ages) want an answer.

    Raises ValidationError naming who is missing, PermissionDenied, FormErrors.
    """
    with act(by=by, verb="change_head", reason=reason):
        locked = lock(by, household)
        day = on or timezone.localdate()
        refuse_day(day, None)
        put_head(by, locked, new_head, relations, day, reason, ticks)
        after.changed([locked.pk])
    return locked


def put_head(
    by: User | None,
    household: Household,
    new_head: Member | None,
    relations: Mapping[int, str],
    on: date,
    reason: str = "",
    ticks: Collection[str] | None = None,
) -> None:
    """Set head and relations of a locked household's present members. Raises ValidationError, FormErrors."""
    year = calendar_year()
    before = set() if ticks is None else standing(household, year)
    present = list(household.members.present().select_for_update(of=("self",)))
    head = next((member for member in present if new_head and member.pk == new_head.pk), None)
    if head is None:
        raise refusal("新户主须是本户现有成员，请重新选择。", field="new_head")
    others = [member for member in present if member.pk != head.pk]
    wanted = checked_relations(others, relations) | {head.pk: HEAD}
    turn([member for member in present if member.relation != wanted[member.pk]], on)
    for member in (*others, head):
        save(member, {"relation": wanted[member.pk]})
    refuse_logic(household)
    if ticks is not None and by is not None:
        refuse_findings(by, household, year, {"member.relation"}, ticks, before)
    event = RegisterEvent.objects.create(
        household=household,
        village_id=household.village_id,
        member=head,
        household_change=HEAD_CHANGED,
        happened_on=on,
        reason=reason,
        by=by,
    )
    note_event(event, f"户主变更为{head.name}", reason)


def checked_relations(members: Collection[Member], relations: Mapping[int, str]) -> dict[int, str]:
    """Everybody's relation to the head. Raises ValidationError naming those left out or given as head."""
    missing = [member.name for member in members if relations.get(member.pk, "") in ("", HEAD)]
    if missing:
        raise refusal(f"请为 {'、'.join(missing)} 选择与新户主的关系。", field="relations")
    return {member.pk: relations[member.pk] for member in members}


def refuse_logic(household: Household) -> None:
    """Hold the new relations against the rules of group 2. Raises ValidationError with their messages."""
    try:
        refuse_errors(household, calendar_year(), {"member.relation"})
    except FormErrors as refused:
        raise refusal("；".join(refused.all_messages()), field="relations") from refused


def refuse_day(
    day: date | None, born: date | None, since: date | None = None, what: str = "加入本户", field: str = "on"
) -> date:
    """A day must be given, not in the future, not before birth, nor before ``since``, the day of ``what``.

    Returns the day. Raises ValidationError beside ``field``.
    """
    if day is None:
        raise refusal("请填写日期。", field=field)
    if day > timezone.localdate():
        raise refusal(f"日期 {plain(day)}还没有到，请核对。", field=field)
    if born and day < born:
        raise refusal(f"日期 {plain(day)}早于出生日期 {plain(born)}，请核对。", field=field)
    if since and day < since:
        raise refusal(f"日期 {plain(day)}早于{what}的日期 {plain(since)}，请核对。", field=field)
    return day


def note(by: User | None, household: Household, member: Member, kind: str, on: date, reason: str) -> RegisterEvent:
    """Write the dated event of a member. Raises ValidationError for one in a closed year without a reason."""
    event = RegisterEvent.objects.create(
        household=household,
        village_id=household.village_id,
        member=member,
        member_change=kind,
        happened_on=on,
        reason=reason.strip(),
        by=by,
    )
    note_event(event, f"{member.name} {label('member_change', kind)}", reason)
    return event


def _present(household: Household, member: Member) -> Member:
    row = Member.objects.select_for_update(of=("self",)).get(pk=member.pk)
    if row.left_on is not None:
        raise refusal(f"{row.name}已于 {plain(row.left_on)}离开本户，不能重复登记。")
    return row


def _refuse_registered_elsewhere(by: User | None, household: Household, member: Member) -> None:
    errors = FormErrors()
    hold_numbers(household, [member])
    refuse_duplicates(by, household, {"": member}, errors)
    if errors.rows:
        raise refusal("；".join(errors.all_messages()))
