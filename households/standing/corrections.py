"""Correction orders (更正令): the way to put a wrong standing right, by two people and with the paper it rests on."""

from datetime import date, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from households.closed.late import note_standing
from households.models import CorrectionOrder, Episode, Household, Spell, StandingClass
from households.models.standing import MONITORING, Known, Origin
from households.standing.hooks import announce
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
    klass: str = "",
    since: date | None = None,
    until: date | None = None,
    spell: Spell | None = None,
) -> CorrectionOrder:
    """Ask for a household to be in a class from ``since`` until the day before ``until``, instead of ``spell`` where
    one is wrong; without a class, for ``spell`` to be struck out. Nothing changes before another person approves.
    Raises ValidationError, PermissionDenied."""
    check_right(by, Right.COUNTY_REVIEW, household.village_id)
    faults = _faults(household, document, reason, klass, since, until, spell)
    if faults:
        raise ValidationError(faults)
    with act(by=by, verb="order_correction", reason=reason):
        return CorrectionOrder.objects.create(
            household=household, village_id=household.village_id, document=document.strip(), reason=reason.strip(),
            klass_id=klass or None, since=since, until=until, spell=spell, ordered_by=by,
            ordered_on=timezone.localdate(),
        )  # fmt: skip


def _faults(
    household: Household,
    document: str,
    reason: str,
    klass: str,
    since: date | None,
    until: date | None,
    spell: Spell | None,
) -> dict[str, list[str]]:
    faults: dict[str, list[str]] = {}
    if not document.strip():
        faults["document"] = ["请填写更正所依据的文件号。"]
    if not reason.strip():
        faults["reason"] = ["请写明更正的原因。"]
    if spell and spell.household_id != household.pk:
        faults["spell"] = ["所选的身份期间不属于该户，请刷新页面后重选。"]
    if household.removed_on:
        faults["household"] = ["该户已经销户，不能更正身份。"]
    return faults | (_class_faults(klass, since, until, spell) if klass else _striking_faults(since, until, spell))


def _striking_faults(since: date | None, until: date | None, spell: Spell | None) -> dict[str, list[str]]:
    if spell is None:
        return {"klass": ["请选择更正后的类别；要撤销一段身份的，请选择被更正的是哪一段。"]}
    if since or until:
        return {"since": ["撤销一段身份不用填写起止日期，请清空；要改日期的，请选择更正后的类别。"]}
    return {}


def _class_faults(klass: str, since: date | None, until: date | None, spell: Spell | None) -> dict[str, list[str]]:
    faults: dict[str, list[str]] = {}
    right = StandingClass.objects.filter(pk=klass).first()
    if right is None:
        faults["klass"] = ["请从列表中选择更正后的类别。"]
    elif spell and spell.axis != right.axis:
        axis = StandingClass.Axis(spell.axis).label
        faults["klass"] = [f"被更正的是“{axis}”，更正后的类别也须是“{axis}”，请重选。"]
    if since is None:
        faults["since"] = ["请填写更正后身份的起始日期。"]
    elif since > timezone.localdate():
        faults["since"] = ["起始日期还没有到，请核对。"]
    elif spell and spell.until and since >= spell.until:
        faults["since"] = [f"被更正的一段到 {spell.until} 已结束，起始日期须早于这一天，请核对。"]
    if since and until and until <= since:
        faults["until"] = ["终止日期须晚于起始日期，请核对。"]
    if until and until > timezone.localdate():
        faults["until"] = ["终止日期还没有到，请核对；身份还在继续的不填。"]
    return faults


def approve_correction(*, by: User, order: CorrectionOrder) -> Spell | None:
    """Approve an order of somebody else: the wrong spell ends where the right one begins, or goes; the right one is
    written. Returns it, None where one was struck out. Raises ValidationError where it does not fit what else is
    known, PermissionDenied."""
    check_right(by, Right.COUNTY_REVIEW, order.village_id)
    with act(by=by, verb="approve_correction", reason=order.reason):
        row = _waiting(order)
        if row.ordered_by_id == by.pk:
            raise PermissionDenied
        row.approved_by, row.approved_on = by, timezone.localdate()
        row.save()
        note_standing(row, _what(row))
        made = _apply(row)
        announce([row.household_id])
    return made


def _what(order: CorrectionOrder) -> str:
    """The order in a line, for the late facts of closed years."""
    if order.klass is None:
        return f"撤销身份“{order.spell.klass if order.spell else ''}”"
    return f"身份更正为“{order.klass}”，{order.since} 起" + (f"至 {order.until}" if order.until else "")


def _waiting(order: CorrectionOrder) -> CorrectionOrder:
    """The order, locked. Raises ValidationError once somebody has decided on it."""
    row = CorrectionOrder.objects.select_for_update(of=("self",)).get(pk=order.pk)
    if row.approved_by_id:
        raise ValidationError("这份更正令已经批准，不能再改，请刷新页面。")
    if row.refused_reason:
        raise ValidationError("这份更正令已经不予批准，请刷新页面；需要更正的，请重新提出。")
    return row


def refuse_correction(*, by: User, order: CorrectionOrder, reason: str) -> CorrectionOrder:
    """Turn an order down. Raises ValidationError without a reason, PermissionDenied."""
    check_right(by, Right.COUNTY_REVIEW, order.village_id)
    if not reason.strip():
        raise ValidationError({"reason": ["请写明不予批准的原因。"]})
    with act(by=by, verb="refuse_correction", reason=reason):
        row = _waiting(order)
        row.refused_reason = reason.strip()[:200]
        row.save()
    return row


def _apply(order: CorrectionOrder) -> Spell | None:
    wrong = order.spell
    if order.klass is None:
        _strike_out(order, wrong)
        return None
    assert order.since is not None
    if wrong and (wrong.since is None or wrong.since < order.since):
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
    if order.klass.axis == MONITORING:
        Episode.objects.create(spell=made)
    return made


def _strike_out(order: CorrectionOrder, wrong: Spell | None) -> None:
    """The household never was in that class. The history of changes keeps the row."""
    if wrong is None:
        raise ValidationError("被更正的身份期间已不存在，请刷新页面；需要更正的，请重新提出。")
    if Spell.objects.filter(copied_from=wrong).exists():
        raise ValidationError("分户承继了这一段身份，不能整段撤销，请改为更正类别或起止日期。")
    wrong.document = order.document  # the database looks for the order by it
    wrong.save()
    Episode.objects.filter(spell=wrong).delete()
    wrong.delete()


def _rewrite(wrong: Spell, order: CorrectionOrder) -> Spell:
    """The whole spell was wrong: it takes the order's class and days, and keeps its place in the history."""
    assert order.klass is not None
    wrong.klass, wrong.since, wrong.since_known, wrong.until = order.klass, order.since, Known.DAY, order.until
    wrong.until_known, wrong.sure_until = (Known.DAY if order.until else ""), None
    wrong.origin, wrong.correction, wrong.year = Origin.CORRECTION, order, None
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
