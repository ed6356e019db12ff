"""Correction orders (更正令): the way to put a wrong standing right, by two people and with the paper it rests on."""

from datetime import date, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from households.models import CorrectionOrder, Episode, Household, Spell, StandingClass
from households.models.standing import MONITORING, Known, Origin
from povreg.kit.history import act
from villages.models import User
from villages.rights import Right
from villages.rights.checks import check_right


def order_correction(
    *,
    by: User,
    household: Household,
    document: str,
    reason: str,
    klass: str,
    since: date,
    until: date | None = None,
    spell: Spell | None = None,
) -> CorrectionOrder:
    """Ask for a household to be in a class from ``since`` until the day before ``until``, instead of ``spell`` where
    one is wrong. Nothing changes before another person approves. Raises ValidationError, PermissionDenied."""
    check_right(by, Right.COUNTY_REVIEW, household.village_id)
    faults = _faults(household, document, reason, klass, since, until, spell)
    if faults:
        raise ValidationError(faults)
    with act(by=by, verb="order_correction", reason=reason):
        return CorrectionOrder.objects.create(
            household=household, village_id=household.village_id, document=document.strip(), reason=reason.strip(),
            klass_id=klass, since=since, until=until, spell=spell, ordered_by=by, ordered_on=timezone.localdate(),
        )  # fmt: skip


def _faults(
    household: Household, document: str, reason: str, klass: str, since: date, until: date | None, spell: Spell | None
) -> dict[str, list[str]]:
    faults: dict[str, list[str]] = {}
    if not document.strip():
        faults["document"] = ["请填写更正所依据的文件号。"]
    if not reason.strip():
        faults["reason"] = ["请写明更正的原因。"]
    if not StandingClass.objects.filter(pk=klass).exists():
        faults["klass"] = ["请从列表中选择更正后的类别。"]
    if since > timezone.localdate():
        faults["since"] = ["起始日期还没有到，请核对。"]
    if until and until <= since:
        faults["until"] = ["终止日期须晚于起始日期，请核对。"]
    if spell and spell.household_id != household.pk:
        faults["spell"] = ["所选的身份期间不属于该户，请刷新页面后重选。"]
    return faults


def approve_correction(*, by: User, order: CorrectionOrder) -> Spell:
    """Approve an order of somebody else: the wrong spell ends where the right one begins, or goes; the right one is
    written. Returns it. Raises ValidationError where it does not fit what else is known, PermissionDenied."""
    check_right(by, Right.COUNTY_REVIEW, order.village_id)
    with act(by=by, verb="approve_correction", reason=order.reason):
        row = CorrectionOrder.objects.select_for_update(of=("self",)).get(pk=order.pk)
        if row.approved_by_id or row.refused_reason:
            raise ValidationError("这份更正令已经处理过，请刷新页面。")
        if row.ordered_by_id == by.pk:
            raise PermissionDenied
        row.approved_by, row.approved_on = by, timezone.localdate()
        row.save()
        return _apply(row)


def refuse_correction(*, by: User, order: CorrectionOrder, reason: str) -> CorrectionOrder:
    """Turn an order down. Raises ValidationError without a reason, PermissionDenied."""
    check_right(by, Right.COUNTY_REVIEW, order.village_id)
    if not reason.strip():
        raise ValidationError({"reason": ["请写明不予批准的原因。"]})
    with act(by=by, verb="refuse_correction", reason=reason):
        row = CorrectionOrder.objects.select_for_update(of=("self",)).get(pk=order.pk)
        if row.approved_by_id:
            raise ValidationError("这份更正令已经批准，不能再退回。")
        row.refused_reason = reason.strip()
        row.save()
    return row


def _apply(order: CorrectionOrder) -> Spell:
    wrong = order.spell
    assert order.since is not None and order.klass is not None
    if wrong and (wrong.since is None or wrong.since < order.since) and wrong.axis == order.klass.axis:
        wrong.until, wrong.until_known, wrong.end_origin = order.since, Known.DAY, Origin.CORRECTION
        wrong.sure_until = None
        wrong.save()
    elif wrong:
        return _rewrite(wrong, order)
    _refuse_overlap(order)
    made = Spell.objects.create(
        household_id=order.household_id, village_id=order.village_id, klass=order.klass, since=order.since,
        until=order.until, until_known=Known.DAY if order.until else "",
        end_origin=Origin.CORRECTION if order.until else "", origin=Origin.CORRECTION, correction=order,
        document=order.document,
    )  # fmt: skip
    if not wrong and order.until:
        order.spell = made
        order.save()
    if made.axis == MONITORING:
        Episode.objects.create(spell=made)
    return made


def _rewrite(wrong: Spell, order: CorrectionOrder) -> Spell:
    """The whole spell was wrong: it takes the order's class and days, and keeps its place in the history."""
    assert order.klass is not None
    wrong.klass, wrong.since, wrong.since_known, wrong.until = order.klass, order.since, Known.DAY, order.until
    wrong.until_known, wrong.sure_until = (Known.DAY if order.until else ""), None
    wrong.origin, wrong.correction = Origin.CORRECTION, order
    wrong.end_origin = Origin.CORRECTION if order.until else ""
    wrong.document = order.document
    _refuse_overlap(order, wrong.pk)
    wrong.save()
    return wrong


def _refuse_overlap(order: CorrectionOrder, but: int = 0) -> None:
    assert order.since is not None and order.klass is not None
    last = (order.until or date.max) - timedelta(days=1)
    others = Spell.objects.filter(household_id=order.household_id, axis=order.klass.axis).exclude(pk=but)
    held = others.filter(during__overlap=(order.since, order.until)).first()
    if held and (held.since or date.min) <= last:
        raise ValidationError(f"该户这段时间已有“{held.klass}”身份，请先选择要更正的那一段。")
