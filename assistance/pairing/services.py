"""Verbs of pairing (结对帮扶): who helps which household, from when to when.

The county fixes the plan, townships carry it out (policy.md 1.11). A change is a new pairing with its own start
(policy.md 8.4), so that who was responsible on any day can be told. Needs are asked before anybody is paired
(document 004), and nobody is let go while the household has not got over it (不脱贫不脱钩).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone

from assistance.models import Pairing, PairingLimit
from assistance.models.pairing import MOST_HELPERS
from assistance.pairing import rules
from assistance.tallies.after import counted_anew
from households.models import Household
from households.register.guard import lock_many
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
        User.objects.select_for_update(of=("self",)).get(pk=helper.pk)
        made = _pair(Pair(row, helper, starts_on, ends_on, note, turn), known_of([row], [helper]))
        made.save()
        counted_anew([row.village_id])
    return made


@dataclass(frozen=True)
class Pair:
    """A household and a helper who are to be paired."""

    household: Household
    helper: User
    starts_on: date
    ends_on: date | None = None
    note: str = ""
    turn: int | None = None


@dataclass(frozen=True)
class Known:
    """What new pairings are held against: by household its ``pairings``, by village the ``helpers`` posted there, by
    helper the households he ``has`` today and the most that his rank may take in a ``county``."""

    pairings: dict[int, list[Pairing]]
    helpers: Mapping[str, Collection[int]]
    has: dict[int, set[int]]
    most: Mapping[tuple[int, str], int]


def known_of(households: Collection[Household], helpers: Collection[User]) -> Known:
    """Read for these households and helpers, in a statement a village and a few more."""
    pairings: dict[int, list[Pairing]] = {row.pk: [] for row in households}
    for each in Pairing.objects.filter(household__in=pairings):
        pairings[each.household_id].append(each)
    villages = {row.village_id for row in households}
    posted = {code: set(helpers_at(code).values_list("pk", flat=True)) for code in villages}
    has: dict[int, set[int]] = {each.pk: set() for each in helpers}
    for helper, household in Pairing.objects.today().filter(helper__in=has).values_list("helper", "household"):
        has[helper].add(household)
    limits = {county: rules.limits_of(county) for county in {code[:COUNTY] for code in villages}}
    most = {(each.pk, county): room_of(each, found) for each in helpers for county, found in limits.items()}
    return Known(pairings, posted, has, most)


def start_pairings(*, by: User | None, pairs: Sequence[Pair]) -> list[Pairing | ValidationError]:
    """Pair many, each taken or refused by the rules of :func:`start_pairing`; in their order what became of each.
    Raises PermissionDenied without PAIRING_EDIT at one of the households' villages."""
    with act(by=by, verb="pair"):
        homes = lock_many(by, [each.household.pk for each in pairs], Right.PAIRING_EDIT)
        wanted = {each.helper.pk for each in pairs}
        rows = User.objects.filter(pk__in=wanted).order_by("pk").select_for_update(of=("self",))
        known = known_of(list(homes.values()), list(rows.select_related("cadre")))
        answers = [_paired(each, homes, known) for each in pairs]
        made = Pairing.objects.bulk_create([row for row in answers if isinstance(row, Pairing)])
        counted_anew(row.village_id for row in made)
    return answers


def _paired(each: Pair, homes: Mapping[int, Household], known: Known) -> Pairing | ValidationError:
    """The pairing, unsaved, or why there is none; it counts for those that come after it."""
    row = homes.get(each.household.pk)
    if row is None:
        return ValidationError({"household": "该户已销号，不能结对。"})
    try:
        made = _pair(replace(each, household=row), known)
    except ValidationError as fault:
        return fault
    known.pairings[row.pk].append(made)
    if is_of_today(made):
        known.has[each.helper.pk].add(row.pk)
    return made


def _pair(each: Pair, known: Known) -> Pairing:
    """The pairing, unsaved. Raises ValidationError, PairingOver."""
    row, helper = each.household, each.helper
    if helper.pk not in known.helpers[row.village_id]:
        raise ValidationError({"helper": f"{helper}在本村没有帮扶责任人的任职，请先由安全管理员授予任职。"})
    _check_dates(each.starts_on, each.ends_on)
    met = [other for other in known.pairings[row.pk] if meets(other, each.starts_on, each.ends_on)]
    _refuse_overlap(met, helper)
    _check_room(helper, known.has[helper.pk] - {row.pk}, known.most[helper.pk, row.village_id[:COUNTY]])
    return Pairing(
        household=row, village_id=row.village_id, helper=helper, turn=_free_turn(met, each.turn), unit=helper.unit,
        starts_on=each.starts_on, ends_on=each.ends_on, note=each.note.strip()[:200],
    )  # fmt: skip


def helpers_at(village: str) -> QuerySet[User]:
    """Accounts in use that hold a helper's posting at a village today."""
    held = Posting.objects.today().filter(role=Role.HELPER, place_id__in=[*ancestors(village), village])
    return User.objects.filter(pk__in=held.values("user_id"), is_active=True).order_by("name", "pk")


def room_of(helper: User, limits: Mapping[str, int]) -> int:
    """How many households a helper may have by his rank, of a county's ``limits``."""
    cadre = getattr(helper, "cadre", None)
    most = limits[rules.rank_of(cadre.rank)] if cadre else rules.most_of_all()
    return min(most, rules.most_of_all())


def _check_room(helper: User, has: Collection[int], most: int) -> None:
    if len(has) >= most:
        raise ValidationError({"helper": f"{helper}已结对 {len(has)} 户，按职务级别最多 {most} 户，请另选帮扶责任人。"})


def _check_dates(starts_on: date, ends_on: date | None) -> None:
    if not FIRST_YEAR <= starts_on.year <= timezone.localdate().year + 1:
        raise ValidationError({"starts_on": f"开始日期应在 {FIRST_YEAR} 年以后、明年以前，请核对。"})
    if ends_on and ends_on < starts_on:
        raise ValidationError({"ends_on": "结束日期早于开始日期，请改正。"})


def meets(each: Pairing, starts_on: date, ends_on: date | None) -> bool:
    """Whether a pairing holds on one of these days."""
    return (each.ends_on is None or each.ends_on >= starts_on) and (ends_on is None or each.starts_on <= ends_on)


def is_of_today(each: Pairing) -> bool:
    today = timezone.localdate()
    return meets(each, today, today)


def _refuse_overlap(met: Iterable[Pairing], helper: User) -> None:
    found = next((each for each in met if each.helper_id == helper.pk), None)
    if found:
        until = f"{found.ends_on:%Y-%m-%d}" if found.ends_on else "今"
        raise PairingOver(f"{helper}已与该户结对（{found.starts_on:%Y-%m-%d} 至{until}），时间不能重叠。")


def _free_turn(met: Iterable[Pairing], wanted: int | None) -> int:
    """The turn wanted, or the first that nobody has then. Raises ValidationError where it is taken, or all are."""
    taken = {each.turn for each in met}
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
        counted_anew([row.village_id])
    return row


def needs_helper(household: Household) -> bool:
    """Whether the household has not got over it: still poor, or monitored with the risk there."""
    poor = household.exit_status in ("0", "3")
    return not household.removed_on and (poor or bool(household.monitor_type and not household.risk_cleared))


def check_company(household: Household, ends_on: date) -> None:
    """Raises StillNeeded where the household would stand alone on the next day and must not (不脱贫不脱钩)."""
    after = ends_on + A_DAY
    stays = any(meets(each, after, after) for each in Pairing.objects.filter(household=household))
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
