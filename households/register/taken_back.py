"""What was registered by mistake is taken back by whoever entered it, while nothing followed.

People: a coming (:func:`undo_joining`). Households: the last split, merge, move to another village, or end by the death
of the last member (:func:`undo_last_change`). The events go, the history keeps them.
"""

from collections.abc import Callable, Mapping
from datetime import date

from households.closed.late import note_taken_back
from households.models import Household, Member, Presence, RegisterEvent
from households.models.presence import Change
from households.register import after, village_rows
from households.register.errors import refusal
from households.register.guard import LOCKED, lock, save
from households.register.member_changes import COMING
from households.register.turnover import Turn, Turnover, tell
from households.register.turns import last_of, stays_of
from households.standing import services as standing
from povreg.kit.history import act
from povreg.kit.values import plain
from villages.codes.selectors import label
from villages.models import User
from villages.rights import Right
from villages.rights.checks import check_right

SPLIT, MERGED, MOVED, ENDED = "02", "03", "05", "07"
FOLLOWED = "此后该户或其成员又登记了变动，须先撤销后来的变动。"


def undo_joining(*, by: User | None, member: Member, reason: str) -> Member:
    """Take back a coming that was registered by mistake. Somebody who had lived elsewhere in the county goes back to
    where he had left; somebody new is marked 登记有误 on the day he was to have come, and counts nowhere.

    Raises ValidationError for a coming that is none, of somebody else's hand, or followed by anything;
    PermissionDenied.
    """
    _reasoned(reason)
    with act(by=by, verb="undo_joining", reason=reason):
        locked = lock(by, member.household)
        row = Member.objects.select_for_update(of=("self",)).get(pk=member.pk)
        event = _coming_of(locked, row)
        _refuse_others(by, event)
        if row.changes.filter(pk__gt=event.pk).exists() or last_of(row).continued or row.years.count() > 1:
            raise refusal("此后又登记了这位成员的变动或不止一年的情况，不能再撤销；确已离开的，请登记人员减少。")
        note_taken_back(by, event, f"{row.name} {label('member_change', event.member_change)}", reason)
        event.delete()
        _send_back(row, event.happened_on)
        tell(Turnover(Turn.CAME, locked, event.happened_on, members=[row.pk], undone=True))
        after.changed([locked.pk, row.household_id])
    return row


def _coming_of(household: Household, member: Member) -> RegisterEvent:
    last = last_of(member)
    comings = household.changes.filter(member=member, member_change__in=COMING)
    found = comings.filter(happened_on=last.since).last() if last.since else None
    if member.left_on is not None or found is None:
        raise refusal("没有登记过这位成员加入本户，无需撤销；确已离开的，请登记人员减少。")
    return found


def _send_back(member: Member, on: date) -> None:
    """To the stay before this one; to nowhere, if there is none."""
    earlier = stays_of(member)[:-1]
    if not earlier:
        save(member, {"left_on": on, "left_reason": Change.MISTAKE})
        return
    last, begun = earlier[-1][-1], earlier[-1][0]
    went = last.went if last.until else ""
    facts = {"household_id": last.household_id, "village_id": last.village_id, "relation": last.relation}
    save(
        member,
        facts | {"joined_on": begun.since, "joined_reason": begun.came, "left_on": last.until, "left_reason": went},
    )


def undo_last_change(*, by: User | None, household: Household, reason: str) -> Household:
    """Take back the last split, merge, move or natural end of a household: people live again where they had lived.

    ``household`` is the one it was registered for: that which was split, merged away, moved or ended. Returns it.
    Right: HOUSEHOLD_MOVE, for a natural end HOUSEHOLD_EDIT. Raises ValidationError, PermissionDenied.
    """
    _reasoned(reason)
    with act(by=by, verb="undo_change", reason=reason):
        row = LOCKED.first(household.pk)
        event = row.changes.order_by("-pk").first() if row else None
        if event is None or event.household_change not in UNDOING:
            raise refusal("该户最近没有可撤销的分户、并户、迁移或自然减少。")
        check_right(
            by, Right.HOUSEHOLD_EDIT if event.household_change == ENDED else Right.HOUSEHOLD_MOVE, row.village_id
        )
        _refuse_others(by, event)
        note_taken_back(by, event, label("household_change", event.household_change), reason)
        UNDOING[event.household_change](by, row, event)
        row.refresh_from_db()
    return row


