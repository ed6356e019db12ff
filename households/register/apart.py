"""Two rows that look like one person and are two (不是同一人): marked with how it was found out, and taken back."""

from __future__ import annotations

from django.db.models import Q
from django.utils import timezone

from households.models import Household, Member, NotSame
from households.register import after
from households.register.errors import refusal
from households.register.guard import lock
from povreg.kit.history import act
from povreg.kit.scopes import county_of
from villages.models import User
from villages.rights import Right

SHORTEST, LONGEST = 4, 200


def mark_of(one: Member, other: Member) -> NotSame | None:
    """The mark that holds for the pair, if any."""
    first, second = sorted((one.pk, other.pk))
    return NotSame.objects.in_force().filter(one=first, other=second).select_related("by").first()


def mark_not_same(*, by: User, one: Member, other: Member, reason: str) -> NotSame:
    """Two rows are two people. Right: HOUSEHOLD_MOVE at both households.

    Raises ValidationError for one row twice, rows of two counties, without a reason, and where it is marked already;
    PermissionDenied.
    """
    if one.pk == other.pk or county_of(one.village_id) != county_of(other.village_id):
        raise refusal("请选择同一个县里的两条登记。", field="other")
    if not SHORTEST <= len(reason.strip()) <= LONGEST:
        raise refusal(f"请写明怎样核实不是同一人，{SHORTEST} 到 {LONGEST} 个字。", field="reason")
    first, second = sorted((one, other), key=lambda row: row.pk)
    with act(by=by, verb="mark_not_same", reason=reason):
        _lock_both(by, first, second)
        if mark_of(first, second):
            raise refusal("这两条登记已标记为不是同一人。", field="other")
        row = NotSame.objects.create(one=first, other=second, reason=reason.strip(), by=by)
        after.changed([first.household_id, second.household_id])
    return row


def withdraw_not_same(*, by: User, mark: NotSame, reason: str) -> NotSame:
    """The mark no longer holds: the pair is proposed again. Raises ValidationError without a reason or a second time,
    PermissionDenied."""
    if not reason.strip():
        raise refusal("请写明撤回的原因。", field="reason")
    with act(by=by, verb="withdraw_not_same", reason=reason):
        _lock_both(by, mark.one, mark.other)
        row = NotSame.objects.select_for_update(of=("self",)).get(pk=mark.pk)
        if row.withdrawn_on:
            raise refusal("这个标记已经撤回。")
        row.withdrawn_on, row.withdrawn_by = timezone.localdate(), by
        row.save()
        after.changed([mark.one.household_id, mark.other.household_id])
    return row


def _lock_both(by: User, one: Member, other: Member) -> None:
    for pk in sorted({one.household_id, other.household_id}):
        lock(by, Household(pk=pk), Right.HOUSEHOLD_MOVE)


def refuse_apart(kept: Member, double: Member) -> None:
    """Raises ValidationError for a pair that was found to be two people."""
    if mark := mark_of(kept, double):
        raise refusal(
            f"{mark.by.name}已于 {timezone.localdate(mark.at)} 核实这两条登记不是同一人；"
            "确是一人的，请先撤回那个标记。",
            field="double",
        )


def follow_marks(kept: Member, double: Member) -> None:
    """What was found out about a row holds for the one that it becomes; what says nothing more goes."""
    for mark in NotSame._base_manager.filter(Q(one=double) | Q(other=double)):
        third = mark.other_id if mark.one_id == double.pk else mark.one_id
        pair = sorted((kept.pk, third))
        there = NotSame._base_manager.filter(one=pair[0], other=pair[1], withdrawn_on=None)
        if third == kept.pk or (mark.withdrawn_on is None and there.exists()):
            mark.delete()
        else:
            mark.one_id, mark.other_id = pair
            mark.save()
