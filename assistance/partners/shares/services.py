"""Verbs of shares: allotted to households, handed on when one has left poverty, dividends split to the cent."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from decimal import ROUND_DOWN, Decimal
from typing import Any

from django.utils import timezone

from assistance.models import Partner, PartnerLink, PartnerPayment, Shareholding
from households.models import Household
from households.models.codes import REGISTERED_POOR
from households.register.errors import refusal
from povreg.kit.history import act
from villages.models import User
from villages.rights import Right
from villages.rights.checks import check_right

CENT = Decimal("0.01")
Origin = Shareholding.Origin
OUT_OF_POVERTY = "1"


def linked(partner: Partner, household: Household, since: date) -> PartnerLink:
    """The dividend link of a household with a partner, begun where there is none."""
    facts = {"partner": partner, "household": household, "form": PartnerLink.Form.DIVIDEND}
    found = PartnerLink.objects.filter(**facts, until=None).first()
    return found or PartnerLink.objects.create(**facts, village_id=household.village_id, since=since)


def allot_shares(
    *, by: User, partner: Partner, households: Collection[Household], origin: str, count: Decimal, since: date,
    worth: Decimal | None = None,
) -> int:  # fmt: skip
    """Give each household so many shares of a partner. Returns how many households.

    Raises PermissionDenied without PARTNER_EDIT at the partner's place; ValidationError for a partner that does not
    work any more, no shares, a day to come, or money of the state given to a household without a class.
    """
    check_right(by, Right.PARTNER_EDIT, partner.place_id)
    if not partner.is_active:
        raise refusal("这个带贫主体已停止经营，不能再登记股份。", field="numbers")
    if count <= 0:
        raise refusal("股数应大于 0，请核对。", field="count")
    if origin not in (Origin.ALLOTTED, Origin.LAND, Origin.CASH):
        raise refusal("请选择股份的来源；脱贫转股在名单里办理。", field="origin")
    if since > timezone.localdate():
        raise refusal("入股日期还没有到，请核对。", field="since")
    outside = [row.household_no for row in households if not row.in_register]
    if origin == Origin.ALLOTTED and outside:
        raise refusal(f"财政资金配股只给在册农户：{'、'.join(outside[:5])}不在册，请核对。", field="numbers")
    with act(by=by, verb="allot_shares"):
        for each in households:
            link = linked(partner, each, since)
            facts = {"origin": origin, "count": count, "worth": worth, "since": since}
            Shareholding.objects.create(partner=partner, household=each, village_id=each.village_id, link=link, **facts)
    return len(households)


def hand_on(*, by: User, holding: Shareholding, household: Household, on: date) -> Shareholding:
    """Hand the allotted shares of a household that has left poverty on to one that has not (脱贫转股).

    Raises PermissionDenied without PARTNER_EDIT; ValidationError for shares that ended or were not allotted, a giver
    still in poverty, a taker that is not poor or monitored, or the same household.
    """
    check_right(by, Right.PARTNER_EDIT, holding.partner.place_id)
    with act(by=by, verb="hand_on_shares"):
        rows = Shareholding.objects.select_for_update(of=("self",)).select_related("household", "partner", "link")
        row = rows.get(pk=holding.pk)
        if row.until:
            raise refusal("这些股份已经退出，不能再转。")
        if row.first_origin not in (Origin.ALLOTTED, Origin.HANDED):
            raise refusal("只有财政资金配的股份才转给别的户；土地、现金入股是农户自己的。")
        if row.household.exit_status != OUT_OF_POVERTY:
            raise refusal("这一户还没有脱贫，股份不能转走。")
        watched = bool(household.monitor_type) and household.risk_cleared is not True
        if household.pk == row.household_id or not (household.exit_status in REGISTERED_POOR or watched):
            raise refusal("股份只能转给没有脱贫的户或风险没有消除的监测对象，请核对户编号。", field="number")
        if not row.since <= on <= timezone.localdate():
            raise refusal("转股日期应在入股以后、今天以前，请核对。", field="on")
        row.until = on
        row.save(update_fields=["until"])
        others = Shareholding.objects.filter(link=row.link, until=None)
        if not others.exists():
            PartnerLink.objects.filter(pk=row.link_id).update(until=on)
        return Shareholding.objects.create(
            partner=row.partner, household=household, village_id=household.village_id, origin=Origin.HANDED,
            link=linked(row.partner, household, on), count=row.count, worth=row.worth, since=on, taken_from=row,
        )  # fmt: skip


def split(total: Decimal, counts: Mapping[int, Decimal]) -> dict[int, Decimal]:
    """A sum divided by shares, to the cent and without a rest: what is cut off goes, a cent each, to those who lost
    most of one, then to the first key. Raises ValueError where there are no shares."""
    whole = sum(counts.values(), Decimal(0))
    if whole <= 0:
        raise ValueError("no shares")
    exact = {key: total * count / whole for key, count in counts.items()}
    parts = {key: value.quantize(CENT, ROUND_DOWN) for key, value in exact.items()}
    rest = int((total - sum(parts.values(), Decimal(0))) / CENT)
    for key in sorted(exact, key=lambda each: (parts[each] - exact[each], each))[:rest]:
        parts[key] += CENT
    return parts


def pay_dividend(*, by: User, partner: Partner, total: Decimal, paid_on: date, voucher: str) -> list[PartnerPayment]:
    """Split a dividend of a partner over the shares held on a day, all or nothing; a voucher counts once.

    Raises PermissionDenied without PARTNER_EDIT, ValidationError without shares, for a day to come, or so little that
    somebody would get nothing.
    """
    check_right(by, Right.PARTNER_EDIT, partner.place_id)
    if total <= 0 or total != total.quantize(CENT):
        raise refusal("金额应大于 0，最多两位小数，请核对。", field="total")
    if paid_on > timezone.localdate():
        raise refusal("分红日期还没有到，请核对。", field="paid_on")
    if not voucher.strip():
        raise refusal("请填写凭证，如分红表编号。", field="voucher")
    with act(by=by, verb="pay_dividend"):
        Partner.objects.select_for_update(of=("self",)).get(pk=partner.pk)
        held = Shareholding.objects.filter(partner=partner, since__lte=paid_on).exclude(until__lt=paid_on)
        counts: dict[int, Decimal] = {}
        for link, count in held.order_by("link_id").values_list("link_id", "count"):
            counts[link] = counts.get(link, Decimal(0)) + count
        if not counts:
            raise refusal("那一天没有农户持股，请先登记股份。", field="paid_on")
        if PartnerPayment.objects.filter(link__in=counts, voucher=voucher.strip()).exists():
            raise refusal("这份凭证已经分过红，请核对，不要重复登记。", field="voucher")
        parts = split(total, counts)
        if min(parts.values()) <= 0:
            raise refusal("金额太少，有的户分不到一分钱，请核对。", field="total")
        links = PartnerLink.objects.in_bulk(list(parts))
        return PartnerPayment.objects.bulk_create(
            payment(links[key], amount, paid_on=paid_on, voucher=voucher.strip()[:60], by=by)
            for key, amount in parts.items()
        )


def payment(link: PartnerLink, amount: Decimal, **facts: Any) -> PartnerPayment:
    return PartnerPayment(link=link, household_id=link.household_id, village_id=link.village_id, amount=amount, **facts)
