"""Households that split, merge, move to another village or were entered by mistake; rows are moved in sets."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from django.utils import timezone

from households.closed.late import note_event
from households.models import Household, Member, RegisterEvent
from households.models.codes import HEAD
from households.models.presence import Change
from households.register import after, village_rows
from households.register.errors import refusal
from households.register.guard import lock, save
from households.register.member_changes import checked_relations, refuse_day, refuse_logic
from households.register.numbers import next_household_no
from households.register.turnover import MERGED_CODE, Turn, Turnover, merged_into, tell
from households.register.turns import refuse_order, tell_why
from households.standing import services as standing
from povreg.kit.history import act
from povreg.kit.scopes import county_of
from villages.codes.selectors import label
from villages.models import Place, User
from villages.rights import Right
from villages.rights.checks import check_right

SPLIT, MERGED, MOVED, VOIDED = "02", MERGED_CODE, "05", "08"
COPIED = (
    "village_id",
    "group_name",
    "address",
    "poverty_standard",
    "household_attr",
    "main_cause",
    "other_causes",
    "cause_note",
    "collector",
)
"""What a household that splits off has in common with the one it came from; phone and bank account are its own."""


def split_household(
    *,
    by: User | None,
    household: Household,
    member_ids: Collection[int],
    new_head: Member,
    relations: Mapping[int, str],
    on: date,
    reason: str,
) -> Household:
    """Make the members a household of their own in the same village under ``new_head``; returns the new household.

    ``relations`` gives the relation of each moved member but the head to the new head. The old head stays.
    They live in the new household from ``on``: years whose count day comes before are those of the old one, and so are
    the yearly rows. Right: HOUSEHOLD_MOVE.
    Raises ValidationError, PermissionDenied.
    """
    with act(by=by, verb="split_household", reason=reason):
        source = lock(by, household, Right.HOUSEHOLD_MOVE)
        _reasoned(reason)
        refuse_day(on, None, source.identified_on, "本户识别")
        leaving = _leaving(source, member_ids, new_head)
        target = Household(**{name: getattr(source, name) for name in COPIED})
        target.household_no = next_household_no(source.village_id)
        target.save()
        others = [member for member in leaving if member.pk != new_head.pk]
        _rehouse(leaving, target, on, Change.SPLIT, checked_relations(others, relations) | {new_head.pk: HEAD})
        refuse_logic(source)
        refuse_logic(target)
        _note(by, source, SPLIT, on, reason, other=target)
        _note(by, target, SPLIT, on, reason, other=source)
        standing.inherit(source, target)
        target.refresh_from_db()
        tell(Turnover(Turn.SPLIT, source, on, other=target, members=[member.pk for member in leaving]))
        after.changed([source.pk, target.pk])
    return target


def _leaving(source: Household, member_ids: Collection[int], new_head: Member) -> list[Member]:
    present = list(source.members.present().select_for_update(of=("self",)))
    leaving = [member for member in present if member.pk in set(member_ids)]
    if len(leaving) != len(set(member_ids)) or not leaving:
        raise refusal("请勾选要分出的成员（须是本户现有成员）。", field="member_ids")
    if any(member.relation == HEAD for member in leaving):
        raise refusal("户主留在原户，不能分出；需要时请先变更户主。", field="member_ids")
    if new_head.pk not in {member.pk for member in leaving}:
        raise refusal("新户的户主须在分出的成员里，请重新选择。", field="new_head")
    return leaving


def merge_households(
    *, by: User | None, source: Household, target: Household, relations: Mapping[int, str], on: date, reason: str
) -> Household:
    """Move all present members of ``source`` into ``target`` and strike ``source`` off; returns ``target``.

    ``relations`` gives each moved member's relation to the head of ``target``. Both must lie in one county.
    Right: HOUSEHOLD_MOVE at both. Raises ValidationError, PermissionDenied.
    """
    if source.pk == target.pk:
        raise refusal("两户是同一户，请另选并入的户。", field="target")
    with act(by=by, verb="merge_households", reason=reason):
        rows = {row.pk: lock(by, row, Right.HOUSEHOLD_MOVE) for row in sorted((source, target), key=lambda row: row.pk)}
        gone, kept = rows[source.pk], rows[target.pk]
        _reasoned(reason)
        refuse_day(on, None, gone.identified_on, "该户识别")
        if county_of(gone.village_id) != county_of(kept.village_id):
            raise refusal("两户不在同一个县，不能并户。", field="target")
        if gone.in_register and not kept.in_register:
            raise refusal(
                "在册户不能并入普通农户：身份会因此丢失。请把普通农户并入在册户，或先办理退出。", field="target"
            )
        moving = list(gone.members.present().select_for_update(of=("self",)))
        _rehouse(moving, kept, on, Change.MERGED, checked_relations(moving, relations))
        refuse_logic(kept)
        save(gone, {"removed_on": on, "removed_reason": merged_into(kept)})
        standing.end_all(gone, on)
        _note(by, gone, MERGED, on, reason, other=kept)
        _note(by, kept, MERGED, on, reason, other=gone)
        tell(Turnover(Turn.MERGED, gone, on, other=kept, members=[member.pk for member in moving]))
        after.changed([gone.pk, kept.pk])
    return kept


def transfer_household(*, by: User | None, household: Household, village: str, on: date, reason: str) -> Household:
    """Move a household to another village (12-digit code) of the county, with everything that hangs on it.

    Right: HOUSEHOLD_MOVE at both villages. Raises ValidationError, PermissionDenied.
    """
    with act(by=by, verb="move_household", reason=reason):
        row = lock(by, household, Right.HOUSEHOLD_MOVE)
        _reasoned(reason)
        refuse_day(on, None, row.identified_on, "本户识别")
        before = row.village_id
        if village == before:
            raise refusal("该户已在这个村，请选择另一个村。", field="village")
        if county_of(village) != county_of(before):
            raise refusal("只能在本县内迁移；迁往外县的，请在原县销号、在新县登记。", field="village")
        if not Place.objects.current().filter(code=village, level=Place.Level.VILLAGE).exists():
            raise refusal("请选择一个现行的行政村。", field="village")
        check_right(by, Right.HOUSEHOLD_MOVE, village)
        village_rows.move([row.pk], village)
        row.refresh_from_db()
        _note(by, row, MOVED, on, reason, other_village_id=before)
        tell(Turnover(Turn.MOVED, row, on, before=before))
        after.changed([row.pk], left=[before])
    return row


def void_household(*, by: User | None, household: Household, reason: str) -> Household:
    """Strike off a household that was entered by mistake: it is removed from the register with the reason, not deleted.

    Refused when more than one year is recorded (it is no slip any more). Right: HOUSEHOLD_VOID.
    Raises ValidationError, PermissionDenied.
    """
    with act(by=by, verb="strike_household", reason=reason):
        row = lock(by, household, Right.HOUSEHOLD_VOID)
        _reasoned(reason)
        if row.annual_records.count() > 1:
            raise refusal("该户已有不止一年的记录，不是误录；不再符合条件的，请按程序销号。")
        today = timezone.localdate()
        save(row, {"removed_on": today, "removed_reason": f"误录：{reason.strip()}"[:60]})
        standing.end_all(row, today)
        _note(by, row, VOIDED, today, reason)
        tell(Turnover(Turn.ENDED, row, today))
        after.changed([row.pk])
    return row


def _rehouse(
    members: Collection[Member], target: Household, on: date, why: Change, relations: Mapping[int, str]
) -> None:
    """The members live in another household from a day on, under these relations. Person numbers stay: they are the
    person's, not the household's. Yearly rows follow where the member counts (households.models.presence_sql)."""
    for member in members:
        refuse_order(member, on, another_day=True)
    for member in members:
        facts = {"household_id": target.pk, "village_id": target.village_id, "relation": relations[member.pk]}
        save(member, facts | {"joined_on": on, "joined_reason": ""})
    tell_why([member.pk for member in members], on, why)


def _reasoned(reason: str) -> None:
    if not reason.strip():
        raise refusal("请写明原因。", field="reason")


def _note(by: User | None, household: Household, kind: str, on: date, reason: str, **more: Any) -> None:
    event = RegisterEvent.objects.create(
        household=household,
        village_id=household.village_id,
        household_change=kind,
        happened_on=on,
        reason=reason.strip(),
        by=by,
        **more,
    )
    note_event(event, label("household_change", kind), reason)
