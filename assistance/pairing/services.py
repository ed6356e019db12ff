"""Verbs of pairing (结对帮扶): who helps which household, from when to when.

The county fixes the plan, townships carry it out (policy.md 1.11). A change is a new pairing with its own start
(policy.md 8.4), so that who was responsible on any day can be told. Needs are asked before anybody is paired
(document 004), and nobody is let go while the household has not got over it (不脱贫不脱钩).
"""

from __future__ import annotations

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils import timezone

from assistance.models import Pairing, PairingLimit
from assistance.models.pairing import MOST_HELPERS
from assistance.pairing import rules
from households.models import Household
from households.register.years import FIRST_YEAR
from povreg.kit.history import act
from povreg.kit.scopes import COUNTY, ancestors
from villages.models import Place, Posting, User
from villages.rights import Right, Role
from villages.rights.checks import check_right

A_DAY = timedelta(days=1)


class PairingOver(ValidationError):  # noqa: N818 - a state, not an accident
    """The pairing has ended already, or one of the two is paired with the other at that time."""


class StillNeeded(ValidationError):  # noqa: N818 - a state, not an accident
    """The household has not got over it, and nobody else would stay with it."""


def start_pairing(
    *,
    by: User | None,
    household: Household,
    helper: User,
    starts_on: date,
    ends_on: date | None = None,
    note: str = "",
    turn: int | None = None,
) -> Pairing:
    """Make a helper responsible for a household, as its first, second or third (the first free one).

    Raises ValidationError for a household struck off, somebody without a helper's posting there or with as many
    households as his rank may take, a turn that is taken, or dates that cannot be; PairingOver when the two are paired
    at that time already; PermissionDenied.
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
        _check_room(helper, row)
        return Pairing.objects.create(
            household=row,
            village_id=row.village_id,
            helper=helper,
            turn=_free_turn(row, starts_on, ends_on, turn),
            unit=helper.unit,
            starts_on=starts_on,
            ends_on=ends_on,
            note=note.strip()[:200],
        )


def helpers_at(village: str) -> QuerySet[User]:
    """Accounts in use that hold a helper's posting at a village today."""
    held = Posting.objects.today().filter(role=Role.HELPER, place_id__in=[*ancestors(village), village])
    return User.objects.filter(pk__in=held.values("user_id"), is_active=True).order_by("name", "pk")


def room_of(helper: User, county: str) -> int:
    """How many households a helper may have by his rank."""
    cadre = getattr(helper, "cadre", None)
    most = rules.limits_of(county)[rules.rank_of(cadre.rank)] if cadre else rules.most_of_all()
    return min(most, rules.most_of_all())


def _check_room(helper: User, household: Household) -> None:
    User.objects.select_for_update(of=("self",)).get(pk=helper.pk)
    has = Pairing.objects.today().filter(helper=helper).exclude(household=household).values("household").distinct()
    most = room_of(helper, household.village_id[:COUNTY])
    if has.count() >= most:
        raise ValidationError(
            {"helper": f"{helper}已结对 {has.count()} 户，按职务级别最多 {most} 户，请另选帮扶责任人。"}
        )


def _check_dates(starts_on: date, ends_on: date | None) -> None:
    if not FIRST_YEAR <= starts_on.year <= timezone.localdate().year + 1:
        raise ValidationError({"starts_on": f"开始日期应在 {FIRST_YEAR} 年以后、明年以前，请核对。"})
    if ends_on and ends_on < starts_on:
        raise ValidationError({"ends_on": "结束日期早于开始日期，请改正。"})


def _meeting(household: Household, starts_on: date, ends_on: date | None) -> QuerySet[Pairing]:
    """The household's pairings that meet these days."""
    meets = Q(ends_on__isnull=True) | Q(ends_on__gte=starts_on)
    meets &= Q(starts_on__lte=ends_on) if ends_on else Q()
    return Pairing.objects.filter(meets, household=household)


