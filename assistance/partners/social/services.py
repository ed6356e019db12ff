"""Verbs of help from society: needs published without personal data, offers, what of an offer reached which need."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from assistance.models import Donation, SocialNeed, SocialOffer
from households.models import Household, Member
from povreg.kit.history import act
from villages.models import Place, User
from villages.rights import Right
from villages.rights.checks import check_right

LONG_NUMBER = re.compile(r"\d{7}")
"""A phone, an identity or account number."""
State = SocialNeed.State


class NothingLeft(ValidationError):  # noqa: N818 - a state, not an accident
    """The offer has less left, or the need wants less."""


def publish_need(
    *,
    by: User,
    village: Place,
    kind: str,
    title: str,
    content: str,
    amount: Decimal,
    household: Household | None = None,
) -> SocialNeed:
    """Publish a need; whose it is stays inside.

    Raises PermissionDenied without NEED_EDIT at the village, ValidationError for a household that is no more, names or
    numbers of persons in what everybody reads, or an amount that cannot be.
    """
    check_right(by, Right.NEED_EDIT, village.pk)
    if household is not None and household.village_id != village.pk:
        raise ValidationError({"household_no": "这一户不在本村，请核对户编号。"})
    if household is not None and household.removed_on is not None:
        raise ValidationError({"household_no": "这一户已经销号，不能再发布需求；并入别户的，请填写并入的户编号。"})
    check_public(f"{title} {content}", household)
    if amount <= 0:
        raise ValidationError({"amount": "折合金额应大于 0，请核对。"})
    with act(by=by, verb="publish_need"):
        return SocialNeed.objects.create(
            village=village, household=household, kind=kind, title=title.strip()[:60], content=content.strip()[:300],
            amount=amount, published_on=timezone.localdate(), by=by,
        )  # fmt: skip


def check_public(text: str, household: Household | None) -> None:
    """Raises ValidationError where what everybody reads holds a number of a person or a name of the family."""
    if LONG_NUMBER.search(text):
        raise ValidationError({"content": "公开的说明里不能有电话、证件或账号，请删去后再发布。"})
    names = Member.objects.filter(household=household).values_list("name", flat=True) if household else ()
    if any(name and name in text for name in names):
        raise ValidationError({"content": "公开的说明里不能有家庭成员的姓名，请改为“一户村民”。"})


def close_need(*, by: User, need: SocialNeed) -> SocialNeed:
    """Take a need back that wants nothing more. Raises PermissionDenied."""
    check_right(by, Right.NEED_EDIT, need.village_id)
    with act(by=by, verb="close_need"):
        row = SocialNeed.objects.select_for_update(of=("self",)).get(pk=need.pk)
        if row.state == State.OPEN:
            row.state = State.MET if row.met >= row.amount else State.CLOSED
            row.save(update_fields=["state"])
    return row


def note_offer(*, by: User, place: Place, **facts: Any) -> SocialOffer:
    """Record what somebody offers. Raises PermissionDenied without PARTNER_EDIT at the place, ValidationError."""
    check_right(by, Right.PARTNER_EDIT, place.pk)
    if facts["amount"] <= 0:
        raise ValidationError({"amount": "折合金额应大于 0，请核对。"})
    with act(by=by, verb="note_offer"):
        return SocialOffer.objects.create(place=place, offered_on=timezone.localdate(), **facts)


def donate(
    *, by: User, offer: SocialOffer, need: SocialNeed, amount: Decimal, delivered_on: date, receipt: str
) -> Donation:
    """Note that part of an offer reached a need.

    Raises PermissionDenied without PARTNER_EDIT at the offer's place, NothingLeft for more than is left of either,
    ValidationError for a need elsewhere or of another kind, or a receipt that is used.
    """
    check_right(by, Right.PARTNER_EDIT, offer.place_id)
    if amount <= 0:
        raise ValidationError({"amount": "金额应大于 0，请核对。"})
    if delivered_on > timezone.localdate():
        raise ValidationError({"delivered_on": "落实日期还没有到，请核对。"})
    if not receipt.strip():
        raise ValidationError({"receipt": "请填写捐赠票据号。"})
    with act(by=by, verb="donate"):
        given = SocialOffer.objects.select_for_update(of=("self",)).get(pk=offer.pk)
        wanted = SocialNeed.objects.select_for_update(of=("self",)).get(pk=need.pk)
        if not wanted.village_id.startswith(given.place_id):
            raise ValidationError({"need": "这项需求不在帮扶范围内，请另选。"})
        if wanted.state != State.OPEN:
            raise NothingLeft({"need": "这项需求已经满足或关闭。"})
        left = min(given.amount - given.given, wanted.amount - wanted.met)
        if amount > left:
            raise NothingLeft({"amount": f"最多还能登记 {left:,.2f} 元，请核对。"})
        if Donation.objects.filter(receipt=receipt.strip()).exists():
            raise ValidationError({"receipt": "这个票据号已经用过，请核对。"})
        found = Donation.objects.create(
            offer=given, need=wanted, amount=amount, delivered_on=delivered_on, receipt=receipt.strip()[:40], by=by
        )
        if wanted.met + amount >= wanted.amount:
            SocialNeed.objects.filter(pk=wanted.pk).update(state=State.MET)
    return found


def fitting(need: SocialNeed) -> Any:
    """Offers that have something left of the kind a need wants, reaching its village; the largest rest first."""
    codes = [need.village_id[:length] for length in (6, 9, 12)]
    rows = SocialOffer.objects.filter(kind=need.kind, place_id__in=codes)
    return [row for row in rows.order_by("-offered_on") if row.amount > row.given]
