"""Scale control (规模分解, policy.md 1.5-1.8): from county to township to village; sums must fit, overrides say why."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Sum

from households.models import Quota
from households.procedures.engine import clock
from households.procedures.engine.errors import ProcedureError, listed
from households.procedures.engine.offers import QUOTAS, demand_offered
from households.procedures.engine.procedure import procedures
from povreg.kit.history import act
from povreg.kit.scopes import COUNTY, parent
from villages.models import Place, User
from villages.rights import Right

LEVELS = (Place.Level.COUNTY, Place.Level.TOWNSHIP, Place.Level.VILLAGE)
Method = Quota.Method
KIND = Quota._meta.get_field("kind").default
"""What is divided where nothing else is said."""


@dataclass(frozen=True)
class Share:
    """What one place of a division is to have: its factors, and the amount if it differs from what they give."""

    factors: Mapping[str, Any] = field(default_factory=dict)
    amount: int | None = None
    reason: str = ""


def computed(method: str, factors: Mapping[str, Any]) -> int:
    """People that a method gives: population × rate (both in ``factors``), the product of the two for the factor
    method with its weighted rate, or the number given from above. Raises ProcedureError for a missing or odd value."""
    if method == Method.GIVEN:
        return _whole(_number(factors, "given", "上级核定人数"))
    population = _number(factors, "population", "乡村人口")
    rate = _number(factors, "rate", "发生率（%）") if method == Method.RATE else _weighted_rate(factors)
    if rate > 100:
        raise ProcedureError("发生率不能超过 100%，请核对。")
    return _whole(population * rate / 100)


def _weighted_rate(factors: Mapping[str, Any]) -> Decimal:
    """拟定贫困发生率: weighted mean of the factor values in per cent (policy.md 1.7)."""
    values, weights = factors.get("values", {}), factors.get("weights", {})
    total = sum((_number(weights, name, f"因子“{name}”的权重") for name in values), Decimal(0))
    if not values or not total:
        raise ProcedureError("请填写贫困影响因子的数值和权重。")
    weighted = sum(
        (_number(values, name, f"因子“{name}”") * _number(weights, name, f"因子“{name}”的权重") for name in values),
        Decimal(0),
    )
    return weighted / total


def _number(values: Mapping[str, Any], name: str, label: str) -> Decimal:
    try:
        number = Decimal(str(values[name]))
    except (KeyError, InvalidOperation):
        raise ProcedureError(f"请填写{label}。") from None
    if not number.is_finite() or number < 0:
        raise ProcedureError(f"{label}应为不小于 0 的数。")
    return number


def _whole(number: Decimal) -> int:
    return int(number.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def set_quota(
    *,
    by: User,
    place: str,
    year: int,
    method: str,
    factors: Mapping[str, Any],
    amount: int | None = None,
    reason: str = "",
    kind: str = KIND,
) -> Quota:
    """Set the number of people of one place for a kind of list; below the county its parent must have a number already.

    Raises ProcedureError for a year whose era divides none, beyond the ceiling, for a difference without a reason, or
    one that no longer fits its parent;
    PermissionDenied.
    """
    _demand(by, place)
    _demand_scaled(kind, year, place)
    with act(by=by, verb="plan_quota", reason=reason):
        upper = _upper(place, year, kind)
        row = _set(by, place, year, kind, method, Share(factors, amount, reason), upper)
        _check_sum(upper)
    return row


def _set(by: User, place: str, year: int, kind: str, method: str, share: Share, upper: Quota | None) -> Quota:
    row = Quota.objects.select_for_update(of=("self",)).filter(place_id=place, year=year, kind=kind).first()
    if row and row.confirmed_on:
        raise ProcedureError("这一规模已经下达，不能再改。确需调整的，请先在上级的规模页收回。")
    before = row.amount if row else None
    row = row or Quota(place_id=place, year=year, kind=kind, version=0)
    _fill(row, by, method, share.factors, share, upper)
    if row.amount != before and row.pk:
        _check_parts(row)
    row.version += 1
    row.save()
    return row


def _check_parts(row: Quota) -> None:
    """A number that was divided already changes only as far as its division goes along."""
    if row.parts.exclude(confirmed_on=None).exists():
        raise ProcedureError("它的下级规模已经下达，人数不能再改。确需调整的，请先收回下级规模。")
    total = row.parts.aggregate(total=Sum("amount"))["total"] or 0
    if total > row.amount:
        raise ProcedureError(f"它的下级已分解 {total} 人，多于 {row.amount} 人，请先核减下级。")


def _upper(place: str, year: int, kind: str) -> Quota | None:
    """The locked quota of the place above; None for a county. Raises ProcedureError when it is missing."""
    if len(place) == COUNTY:
        return None
    found = Quota.objects.select_for_update(of=("self",)).filter(place_id=parent(place), year=year, kind=kind).first()
    if found is None:
        raise ProcedureError("上级还没有核定规模，请先核定上级。")
    return found


def _fill(row: Quota, by: User, method: str, factors: Mapping[str, Any], share: Share, upper: Quota | None) -> None:
    row.method, row.factors, row.parent, row.by = method, dict(factors), upper, by
    row.computed = computed(method, factors)
    row.amount = row.computed if share.amount is None else share.amount
    row.reason = share.reason.strip()[:200] if row.amount != row.computed else ""
    ceiling = row.computed * (100 + row.ceiling_percent) / 100
    if row.amount < 0 or row.amount > ceiling:
        raise ProcedureError(
            f"核定 {row.amount} 人，超过测算 {row.computed} 人的上浮上限 {row.ceiling_percent}%（{int(ceiling)} 人）。"
        )
    if row.amount != row.computed and not row.reason:
        raise ProcedureError(f"核定人数与测算 {row.computed} 人不同，请写明调整原因。")


def _check_sum(upper: Quota | None) -> None:
    if upper is None:
        return
    total = upper.parts.aggregate(total=Sum("amount"))["total"] or 0
    if total > upper.amount:
        raise ProcedureError(f"下级合计 {total} 人，超过上级核定 {upper.amount} 人，请核减 {total - upper.amount} 人。")


def divide_quota(*, by: User, quota: Quota, method: str, shares: Mapping[str, Share]) -> list[Quota]:
    """Divide a quota over the places below it in one go (place code to share); they may not exceed it together.

    Raises ProcedureError, PermissionDenied.
    """
    _demand(by, quota.place_id)
    with act(by=by, verb="plan_quota"):
        upper = Quota.objects.select_for_update(of=("self",)).get(pk=quota.pk)
        rows, faults = [], {}
        names = {place.pk: str(place) for place in Place.objects.filter(pk__in=shares)}
        for code, share in sorted(shares.items()):
            try:
                _directly_below(code, upper)
                rows.append(_set(by, code, upper.year, upper.kind, method, share, upper))
            except ProcedureError as fault:
                faults[int(code)] = f"{names.get(code, code)}：{fault}"
        if faults:
            raise ProcedureError("".join(list(faults.values())[:3]), faults)
        _check_sum(upper)
    return rows


def _directly_below(code: str, quota: Quota) -> None:
    if parent(code) != quota.place_id:
        raise ProcedureError("只能分解到直接下级，请重新选择。")


def confirm_quotas(*, by: User, quota: Quota) -> int:
    """Hand down the division of a quota: the parts add up to it exactly and cover every place below; then they are
    fixed. Returns how many. Raises ProcedureError, PermissionDenied."""
    _demand(by, quota.place_id)
    with act(by=by, verb="issue_quota"):
        row = Quota.objects.select_for_update(of=("self",)).get(pk=quota.pk)
        parts = row.parts.all()
        lacking = Place.objects.current().filter(parent_id=row.place_id).exclude(quotas__parent=row)
        names = [str(place) for place in lacking]
        if names:
            raise ProcedureError(f"{listed(names).replace('户', '处')}还没有分解规模（没有的请填 0）。")
        total = parts.aggregate(total=Sum("amount"))["total"] or 0
        if total != row.amount:
            raise ProcedureError(f"下级合计 {total} 人，与核定 {row.amount} 人不符，请调整后再下达。")
        if row.parent_id is None and row.confirmed_on is None:
            row.confirmed_on = clock.today()
            row.save(update_fields=["confirmed_on"])
        return int(parts.filter(confirmed_on=None).update(confirmed_on=clock.today(), by=by))


def take_back_quotas(*, by: User, quota: Quota, reason: str) -> int:
    """Undo handing down the division of a quota, so that it can be corrected; a county's own number opens with it.

    The lowest division goes first: parts that were divided and handed down themselves are taken back before. What was
    identified under the old numbers stays; the history keeps the old numbers and the reason. Returns how many.
    Raises ProcedureError, PermissionDenied.
    """
    _demand(by, quota.place_id)
    if not reason.strip():
        raise ProcedureError("收回规模要写明原因和依据（文号）。")
    with act(by=by, verb="recall_quota", reason=reason):
        row = Quota.objects.select_for_update(of=("self",)).get(pk=quota.pk)
        parts = row.parts.select_for_update(of=("self",)).order_by("pk")
        handed = [part for part in parts.select_related("place") if part.confirmed_on]
        if not handed:
            raise ProcedureError("下级规模还没有下达，可以直接调整，不必收回。")
        deeper = Quota.objects.filter(parent__in=handed).exclude(confirmed_on=None).values("parent")
        names = [str(part.place) for part in handed if part.pk in set(deeper.values_list("parent", flat=True))]
        if names:
            raise ProcedureError(f"{listed(names).replace('户', '处')}的下级规模也已下达，请先收回那里的。")
        opened = [part.pk for part in handed] + ([row.pk] if row.parent_id is None else [])
        Quota.objects.filter(pk__in=opened).update(confirmed_on=None, by=by)
    return len(handed)


def scaled_kinds() -> list[tuple[str, str]]:
    """The kinds that quotas may be divided for, as choices: identification, and what is a row and gives a class."""
    return [(str(each.kind), each.label) for each in procedures() if each.scaled]


def offer_of(kind: str) -> str:
    """What eras call the division of quotas of a kind."""
    return QUOTAS if kind == KIND else kind


def _demand_scaled(kind: str, year: int, place: str) -> None:
    if kind not in dict(scaled_kinds()):
        raise ProcedureError({"kind": "这类程序没有规模控制，请选择其他种类。"})
    demand_offered(offer_of(kind), year, place)


def _demand(by: User, place: str) -> None:
    if len(place) not in (6, 9, 12) or not by.can(Right.QUOTA_EDIT, place):
        raise PermissionDenied