def _refuse_overlap(household: Household, helper: User, starts_on: date, ends_on: date | None) -> None:
    found = _meeting(household, starts_on, ends_on).filter(helper=helper).first()
    if found:
        until = f"{found.ends_on:%Y-%m-%d}" if found.ends_on else "今"
        raise PairingOver(f"{helper}已与该户结对（{found.starts_on:%Y-%m-%d} 至{until}），时间不能重叠。")


def _free_turn(household: Household, starts_on: date, ends_on: date | None, wanted: int | None) -> int:
    """The turn wanted, or the first that nobody has then. Raises ValidationError where it is taken, or all are."""
    taken = set(_meeting(household, starts_on, ends_on).values_list("turn", flat=True))
    free = [turn for turn in range(1, MOST_HELPERS + 1) if turn not in taken]
    if wanted is not None and wanted in taken:
        raise ValidationError({"turn": f"该户已有第 {wanted} 帮扶人，请先结束原来的结对，或选别的顺序。"})
    if not free:
        raise ValidationError({"household": f"该户已有 {MOST_HELPERS} 名帮扶责任人，请先结束其中一个。"})
    return wanted or free[0]


def end_pairing(
    *, by: User | None, pairing: Pairing, ends_on: date, reason: str, successor: User | None = None
) -> Pairing:
    """Let a pairing end on a day (its last one); ``successor`` begins the next day. A longer one is a new pairing.

    Raises ValidationError for a day before its start or without a reason, PairingOver when it ends earlier already,
    StillNeeded while the household has not got over it and nobody would stay, PermissionDenied.
    """
    check_right(by, Right.PAIRING_EDIT, pairing.village_id)
    with act(by=by, verb="end_pairing", reason=reason):
        row = Pairing.objects.select_for_update(of=("self",)).select_related("household").get(pk=pairing.pk)
        if row.ends_on and row.ends_on <= ends_on:
            raise PairingOver(f"这一结对已于 {row.ends_on:%Y-%m-%d} 结束；继续帮扶的，请重新结对。")
        if ends_on < row.starts_on:
            raise ValidationError({"ends_on": f"结束日期早于开始日期 {row.starts_on:%Y-%m-%d}，请改正。"})
        if not reason.strip():
            raise ValidationError({"reason": "请写明结束的原因。"})
        row.ends_on = ends_on
        row.save(update_fields=["ends_on"])
        if successor is not None:
            start_pairing(by=by, household=row.household, helper=successor, starts_on=ends_on + A_DAY, turn=row.turn)
        check_company(row.household, ends_on)
    return row


def needs_helper(household: Household) -> bool:
    """Whether the household has not got over it: still poor, or monitored with the risk there."""
    poor = household.exit_status in ("0", "3")
    return not household.removed_on and (poor or bool(household.monitor_type and not household.risk_cleared))


def check_company(household: Household, ends_on: date) -> None:
    """Raises StillNeeded where the household would stand alone on the next day and must not (不脱贫不脱钩)."""
    after = ends_on + A_DAY
    stays = _meeting(household, after, after).exists()
    if not stays and needs_helper(household):
        raise StillNeeded("该户还没有脱贫或风险还没有消除，不能脱钩。请先安排接替的帮扶责任人，再结束这一结对。")


def set_limit(*, by: User, county: Place, rank: str, most: int) -> PairingLimit:
    """Set how many households a helper of a rank may take in a county.

    Raises PermissionDenied without PAIRING_EDIT at the county, ValidationError for a rank or number that cannot be.
    """
    check_right(by, Right.PAIRING_EDIT, county.pk)
    if rank not in rules.limits_of(county.pk):
        raise ValidationError({"rank": "没有这个职务级别，请从列表中选。"})
    if not 1 <= most <= rules.most_of_all():
        raise ValidationError({"most": f"应在 1 到 {rules.most_of_all()} 之间，请改正。"})
    with act(by=by, verb="set_pairing_limit"):
        return PairingLimit.objects.update_or_create(place=county, rank=rank, defaults={"most": most})[0]
