"""Verbs on postings: the security administrator says who is what, where and from when (policy.md 11.10)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone

from povreg.kit.history import act
from villages.models import Place, Posting, User
from villages.people.selectors import village_accounts_unposted
from villages.rights import ENDING, Right, Role, clash
from villages.rights.checks import check_right

LEVELS: dict[Role, frozenset[int]] = {
    Role.VILLAGE_CADRE: frozenset({Place.Level.VILLAGE}),
    Role.VOLUNTEER: frozenset({Place.Level.VILLAGE}),
    Role.TOWNSHIP_OFFICER: frozenset({Place.Level.TOWNSHIP}),
    Role.COUNTY_OFFICER: frozenset({Place.Level.COUNTY}),
    Role.COUNTY_LEADER: frozenset({Place.Level.COUNTY}),
}


def grant(
    *,
    by: User | None,
    account: User,
    role: Role,
    place: Place,
    starts_on: date,
    ends_on: date | None = None,
    until: datetime | None = None,
) -> Posting:
    """Give somebody a role at a place for a time, which ends by itself; with ``until`` at that hour of its last day.

    Raises PermissionDenied outside one's places, ValidationError for oneself, a closed account, a place of the wrong
    level, dates in the wrong order, a posting he has already, and roles that must not meet in one person.
    """
    check_right(by, Right.POSTING_GRANT, place.code)
    if by is not None and by.pk == account.pk:
        raise ValidationError("不能给自己授予任职，请由另一位安全管理员办理。")
    check_place(role, place)
    if ends_on and ends_on < starts_on:
        raise ValidationError({"ends_on": "截止日期早于起始日期，请改正。"})
    if role in ENDING and ends_on is None:
        raise ValidationError({"ends_on": f"“{role.label}”的任职须有截止日期，请填写。"})
    with act(by=by, verb="grant_posting"):
        account = User.objects.select_for_update().get(pk=account.pk)
        if not account.is_active:
            raise ValidationError("这个账号已经停用，请先由账号管理员恢复。")
        check_others(account, role, place, starts_on, ends_on)
        return Posting.objects.create(
            user=account, role=role, place=place, starts_on=starts_on, ends_on=ends_on, until=until, granted_by=by
        )


def check_place(role: Role, place: Place) -> None:
    """Raises ValidationError when the role does not exist at that level, or the place was merged away."""
    levels = LEVELS.get(role)
    if levels and place.level not in levels:
        names = "、".join(Place.Level(level).label for level in sorted(levels))
        raise ValidationError({"place": f"“{role.label}”的任职地须是{names}，请重新选择。"})
    if place.retired_on:
        raise ValidationError({"place": f"“{place}”已经撤并，请选择并入后的地点。"})


def check_others(account: User, role: Role, place: Place, starts_on: date, ends_on: date | None) -> None:
    """Raises ValidationError for a posting that is there already or must not be held together with the new one."""
    together = Posting.objects.filter(user=account).still().filter(Q(ends_on__isnull=True) | Q(ends_on__gte=starts_on))
    if ends_on:
        together = together.filter(starts_on__lte=ends_on)
    for held, code in together.values_list("role", "place_id"):
        if held == role and code == place.code:
            raise ValidationError({"role": f"这段时间已有“{role.label}（{place}）”的任职，不必再授予。"})
        if clash(role, Role(held)):
            raise ValidationError(
                {"role": f"“{role.label}”不能与“{Role(held).label}”由同一人担任。请先结束原任职，或另开一个账号。"}
            )


def end(*, by: User, posting: Posting, last_day: date) -> None:
    """Let a posting end after ``last_day``; a last day before the first takes the posting back altogether, one that was
    given for hours ends at once and stays.

    Raises PermissionDenied outside one's places, ValidationError for one's own, or a day before yesterday.
    """
    check_right(by, Right.POSTING_GRANT, posting.place_id)
    if by.pk == posting.user_id:
        raise ValidationError("不能结束自己的任职，请由另一位安全管理员办理。")
    if last_day < timezone.localdate() - timedelta(days=1):
        raise ValidationError({"last_day": "过去的日子已经在职，最早可以立即结束。"})
    with act(by=by, verb="end_posting"):
        posting = Posting.objects.select_for_update().get(pk=posting.pk)
        if is_over(posting):
            raise ValidationError("这项任职已经结束，不必再办理。")
        if posting.until:
            end_now(posting)
            return
        if last_day < posting.starts_on:
            posting.delete()
            return
        posting.ends_on = last_day
        posting.save(update_fields=["ends_on"])


def is_over(posting: Posting) -> bool:
    """Whether its last day or its hour has passed."""
    last, until = posting.ends_on, posting.until
    return bool(last and last < timezone.localdate()) or bool(until and until <= timezone.now())


def end_now(posting: Posting) -> None:
    """End a posting that was given for hours; part of a verb that has asked for the right."""
    posting.until = timezone.now()
    posting.ends_on = timezone.localdate()
    posting.save(update_fields=["until", "ends_on"])


def grant_villages(*, by: User, township: Place) -> int:
    """Post every account opened for a village of the township as that village's cadre; says how many there were."""
    check_right(by, Right.POSTING_GRANT, township.code)
    with act(by=by, verb="grant_village_postings"):
        accounts = village_accounts_unposted(by, township.code).exclude(pk=by.pk).select_for_update(of=["self"])
        rows = [
            Posting(user=account, role=Role.VILLAGE_CADRE, place=account.place, granted_by=by) for account in accounts
        ]
        Posting.objects.bulk_create(rows)
    return len(rows)
