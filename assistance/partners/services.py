"""Verbs of partners (带贫主体): kept, linked with households, what households got from them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from assistance.models import Partner, PartnerLink, PartnerPayment
from households.models import Household
from povreg.kit.history import act
from povreg.kit.stale import check_version
from villages.models import Place, User
from villages.rights import Right
from villages.rights.checks import check_right

FACTS = ("place", "name", "kind", "credit_code", "industry", "is_active", "note")


def save_partner(*, by: User, partner: Partner | None = None, version: int = 0, **facts: Any) -> Partner:
    """Record a partner, or change one read at ``version``.

    Raises PermissionDenied without PARTNER_EDIT at its place, Conflict, ValidationError for a name that is there.
    """
    place: Place = facts.get("place") or partner.place  # type: ignore[union-attr]
    check_right(by, Right.PARTNER_EDIT, place.pk)
    with act(by=by, verb="save_partner"):
        row = Partner()
        if partner is not None:
            row = Partner.objects.select_for_update(of=("self",)).get(pk=partner.pk)
            check_version(row, version or None, facts)
            row.version += 1
        for name, value in facts.items():
            if name not in FACTS:
                raise TypeError(f"no fact of a partner: {name}")
            setattr(row, name, value)
        if Partner.objects.filter(place=row.place, name=row.name).exclude(pk=row.pk).exists():
            raise ValidationError({"name": f"这里已有名称为“{row.name}”的带贫主体，请修改那一条。"})
        row.save()
    return row


def link_households(
    *, by: User, partner: Partner, households: Collection[Household], form: str, since: date, effect: str = ""
) -> int:
    """Link households with a partner in one form; those linked so already stay. Returns how many were linked.

    Raises PermissionDenied without PARTNER_EDIT at its place, ValidationError for one that does not work any more, or
    a day to come.
    """
    check_right(by, Right.PARTNER_EDIT, partner.place_id)
    if not partner.is_active:
        raise ValidationError("这个带贫主体已停止经营，不能再登记带动。")
    if since > timezone.localdate():
        raise ValidationError({"since": "开始日期还没有到，请核对。"})
    if not households:
        raise ValidationError({"numbers": "请填写户编号。"})
    with act(by=by, verb="link_partner"):
        open_ones = PartnerLink.objects.filter(partner=partner, form=form, until=None)
        linked = set(open_ones.filter(household__in=households).values_list("household_id", flat=True))
        rows = [
            PartnerLink(
                partner=partner, household=each, village_id=each.village_id, form=form, since=since, effect=effect[:100]
            )
            for each in households
            if each.pk not in linked
        ]  # fmt: skip
        return len(PartnerLink.objects.bulk_create(rows))


def end_link(*, by: User, link: PartnerLink, until: date) -> PartnerLink:
    """Let a link end. Raises PermissionDenied, ValidationError for a day before its start or to come."""
    check_right(by, Right.PARTNER_EDIT, link.partner.place_id)
    with act(by=by, verb="end_link"):
        row = PartnerLink.objects.select_for_update(of=("self",)).get(pk=link.pk)
        if row.until:
            raise ValidationError("这项带动已经结束。")
        if not row.since <= until <= timezone.localdate():
            raise ValidationError({"until": "结束日期应在开始以后、今天以前，请核对。"})
        row.until = until
        row.save(update_fields=["until"])
    return row


def pay(*, by: User, link: PartnerLink, amount: Decimal, paid_on: date, voucher: str) -> PartnerPayment:
    """Note what a household got from a partner. Raises PermissionDenied, ValidationError; a voucher counts once."""
    check_right(by, Right.PARTNER_EDIT, link.partner.place_id)
    if amount <= 0:
        raise ValidationError({"amount": "金额应大于 0，请核对。"})
    if not link.since <= paid_on <= timezone.localdate():
        raise ValidationError({"paid_on": "日期应在带动开始以后、今天以前，请核对。"})
    if not voucher.strip():
        raise ValidationError({"voucher": "请填写凭证，如发放表编号。"})
    with act(by=by, verb="pay_by_partner"):
        held = PartnerLink.objects.select_for_update(of=("self",)).get(pk=link.pk)
        if held.payments.filter(voucher=voucher.strip()).exists():
            raise ValidationError({"voucher": "这份凭证已经登记过，请核对，不要重复登记。"})
        return PartnerPayment.objects.create(
            link=held, household_id=held.household_id, village_id=held.village_id, amount=amount, paid_on=paid_on,
            voucher=voucher.strip()[:60], by=by,
        )  # fmt: skip
