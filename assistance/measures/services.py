"""Verbs of measures: note one that reached a household, correct it, take it back."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.utils import timezone

from assistance.catalogue.selectors import CountyCatalogue, counted_by, limits_words, measures_at
from assistance.catalogue.tiers import of_tier
from assistance.measures.kinds import PLAIN, Beside, beside, rule_of
from assistance.measures.paid import check_paid, taken_from
from assistance.models import CatalogueItem, Disbursement, Measure, ResettlementSite
from assistance.models.measure import Source
from assistance.tallies.after import counted_anew
from households.models import Attachment, Household, Member
from households.models.codes import MEASURE_PAPER
from households.register import after
from households.register.attachments import add_attachment
from households.register.errors import refusal
from households.register.guard import lock, lock_many
from households.register.years import FIRST_YEAR
from povreg.kit.history import act
from povreg.kit.scopes import COUNTY
from povreg.kit.stale import check_version
from villages.models import User
from villages.rights import Right
from villages.rights.checks import check_right

OF_KINDS = ("use", "misuse", "settled_on", "area", "rate", "serves", "site", "keys_on", "old_house_on")
"""Facts that only measures of certain kinds have (assistance.measures.kinds)."""


@dataclass(frozen=True)
class Given:
    """What was given: yuan, the quantity in the entry's unit, its class where amounts go by one, who paid from which
    money, what proves it.

    ``payment``: the row of the ledger it was paid with; of a measure that names one, none leaves it, ``unlink`` takes
    it away.
    """

    amount: Decimal | None = None
    quantity: Decimal | None = None
    tier: str = ""
    payer: str = ""
    source: str = ""
    voucher: str = ""
    payment: Disbursement | None = None
    unlink: bool = False
    effect: str = ""
    ends_on: date | None = None
    risks: list[str] = field(default_factory=list)
    use: str = ""
    misuse: str = ""
    settled_on: date | None = None
    area: Decimal | None = None
    rate: Decimal | None = None
    serves: Measure | None = None
    site: ResettlementSite | None = None
    keys_on: date | None = None
    old_house_on: date | None = None


def deliver_measure(
    *,
    by: User | None,
    household: Household,
    item: CatalogueItem,
    delivered_on: date,
    given: Given = Given(),
    member: Member | None = None,
    paper: File | None = None,
) -> Measure:
    """Note that a measure of the catalogue reached a household, or one of its people, on a day; its verdict follows.

    Raises PermissionDenied without MEASURE_EDIT there; ValidationError for an entry that does not hold there on that
    day, an amount outside its limits, or facts that cannot be.
    """
    with act(by=by, verb="deliver_measure"):
        row = lock(by, household, Right.MEASURE_EDIT)
        _check_item(item, {each.pk for each in measures_at(row.village_id, delivered_on)}, delivered_on)
        measure = _new(by, row, item, delivered_on, member)
        measure.evidence = _kept(by, row, delivered_on, paper)
        _set(measure, given)
        measure.save()
        after.changed([row.pk])
        counted_anew([row.village_id])
    return measure


def _new(by: User | None, household: Household, item: CatalogueItem, day: date, member: Member | None) -> Measure:
    place = {"household": household, "village_id": household.village_id}
    return Measure(**place, item=item, member=member, delivered_on=day, entered_by=by)


@dataclass(frozen=True)
class Delivery:
    """One of many measures that are noted at once."""

    household: Household
    item: CatalogueItem
    delivered_on: date
    member: Member | None = None
    given: Given = Given()


def deliver_measures(*, by: User | None, deliveries: Sequence[Delivery]) -> list[Measure | ValidationError]:
    """Note many measures, each taken or refused by the rules of :func:`deliver_measure`, in a few statements; in their
    order what became of each. A measure counts for those that come after it.

    Raises PermissionDenied without MEASURE_EDIT at one of the households' villages.
    """
    with act(by=by, verb="deliver_measure"):
        homes = lock_many(by, [each.household.pk for each in deliveries], Right.MEASURE_EDIT)
        held = {county: CountyCatalogue(county) for county in {row.village_id[:COUNTY] for row in homes.values()}}
        known = beside(homes)
        answers = [_taken(by, each, homes, held, known) for each in deliveries]
        made = [row for row in answers if isinstance(row, Measure)]
        Measure.objects.bulk_create(made)
        after.changed({row.household_id for row in made})
        counted_anew(row.village_id for row in made)
    return answers


def _taken(
    by: User | None, each: Delivery, homes: Mapping[int, Household], held: Mapping[str, CountyCatalogue],
    known: Mapping[int, Beside],
) -> Measure | ValidationError:  # fmt: skip
    """The measure, unsaved, or why there is none."""
    row = homes.get(each.household.pk)
    if row is None:
        return refusal("该户已销号，不能再登记。请核对户编号。")
    try:
        items = held[row.village_id[:COUNTY]].on(each.delivered_on)
        _check_item(each.item, {item.pk for item in items.values()}, each.delivered_on)
        measure = _new(by, row, each.item, each.delivered_on, each.member)
        _set(measure, each.given, known[row.pk])
    except ValidationError as fault:
        return fault
    known[row.pk].measures.append(measure)
    return measure


def correct_measure(
    *,
    by: User | None,
    measure: Measure,
    delivered_on: date,
    given: Given,
    member: Member | None = None,
    paper: File | None = None,
    version: int | None = None,
) -> Measure:
    """Set right what was noted of a measure. Raises PermissionDenied, ValidationError, Conflict when somebody was
    faster."""
    with act(by=by, verb="correct_measure"):
        household = lock(by, measure.household, Right.MEASURE_EDIT)
        row = _standing(measure)
        check_version(row, version, {"delivered_on": delivered_on, **vars(given)})
        _check_item(row.item, {each.pk for each in measures_at(row.village_id, delivered_on)}, delivered_on)
        row.member, row.delivered_on = member, delivered_on
        row.evidence = _kept(by, household, delivered_on, paper) or row.evidence
        _set(row, given)
        row.version += 1
        row.save()
        after.changed([household.pk])
        counted_anew([row.village_id])
    return row


def withdraw_measure(*, by: User | None, measure: Measure, reason: str) -> Measure:
    """Take back a measure that was noted wrongly; it stays readable and counts no more. Raises PermissionDenied,
    ValidationError without a reason."""
    check_right(by, Right.MEASURE_EDIT, measure.village_id)
    with act(by=by, verb="withdraw_measure", reason=reason):
        row = _standing(measure)
        if not reason.strip():
            raise refusal("请写明撤回的原因。", field="reason")
        row.withdrawn_on, row.withdrawn_reason = timezone.localdate(), reason.strip()[:120]
        row.version += 1
        row.save()
        after.changed([row.household_id])
        counted_anew([row.village_id])
    return row


def _standing(measure: Measure) -> Measure:
    row = Measure.objects.select_for_update(of=("self",)).select_related("item").get(pk=measure.pk)
    if row.withdrawn_on:
        raise refusal(f"这项措施已于 {row.withdrawn_on:%Y-%m-%d} 撤回，不能再修改；需要的请重新登记。")
    return row


def _check_item(item: CatalogueItem, held: Collection[int], day: date) -> None:
    """Raises ValidationError for an entry that is not among those ``held`` on the day, or a day that cannot be."""
    today = timezone.localdate()
    if not date(FIRST_YEAR, 1, 1) <= day <= today:
        raise refusal(f"落实日期应在 {FIRST_YEAR}年1月1日 到今天之间，请核对。", field="delivered_on")
    if item.level != CatalogueItem.Level.MEASURE:
        raise refusal("请选择具体措施，不能只选项目。", field="item")
    if item.pk not in held:
        raise refusal(f"“{item}”在 {day:%Y-%m-%d} 不在执行的目录里，请核对日期或另选措施。", field="delivered_on")


def _set(row: Measure, given: Given, known: Beside | None = None) -> None:
    """The facts, held against what is ``known`` of the household (read where it is not told)."""
    _check_person(row)
    given = _paid(row, given)
    given = replace(given, **_of_tier(row.item, given))
    if given.source not in ("", *Source.values):
        raise refusal("请选择资金来源。", field="source")
    if given.amount and not given.source:
        raise refusal("有金额的，请选择资金来源。", field="source")
    if given.amount and not given.payer.strip():
        raise refusal("有金额的，请填写拨付（实施）单位。", field="payer")
    if given.ends_on and given.ends_on < row.delivered_on:
        raise refusal("截止日期早于落实日期，请改正。", field="ends_on")
    if given.quantity is not None and given.quantity <= 0:
        raise refusal("数量应大于 0；没有数量的不填。", field="quantity")
    amount: Any = given.amount  # the column takes none, its type does not say so
    row.amount, row.quantity, row.tier, row.ends_on = amount, given.quantity, given.tier, given.ends_on
    row.payer, row.source = given.payer.strip()[:60], given.source
    row.voucher, row.effect = given.voucher.strip()[:60], given.effect.strip()[:200]
    row.risks = given.risks or answered_risks(row)
    _check_amount(row.item, row.amount, row.quantity)
    check_paid(row)
    _set_of_kind(row, given, known)


def _of_tier(item: CatalogueItem, given: Given) -> dict[str, Any]:
    tier, amount = of_tier(item, given.tier.strip(), given.amount, given.quantity)
    return {"tier": tier, "amount": amount}


def _paid(row: Measure, given: Given) -> Given:
    """What was given, with what the ledger says of the payment where it says more."""
    if given.payment is not None or given.unlink:
        row.payment = given.payment
    if row.payment_id is None:
        return given
    return replace(given, **taken_from(row, given.amount, payer=given.payer, voucher=given.voucher))


def _set_of_kind(row: Measure, given: Given, known: Beside | None) -> None:
    """The fields that only the entry's kind has, and its rules."""
    rule = rule_of(row)
    for name in OF_KINDS:
        setattr(row, name, getattr(given, name) if name in rule.asks else getattr(Given(), name))
    if row.settled_on and row.settled_on < row.delivered_on:
        raise refusal("还清（离岗）日期早于落实日期，请改正。", field="settled_on")
    if rule is not PLAIN:
        rule.check(row, known or beside([row.household_id])[row.household_id])