def _undo_split(by: User | None, row: Household, event: RegisterEvent) -> None:
    new = _other(by, event)
    if new.pk < row.pk or new.annual_records.exists():
        raise refusal("请在分出前的原户撤销分户；分出的户已有年度记录的，请改办并户。")
    gone = Presence.objects.filter(household=new, since=event.happened_on, continued=False)
    if set(new.members.values_list("pk", flat=True)) != set(gone.values_list("member", flat=True)):
        raise refusal(FOLLOWED)
    back = _bring_home(new, row)
    save(new, {"removed_on": event.happened_on, "removed_reason": "分户登记有误，已撤销"})
    standing.end_all(new, event.happened_on)
    tell(Turnover(Turn.SPLIT, row, event.happened_on, other=new, members=back, undone=True))
    _forget(event, row, new)


def _undo_merge(by: User | None, row: Household, event: RegisterEvent) -> None:
    kept = _other(by, event)
    if row.removed_on is None:
        raise refusal("请在并入别户、已销号的那一户撤销并户。")
    moved = Presence.objects.filter(household=row, until=event.happened_on, went=Change.MERGED).values("member")
    back = _bring_home(kept, row, list(kept.members.filter(pk__in=moved)))
    save(row, {"removed_on": None, "removed_reason": ""})
    standing.reopen(row, event.happened_on)
    tell(Turnover(Turn.MERGED, row, event.happened_on, other=kept, members=back, undone=True))
    _forget(event, row, kept)


def _undo_move(by: User | None, row: Household, event: RegisterEvent) -> None:
    before = event.other_village_id
    if before is None or row.annual_records.filter(counted_in=row.village_id).exists():
        raise refusal("迁入后已有年度记录，不能再撤销；确需迁回的，请再办迁移。")
    check_right(by, Right.HOUSEHOLD_MOVE, before)
    there = row.village_id
    event.delete()
    village_rows.move([row.pk], before)
    row.refresh_from_db()
    tell(Turnover(Turn.MOVED, row, event.happened_on, before=there, undone=True))
    after.changed([row.pk], left=[there])


def _undo_end(by: User | None, row: Household, event: RegisterEvent) -> None:
    [member] = row.members.filter(left_on=event.happened_on, left_reason=Change.DEATH).order_by("-pk")[:1]
    row.changes.filter(member=member, member_change=Change.DEATH, happened_on=event.happened_on).delete()
    save(member, {"left_on": None, "left_reason": ""})
    save(row, {"removed_on": None, "removed_reason": ""})
    standing.reopen(row, event.happened_on)
    tell(Turnover(Turn.ENDED, row, event.happened_on, members=[member.pk], why=Change.DEATH, undone=True))
    event.delete()
    after.changed([row.pk])


UNDOING: Mapping[str, Callable[[User | None, Household, RegisterEvent], None]] = {
    SPLIT: _undo_split,
    MERGED: _undo_merge,
    MOVED: _undo_move,
    ENDED: _undo_end,
}


def _other(by: User | None, event: RegisterEvent) -> Household:
    """The other household of an event, locked, with nothing registered since."""
    row = LOCKED.first(event.other_id)
    check_right(by, Right.HOUSEHOLD_MOVE, row.village_id)
    latest = row.changes.order_by("-pk").first()
    if latest is None or latest.other_id != event.household_id or latest.happened_on != event.happened_on:
        raise refusal(FOLLOWED)
    return row


def _bring_home(away: Household, home: Household, members: list[Member] | None = None) -> list[int]:
    """Everybody, or the ``members``, live at home again; their keys. Raises ValidationError where anything followed."""
    people = list(away.members.all()) if members is None else members
    if any(last_of(each).continued or each.left_on is not None for each in people):
        raise refusal(FOLLOWED)
    for each in sorted(people, key=lambda each: each.pk):
        _send_back_to(each, home)
    return [each.pk for each in people]


def _send_back_to(member: Member, home: Household) -> None:
    stays = stays_of(member)
    before = stays[-2]
    first, last = before[0], before[-1]
    if last.household_id != home.pk:
        raise refusal(FOLLOWED)
    facts = {"household_id": home.pk, "village_id": home.village_id, "relation": last.relation}
    came = first.came if first.came not in (Change.SPLIT, Change.MERGED) else ""
    save(member, facts | {"joined_on": first.since, "joined_reason": came})


def _forget(event: RegisterEvent, row: Household, other: Household) -> None:
    other.changes.filter(other=row, household_change=event.household_change, happened_on=event.happened_on).delete()
    event.delete()
    after.changed([row.pk, other.pk])


def _refuse_others(by: User | None, event: RegisterEvent) -> None:
    if by is not None and event.by_id != by.pk:
        who = event.by.name if event.by else "系统"
        raise refusal(f"{plain(event.happened_on)}的这一变动由{who}登记，只能由登记人撤销。")


def _reasoned(reason: str) -> None:
    if not reason.strip():
        raise refusal("请写明撤销的原因。", field="reason")
