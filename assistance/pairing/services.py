"""Verbs of pairing (结对帮扶): who helps which household, from when to when.

The county fixes the plan, townships carry it out (policy.md 1.11). A change is a new pairing with its own start
(policy.md 8.4), so that who was responsible on any day can be told.
"""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils import timezone

from assistance.models import Pairing
from households.models import Household
from households.register.years import FIRST_YEAR
from povreg.kit.history import act
from povreg.kit.scopes import ancestors
from villages.models import Posting, User
from villages.rights import Right, Role
from villages.rights.checks import check_right


class PairingOver(ValidationError):  # noqa: N818 - a state, not an accident
    """The pairing has ended already, or one of the two is paired with the other at that time."""


def start_pairing(
    *, by: User | None, household: Household, helper: User, starts_on: date, ends_on: date | None = None, note: str = ""
) -> Pairing:
    """Make a helper responsible for a household.

    Raises ValidationError for a household struck off, somebody without a helper's posting there, or dates that cannot
    be; PairingOver when the two are paired at that time already; PermissionDenied.
    """
    check_right(by, Right.PAIRING_EDIT, household.village_id)
    with act(by=by, verb="pair"):
        row = Household.objects.select_for_update(of=("self",)).get(pk=household.pk)
        if row.removed_on:
            raise ValidationError({"household": "该户已销号，不能结对。"})
        if not helpers_at(row.village_id).filter(pk=helper.pk).exists():
            raise ValidationError({"helper": f"{helper}在本村没有帮扶责任人的任职，请先由安全管理员授予任职。"})
        _check_dates(starts_on, ends_on)
        _refuse_overlap(row, helper, starts_on, ends_on)
        return Pairing.objects.create(
            household=row,
            village_id=row.village_id,
            helper=helper,
            starts_on=starts_on,
            ends_on=ends_on,
            note=note.strip()[:200],
        )


def helpers_at(village: str) -> QuerySet[User]:
    """Accounts in use that hold a helper's posting at a village today."""
    held = Posting.objects.today().filter(role=Role.HELPER, place_id__in=[*ancestors(village), village])
    return User.objects.filter(pk__in=held.values("user_id"), is_active=True).order_by("name", "pk")


def _check_dates(starts_on: date, ends_on: date | None) -> None:
    if not FIRST_YEAR <= starts_on.year <= timezone.localdate().year + 1:
        raise ValidationError({"starts_on": f"开始日期应在 {FIRST_YEAR} 年以后、明年以前，请核对。"})
    if ends_on and ends_on < starts_on:
        raise ValidationError({"ends_on": "结束日期早于开始日期，请改正。"})


def _refuse_overlap(household: Household, helper: User, starts_on: date, ends_on: date | None) -> None:
    meets = Q(ends_on__isnull=True) | Q(ends_on__gte=starts_on)
    meets &= Q(starts_on__lte=ends_on) if ends_on else Q()
    found = Pairing.objects.filter(meets, household=household, helper=helper).first()
    if found:
        until = f"{found.ends_on:%Y-%m-%d}" if found.ends_on else "今"
        raise PairingOver(f"{helper}已与该户结对（{found.starts_on:%Y-%m-%d} 至{until}），时间不能重叠。")


def end_pairing(*, by: User | None, pairing: Pairing, ends_on: date, reason: str) -> Pairing:
    """Let a pairing end on a day (its last one). A longer one is a new pairing.

    Raises ValidationError for a day before its start or without a reason, PairingOver when it ends earlier already,
    PermissionDenied.
    """
    check_right(by, Right.PAIRING_EDIT, pairing.village_id)
    with act(by=by, verb="end_pairing", reason=reason):
        row = Pairing.objects.select_for_update(of=("self",)).get(pk=pairing.pk)
        if row.ends_on and row.ends_on <= ends_on:
            raise PairingOver(f"这一结对已于 {row.ends_on:%Y-%m-%d} 结束；继续帮扶的，请重新结对。")
        if ends_on < row.starts_on:
            raise ValidationError({"ends_on": f"结束日期早于开始日期 {row.starts_on:%Y-%m-%d}，请改正。"})
        if not reason.strip():
            raise ValidationError({"reason": "请写明结束的原因。"})
        row.ends_on = ends_on
        row.save(update_fields=["ends_on"])
    return row
