"""The list of micro-loans: what is owed, until when, what was subsidised, what was found wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import django_filters
from django import forms
from django.db.models import Count, Q, QuerySet, Sum
from django.urls import reverse
from django.utils import timezone

from assistance.measures.lists import term, who
from assistance.measures.rules import rules
from assistance.measures.selectors import measures
from assistance.models import Measure, RiskMove
from assistance.models.catalogue import Kind
from assistance.models.measure import Misuse
from povreg.kit.controls import Day
from povreg.kit.pages import filters
from povreg.kit.pages.columns import FIGURE, TITLE, UNDER, Column, along, short_day_text
from povreg.kit.pages.listing import Action, Ask, Empty, Listing, RowAction, Sheet
from povreg.kit.sheets.kinds import Yuan
from povreg.kit.workbench import inside
from villages.codes.controls import Number
from villages.models import User
from villages.places.filters import InPlace
from villages.rights import Right
from villages.rights.ready import ReadyFor

MONEY = Yuan()
OPEN, OVERDUE, SETTLED = "open", "overdue", "settled"
STATES = (
    (OPEN, "没有还清"), *((str(days), f"{days} 天内到期") for days in rules().due_days), (OVERDUE, "逾期"),
    (SETTLED, "已还清"),
)  # fmt: skip


def loans(user: User) -> QuerySet[Measure]:
    """The loans a person may see, those that end first first."""
    rows = measures(user).filter(withdrawn_on__isnull=True, item__kind=Kind.LOAN)
    return rows.order_by("settled_on", "ends_on", "pk")


def in_state(state: str, today: date | None = None) -> Q:
    """Condition over loans for a state of STATES."""
    today = today or timezone.localdate()
    if state == SETTLED:
        return Q(settled_on__isnull=False)
    owed = Q(settled_on__isnull=True)
    if state == OPEN:
        return owed
    if state == OVERDUE:
        return owed & Q(ends_on__lt=today)
    return owed & Q(ends_on__range=(today, today + timedelta(days=int(state))))


def _late(user: Any, today: date, *, role: str) -> QuerySet[Measure]:
    return loans(user).filter(inside(user, role, "village_id"), in_state(OVERDUE, today))


LATE = ReadyFor(_late, date)
"""Loans in the places of a role that were not paid back in time."""


@dataclass(frozen=True)
class Owed:
    """Loans in a state: their number and yuan."""

    state: str
    label: str
    count: int
    amount: Decimal


def owed(user: User) -> list[Owed]:
    """The loans by state, in one statement; those due within 90 days are among those within 60 no more than asked."""
    rows = Measure.objects.visible_to(user).standing().filter(item__kind=Kind.LOAN).order_by()
    asked: dict[str, Any] = {f"n_{code}": Count("pk", in_state(code)) for code, _label in STATES}
    asked |= {f"s_{code}": Sum("amount", filter=in_state(code)) for code, _label in STATES}
    found = rows.aggregate(**asked)
    return [Owed(code, label, found[f"n_{code}"], found[f"s_{code}"] or Decimal(0)) for code, label in STATES]


def put_money(rows: Sequence[Any], user: User) -> None:
    """What was subsidised of each loan, and what the risk fund has out for it. Two statements."""
    ids = [row.pk for row in rows]
    served = Measure.objects.standing().filter(serves__in=ids).order_by().values_list("serves")
    subsidised = dict(served.annotate(sum=Sum("amount")))
    moves = RiskMove.objects.filter(loan__in=ids).order_by().values_list("loan")
    out = {loan: -amount for loan, amount in moves.annotate(sum=Sum("amount"))}
    for row in rows:
        row.subsidy, row.out = subsidised.get(row.pk), out.get(row.pk)


class LoanFilters(django_filters.FilterSet):
    place = InPlace(field_name="village_id", label="村")
    state = filters.Choice(choices=STATES, label="还款", method="is_in_state")
    misuse = filters.Choice(choices=Misuse.choices, label="发现的问题")

    def is_in_state(self, rows: QuerySet[Measure], name: str, value: str) -> QuerySet[Measure]:
        return rows.filter(in_state(value))


class OfLoan(forms.Form):
    """What a button of the list asks; ids bear the loan's number."""

    on = Day(label="日期")

    def __init__(self, *args: Any, loan: Measure, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "auto_id": f"{type(self).__name__}-{loan.pk}-%s"})
        self.fields["on"].initial = timezone.localdate()