def _check_person(row: Measure) -> None:
    if row.member is not None and row.member.household_id != row.household_id:
        raise refusal("所选的人不在这一户，请重新选择。", field="member")


def _check_amount(item: CatalogueItem, amount: Decimal | None, quantity: Decimal | None) -> None:
    """Raises ValidationError outside the entry's limits."""
    if amount is None:
        return
    if amount < 0:
        raise refusal("金额不能小于 0，请改正。", field="amount")
    each = amount / counted_by(item, quantity)
    if (item.low is not None and each < item.low) or (item.high is not None and each > item.high):
        raise refusal(
            f"“{item}”的标准是{limits_words(item)}，所填折合 {each:,.2f} 元，请核对金额和数量；"
            "标准变了的，请县里先修改措施目录。",
            field="amount",
        )


def answered_risks(row: Measure) -> list[str]:
    """Which of the household's risks the entry answers; all of the entry's where it has none of them."""
    own = set(row.household.risks)
    return [code for code in row.item.risks if code in own] or list(row.item.risks)


def _kept(by: User | None, household: Household, day: date, paper: File | None) -> Attachment | None:
    if paper is None:
        return None
    return add_attachment(
        by=by, household=household, year=day.year, kind=MEASURE_PAPER, file=paper, right=Right.MEASURE_EDIT
    )


def given_of(facts: dict[str, Any]) -> Given:
    """The part of a form's or body's facts that is :class:`Given`."""
    names = Given.__dataclass_fields__
    return Given(**{name: facts[name] for name in names if facts.get(name) is not None})
