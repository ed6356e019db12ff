"""Verbs of the ledger: money received, allocated to projects, paid out, taken back.

What is said here in plain words is held by the database besides (assistance.models.ledger_sql): nothing is overdrawn,
nothing is paid twice, whoever writes at the same time.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from assistance.funds import catalogue
from assistance.funds.projects.way import FUNDED, PAYABLE
from assistance.models import Allocation, Disbursement, FundSource, Project
from assistance.tallies.after import counted_anew
from households.models import Household
from households.register.turnover import homes_behind
from povreg.kit.history import act
from povreg.kit.stale import check_version
from villages.models import Place, User
from villages.rights import Right
from villages.rights.checks import check_right

SOURCE_FACTS = ("place", "year", "kind", "fund", "document", "amount", "received_on", "industry_share", "note")
CENT = Decimal("0.01")


class Overdrawn(ValidationError):  # noqa: N818 - a state, not an accident
    """More is asked than is left."""


class PaidAlready(ValidationError):  # noqa: N818 - a state, not an accident
    """The household has got this item, or the voucher stands in the ledger."""


@dataclass(frozen=True)
class Payee:
    """Who gets how much: a household, or a unit by name."""

    amount: Decimal
    household: Household | None = None
    unit: str = ""


def save_source(*, by: User | None, source: FundSource | None = None, version: int = 0, **facts: Any) -> FundSource:
    """Record money that came, or correct what was recorded at ``version``.

    Raises PermissionDenied without FUND_MANAGE at the county, Conflict, Overdrawn where less is left than allocated,
    ValidationError beside the field.
    """
    place: Place = facts.get("place") or source.place  # type: ignore[union-attr]
    check_right(by, Right.FUND_MANAGE, place.pk)
    with act(by=by, verb="save_source"):
        row = FundSource()
        if source is not None:
            row = FundSource.objects.select_for_update(of=("self",)).get(pk=source.pk)
            check_version(row, version or None, facts)
            row.version += 1
        for name, value in facts.items():
            if name not in SOURCE_FACTS:
                raise TypeError(f"no fact of a source: {name}")
            setattr(row, name, value)
        check_source(row)
        row.save()
    return row


def check_source(row: FundSource) -> None:
    """Raises ValidationError beside the field, Overdrawn."""
    fund = catalogue.funds().get(row.fund)
    faults: dict[str, str] = {}
    if fund is None or not fund.year_from <= row.year <= fund.year_to:
        faults["fund"] = f"{row.year}年没有这种资金，请核对年度或资金名称。"
    if row.amount is None or row.amount <= 0:
        faults["amount"] = "金额应大于 0，请核对。"
    if row.received_on > timezone.localdate():
        faults["received_on"] = "到账日期还没有到，请填实际到账的日期。"
    if row.industry_share is not None and not 0 <= row.industry_share <= 100:
        faults["industry_share"] = "占比应在 0 到 100 之间，请核对。"
    same = FundSource.objects.filter(
        place=row.place, year=row.year, kind=row.kind, fund=row.fund, document=row.document
    ).exclude(pk=row.pk)
    if same.exists():
        faults["document"] = "这个文件的这笔资金已经登记过，请在名单中查找，不要重复登记。"
    if faults:
        raise ValidationError(faults)
    if row.amount < row.allocated:
        raise Overdrawn({"amount": f"已安排 {row.allocated:,.2f} 元，金额不能小于已安排的数。"})


def allocate(
    *, by: User | None, source: FundSource, project: Project, amount: Decimal, document: str, on: date
) -> Allocation:
    """Give part of a source to a project of the same county.

    Raises PermissionDenied without FUND_MANAGE there; Overdrawn for more than the source has left or the project's
    estimate leaves; ValidationError for a project outside the library, another county's, or an amount below a cent.
    """
    check_right(by, Right.FUND_MANAGE, source.place_id)
    check_right(by, Right.FUND_MANAGE, project.place_id)
    check_amount(amount)
    with act(by=by, verb="allocate_fund"):
        money = FundSource.objects.select_for_update(of=("self",)).get(pk=source.pk)
        row = Project.objects.select_for_update(of=("self",)).get(pk=project.pk)
        if not row.place_id.startswith(money.place_id):
            raise ValidationError({"source": "这笔资金是别的县的，请另选。"})
        if row.state not in FUNDED:
            raise ValidationError(f"项目现在是“{row.get_state_display()}”，入库以后、验收以前才能安排资金。")
        check_left(amount, money.amount - money.allocated, "资金来源只剩")
        check_left(amount, row.budget - row.allocated, "按投资估算还可安排")
        if not document.strip():
            raise ValidationError({"document": "请填写下达文号。"})
        if money.allocations.filter(project=row, document=document.strip()).exists():
            raise ValidationError({"document": "这个文号已经给本项目安排过这笔资金，请核对，不要重复安排。"})
        counted_anew([row.place_id])
        return Allocation.objects.create(
            source=money, project=row, amount=amount, document=document.strip()[:80], on=on, by=by
        )


def check_amount(amount: Decimal) -> None:
    """Raises ValidationError for nothing, less, or parts of a cent."""
    if amount <= 0 or amount != amount.quantize(CENT):
        raise ValidationError({"amount": "金额应大于 0，最多两位小数，请核对。"})


def check_left(amount: Decimal, left: Decimal, said: str) -> None:
    if amount > left:
        raise Overdrawn({"amount": f"{said} {left:,.2f} 元，不够 {amount:,.2f} 元，请核对金额。"})


def change_allocation(*, by: User, allocation: Allocation, amount: Decimal, reason: str) -> Allocation:
    """Give a project more or less of a source, never less than was paid.

    Raises PermissionDenied, Overdrawn, ValidationError without a reason.
    """
    check_right(by, Right.FUND_MANAGE, allocation.project.place_id)
    if amount != 0:
        check_amount(amount)
    if not reason.strip():
        raise ValidationError({"reason": "请写明调整的原因。"})
    with act(by=by, verb="change_allocation", reason=reason):
        money = FundSource.objects.select_for_update(of=("self",)).get(pk=allocation.source_id)
        project = Project.objects.select_for_update(of=("self",)).get(pk=allocation.project_id)
        row = Allocation.objects.select_for_update(of=("self",)).get(pk=allocation.pk)
        more = amount - row.amount
        check_left(more, money.amount - money.allocated, "资金来源只剩")
        check_left(more, project.budget - project.allocated, "按投资估算还可安排")
        if amount < row.paid:
            raise Overdrawn({"amount": f"已拨付 {row.paid:,.2f} 元，安排金额不能小于已拨付的数。"})
        row.amount = amount
        row.save(update_fields=["amount"])
        counted_anew([project.place_id])
    return row


def disburse(
    *, by: User | None, allocation: Allocation, payees: Sequence[Payee], item: str, paid_on: date, voucher: str
) -> list[Disbursement]:
    """Pay out of an allocation, to one or many, all or nothing.

    Raises PermissionDenied without FUND_MANAGE; Overdrawn for more than is left; PaidAlready for who has got the item;
    ValidationError for a project that may not be paid yet, a household elsewhere, amounts that cannot be.
    """
    check_right(by, Right.FUND_MANAGE, allocation.project.place_id)
    with act(by=by, verb="disburse"):
        row = Allocation.objects.select_for_update(of=("self",)).select_related("project").get(pk=allocation.pk)
        item, voucher = item.strip(), voucher.strip()
        check_payment(row, payees, item, voucher, paid_on)
        check_left(sum((payee.amount for payee in payees), Decimal()), row.amount - row.paid, "本笔安排只剩")
        check_not_paid(row.project, payees, item, voucher)
        counted_anew([row.project.place_id])
        return Disbursement.objects.bulk_create(payment_of(by, row, payee, item, paid_on, voucher) for payee in payees)


@dataclass(frozen=True)
class Paying:
    """One of many payments to households that are made at once."""

    allocation: Allocation
    household: Household
    amount: Decimal
    item: str
    paid_on: date
    voucher: str


def disburse_many(*, by: User | None, payings: Sequence[Paying]) -> list[Disbursement | ValidationError]:
    """Pay many households, out of whichever allocations, each taken or refused by the rules of :func:`disburse`, in a
    few statements; in their order what became of each. What one takes is not there for the next.

    Raises PermissionDenied without FUND_MANAGE at one of the projects.
    """
    with act(by=by, verb="disburse"):
        wanted = {each.allocation.pk for each in payings}
        rows = Allocation.objects.filter(pk__in=wanted).order_by("pk").select_for_update(of=("self",))
        money = {row.pk: row for row in rows.select_related("project")}
        for row in money.values():
            check_right(by, Right.FUND_MANAGE, row.project.place_id)
        left = {pk: row.amount - row.paid for pk, row in money.items()}
        got = _got(money.values(), [each.household.pk for each in payings])
        answers = [_paying(by, each, money[each.allocation.pk], left, got) for each in payings]
        Disbursement.objects.bulk_create([row for row in answers if isinstance(row, Disbursement)])
        counted_anew(row.project.place_id for row in money.values())
    return answers


def _got(rows: Iterable[Allocation], households: Sequence[int]) -> set[tuple[int | None, int | None, str]]:
    """What these households, and those merged into them, have got of the allocations' projects: project, household,
    item."""
    behind = homes_behind(households)
    stand = Disbursement.objects.filter(reverses=None, is_reversed=False, household__in=list(behind))
    found = stand.filter(project__in=[row.project_id for row in rows])
    keys = found.values_list("project_id", "household_id", "item")
    return {(project, behind[home], item) for project, home, item in keys if home}


def _paying(
    by: User | None, each: Paying, row: Allocation, left: dict[int, Decimal],
    got: set[tuple[int | None, int | None, str]],
) -> Disbursement | ValidationError:  # fmt: skip
    """The payment, unsaved, or why there is none; what it takes is taken from ``left`` and added to ``got``."""
    item, voucher, key = each.item.strip(), each.voucher.strip(), (row.project_id, each.household.pk, each.item[:60])
    try:
        check_payment(row, [Payee(each.amount, each.household)], item, voucher, each.paid_on)
        check_left(each.amount, left[row.pk], "本笔安排只剩")
        if key in got:
            raise paid_already(item, each.household.household_no)
    except ValidationError as fault:
        return fault
    left[row.pk] -= each.amount
    got.add(key)
    return payment_of(by, row, Payee(each.amount, each.household), item, each.paid_on, voucher)


def payment_of(
    by: User | None, row: Allocation, payee: Payee, item: str, paid_on: date, voucher: str
) -> Disbursement:  # fmt: skip
    """A payment out of an allocation, unsaved."""
    return Disbursement(
        allocation=row, project=row.project, household=payee.household, payee=payee.unit.strip()[:80],
        village_id=payee.household.village_id if payee.household else row.project.place_id,
        item=item[:60], amount=payee.amount, paid_on=paid_on, voucher=voucher[:60], by=by,
    )  # fmt: skip


def check_payment(row: Allocation, payees: Sequence[Payee], item: str, voucher: str, paid_on: date) -> None:
    """Raises ValidationError beside the field."""
    faults: dict[str, str] = {}
    if row.project.state not in PAYABLE:
        faults["__all__"] = f"项目现在是“{row.project.get_state_display()}”，列入年度计划以后才能拨付。"
    if not item:
        faults["item"] = "请填写拨付事项，如“2026年产业奖补”。"
    if not voucher:
        faults["voucher"] = "请填写凭证号。"
    if not row.on <= paid_on <= timezone.localdate():
        faults["paid_on"] = f"拨付日期应在资金下达（{row.on:%Y-%m-%d}）以后、今天以前，请核对。"
    if not payees:
        faults["payees"] = "请写明拨付给谁。"
    outside = [
        each.household.household_no
        for each in payees
        if each.household and not each.household.village_id.startswith(row.project.place_id)
    ]
    if outside:
        faults["payees"] = f"不在项目实施地点：{'、'.join(outside[:5])}，请核对户编号。"
    if faults:
        raise ValidationError(faults)
    for each in payees:
        check_amount(each.amount)


def check_not_paid(project: Project, payees: Sequence[Payee], item: str, voucher: str) -> None:
    """Raises PaidAlready naming who has got it."""
    asked = [each.household.pk for each in payees if each.household]
    behind = homes_behind(asked)
    twice = {pk for pk in asked if asked.count(pk) > 1} if len(set(asked)) < len(asked) else set()
    stand = Disbursement.objects.filter(project=project, reverses=None, is_reversed=False)
    paid = stand.filter(household__in=list(behind), item=item[:60]).values_list("household_id", flat=True)
    got = {*twice, *(behind[pk] for pk in paid if pk)}
    if got:
        numbers = [each.household.household_no for each in payees if each.household and each.household.pk in got]
        raise paid_already(item, "、".join(dict.fromkeys(numbers)))
    units = [each.unit.strip() for each in payees if each.unit]
    if stand.filter(payee__in=units, voucher=voucher[:60]).exists() or len(set(units)) < len(units):
        raise PaidAlready({"voucher": f"凭证“{voucher}”已经给这个单位拨付过，请核对，不要重复拨付。"})


def paid_already(item: str, numbers: str) -> PaidAlready:
    return PaidAlready({"payees": f"“{item}”已经发给：{numbers}，不能重复发放；再发一期的，请在事项里写明时间。"})


def reverse_payment(*, by: User, payment: Disbursement, on: date, voucher: str, reason: str) -> Disbursement:
    """Take a payment back as a whole: what was paid by mistake may then be paid anew.

    Raises PermissionDenied without FUND_MANAGE, ValidationError without reason or voucher, for a reversal, or twice.
    """
    check_right(by, Right.FUND_MANAGE, payment.project.place_id)
    if not reason.strip():
        raise ValidationError({"reason": "请写明冲正的原因。"})
    with act(by=by, verb="reverse_payment", reason=reason):
        Allocation.objects.select_for_update(of=("self",)).get(pk=payment.allocation_id)
        row = Disbursement.objects.get(pk=payment.pk)
        if row.reverses_id or row.is_reversed:
            raise PaidAlready("这一笔已经冲正，不能再冲正。")
        if not row.paid_on <= on <= timezone.localdate():
            raise ValidationError({"on": "冲正日期应在拨付以后、今天以前，请核对。"})
        counted_anew([payment.project.place_id])
        return Disbursement.objects.create(
            allocation_id=row.allocation_id, project_id=row.project_id, household_id=row.household_id,
            village_id=row.village_id, payee=row.payee, item=row.item, amount=-row.amount, paid_on=on,
            voucher=voucher.strip()[:60] or row.voucher, reverses=row, reason=reason.strip()[:200], by=by,
        )  # fmt: skip