class SettleForm(OfLoan):
    """When it was paid back."""


class MoveForm(OfLoan):
    """Money of the risk fund for one loan."""

    amount = Number(label="金额（元）", max_digits=14, decimal_places=2)
    voucher = forms.CharField(label="凭证号", max_length=60)


def is_late(row: Measure) -> bool:
    return row.settled_on is None and row.ends_on is not None and row.ends_on < timezone.localdate()


def may_settle(row: Measure, user: User) -> bool:
    return row.settled_on is None and user.can(Right.MEASURE_EDIT, row.village_id)


def may_compensate(row: Measure, user: User) -> bool:
    return is_late(row) and user.can(Right.FUND_MANAGE, row.village_id)


def may_recover(row: Measure, user: User) -> bool:
    return bool(row.out) and user.can(Right.FUND_MANAGE, row.village_id)  # type: ignore[attr-defined]


def rate_words(row: Measure) -> str:
    return f"{row.rate.normalize():f}%" if row.rate is not None else ""


LOANS = Listing(
    code="loans",
    title="小额信贷",
    subtitle="谁借了多少、何时到期、贴了多少息、发现什么问题",
    heading="贷款",
    unit="笔",
    rights=(Right.HOUSEHOLD_VIEW,),
    rows=loans,
    columns=(
        Column("who", "户主", who, link=lambda row, user: reverse("household-measures", args=[row.household_id]),
               under=lambda row: row.member.name if row.member else "", phone=TITLE, width=12),
        Column("village_name", "村", lambda row: str(row.village), under=along("village__parent"), width=14),
        Column("amount", "金额（元）", kind=MONEY, under=rate_words, phone=FIGURE),
        Column("use", "用途", lambda row: row.get_use_display()),
        Column("payer", "发放银行", width=20),
        Column("delivered_on", "贷款日期", text=short_day_text, css="tabular"),
        Column("ends_on", "到期日期", text=short_day_text, under=term, late=is_late, phone=UNDER, css="tabular"),
        Column("settled_on", "还清日期", text=short_day_text, css="tabular"),
        Column("subsidy", "已贴息（元）", kind=MONEY),
        Column("out", "代偿未收回（元）", kind=MONEY),
        Column("misuse", "发现的问题", lambda row: row.get_misuse_display(),
               tone=lambda row: "fail" if row.misuse else ""),
    ),
    filters=LoanFilters,
    bar=("place", "state", "misuse"),
    usual={"state": OPEN},
    fetch=put_money,
    row_actions=(
        RowAction("settle", "还清", lambda row: reverse("loan-settle", args=[row.pk]), may=may_settle,
                  ask=Ask("登记还清", lambda row: f"{who(row)}的 {row.amount:,.0f} 元贷款本息已还清。",
                          form=lambda row: SettleForm(loan=row))),
        RowAction("compensate", "代偿", lambda row: reverse("loan-compensate", args=[row.pk]), may=may_compensate,
                  ask=Ask("风险补偿金代偿", lambda row: "逾期没有还清的，由风险补偿金按约定比例付给银行。", risk=True,
                          form=lambda row: MoveForm(loan=row))),
        RowAction("recover", "收回", lambda row: reverse("loan-recover", args=[row.pk]), may=may_recover,
                  ask=Ask("追偿收回", lambda row: "从借款人追回的钱，回到风险补偿金。",
                          form=lambda row: MoveForm(loan=row))),
    ),
    actions=(
        Action("贷款办法", "loan-terms", (Right.CATALOGUE_EDIT,)),
        Action("注入风险补偿金", "risk-fund-fill", (Right.FUND_MANAGE,)),
    ),
    faint=lambda row: row.settled_on is not None,
    empty=Empty("没有这样的贷款", "可以换一个还款状态再看；新的贷款在“登记措施”里登记。"),
    sheet=Sheet(Right.EXPORT, "小额信贷", lambda user: [("金额", "元")]),
)  # fmt: skip

LISTS = (LOANS,)
