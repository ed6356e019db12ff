"""Verbs of loans that run: terms of the county, settled, and what the risk fund does for those that are not."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.utils import timezone

from assistance.measures.loans import CENT
from assistance.models import LoanTerms, Measure, RiskFund, RiskMove
from assistance.models.catalogue import Kind
from households.register.errors import refusal
from povreg.kit.history import act
from povreg.kit.scopes import COUNTY
from villages.models import Place, User
from villages.rights import Right
from villages.rights.checks import check_right

MOST_RATE = Decimal(36)
"""Per cent a year above which a rate is a slip of the pen."""


def save_terms(*, by: User, county: Place, starts_on: date, **facts: Any) -> LoanTerms:
    """Enter what loans begun from a day on hold to; entered again for the same day it is corrected.

    Raises PermissionDenied without CATALOGUE_EDIT at the county, ValidationError beside the field.
    """
    check_right(by, Right.CATALOGUE_EDIT, county.pk)
    rate, share = facts.get("most_rate"), facts["subsidy_share"]
    if rate is not None and not 0 < rate <= MOST_RATE:
        raise refusal("年利率应在 0 到 36 之间，按百分数填，如 3.450。", field="most_rate")
    if not 0 < share <= 100:
        raise refusal("贴息比例应大于 0、不超过 100，请核对。", field="subsidy_share")
    with act(by=by, verb="save_loan_terms"):
        return LoanTerms.objects.update_or_create(place=county, starts_on=starts_on, defaults=facts)[0]


def loan_of(measure: Measure) -> Measure:
    """The loan, locked. Raises ValidationError for what is none, or was taken back."""
    row = Measure.objects.select_for_update(of=("self",)).select_related("item").get(pk=measure.pk)
    if row.item.kind != Kind.LOAN or row.withdrawn_on:
        raise refusal("这不是有效的小额信贷，请刷新后再办。")
    return row


def settle_loan(*, by: User, loan: Measure, on: date) -> Measure:
    """Note that a loan was paid back. Raises PermissionDenied without MEASURE_EDIT there, ValidationError for a day
    before it began or to come, or twice."""
    check_right(by, Right.MEASURE_EDIT, loan.village_id)
    with act(by=by, verb="settle_loan"):
        row = loan_of(loan)
        if row.settled_on:
            raise refusal("这笔贷款已登记还清。")
        if not row.delivered_on <= on <= timezone.localdate():
            raise refusal("还清日期应在贷款以后、今天以前，请核对。", field="on")
        row.settled_on = on
        row.version += 1
        row.save()
    return row


def fund_of(county: str) -> RiskFund:
    """The fund of a county, locked; made where there is none."""
    RiskFund.objects.get_or_create(place_id=county)
    return RiskFund.objects.select_for_update(of=("self",)).get(place_id=county)


def check_move(fund: RiskFund, kind: str, amount: Decimal, on: date, voucher: str) -> None:
    if amount <= 0 or amount != amount.quantize(CENT):
        raise refusal("金额应大于 0，最多两位小数，请核对。", field="amount")
    if on > timezone.localdate():
        raise refusal("日期还没有到，请填实际日期。", field="on")
    if not voucher.strip():
        raise refusal("请填写凭证号。", field="voucher")
    if fund.moves.filter(kind=kind, voucher=voucher.strip()).exists():
        raise refusal("这个凭证已经登记过，请核对，不要重复登记。", field="voucher")


def fill_fund(*, by: User, county: Place, amount: Decimal, on: date, voucher: str) -> RiskMove:
    """Put money into the fund. Raises PermissionDenied without FUND_MANAGE at the county, ValidationError."""
    check_right(by, Right.FUND_MANAGE, county.pk)
    with act(by=by, verb="fill_risk_fund"):
        fund = fund_of(county.pk)
        check_move(fund, RiskMove.Kind.PAID_IN, amount, on, voucher)
        return fund.moves.create(kind=RiskMove.Kind.PAID_IN, amount=amount, on=on, voucher=voucher.strip()[:60], by=by)


def given_for(loan: Measure) -> Decimal:
    """Yuan that the fund has out for a loan: compensated, less what was won back."""
    moves = RiskMove.objects.filter(loan=loan).aggregate(sum=Sum("amount"))["sum"]
    return -(moves or Decimal(0))


def compensate(*, by: User, loan: Measure, amount: Decimal, on: date, voucher: str) -> RiskMove:
    """Pay a bank out of the fund for a loan that is overdue.

    Raises PermissionDenied without FUND_MANAGE in the county; ValidationError for a loan that is not overdue or was
    paid back, for more than was lent, or more than the fund holds.
    """
    county = loan.village_id[:COUNTY]
    check_right(by, Right.FUND_MANAGE, county)
    with act(by=by, verb="compensate_loan"):
        fund = fund_of(county)
        row = loan_of(loan)
        check_move(fund, RiskMove.Kind.COMPENSATED, amount, on, voucher)
        if row.settled_on or row.ends_on is None or row.ends_on >= on:
            raise refusal("逾期没有还清的贷款才能代偿，请核对。", field="on")
        left = row.amount - given_for(row)
        if amount > left:
            raise refusal(f"这笔贷款最多还能代偿 {left:,.2f} 元，请核对金额。", field="amount")
        if amount > fund.balance:
            raise refusal(f"风险补偿金只剩 {fund.balance:,.2f} 元，不够代偿。", field="amount")
        facts = {"loan": row, "amount": -amount, "on": on, "voucher": voucher.strip()[:60], "by": by}
        return fund.moves.create(kind=RiskMove.Kind.COMPENSATED, **facts)


def recover(*, by: User, loan: Measure, amount: Decimal, on: date, voucher: str) -> RiskMove:
    """Note money won back from a borrower for whom the fund paid. Raises PermissionDenied, ValidationError for more
    than it has out for him."""
    county = loan.village_id[:COUNTY]
    check_right(by, Right.FUND_MANAGE, county)
    with act(by=by, verb="recover_loan"):
        fund = fund_of(county)
        row = loan_of(loan)
        check_move(fund, RiskMove.Kind.RECOVERED, amount, on, voucher)
        out = given_for(row)
        if amount > out:
            raise refusal(f"为这笔贷款代偿还没有收回的是 {out:,.2f} 元，请核对金额。", field="amount")
        facts = {"loan": row, "amount": amount, "on": on, "voucher": voucher.strip()[:60], "by": by}
        return fund.moves.create(kind=RiskMove.Kind.RECOVERED, **facts)
