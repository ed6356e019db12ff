"""Loans below what is owed and what the risk fund holds; the county's terms."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from assistance.models import LoanTerms, Measure, RiskFund, RiskMove
from assistance.running.loans import lists, services
from povreg.kit.controls import Day
from povreg.kit.pages.edit import Edit, home, posted
from povreg.kit.pages.shown import ShownList
from povreg.kit.pages.views import ListPage
from povreg.kit.scopes import COUNTY
from povreg.kit.views import ScopedForm
from villages.codes.controls import Number
from villages.models import Place, User
from villages.places.fields import PlaceField
from villages.rights import Right


class Loans(ListPage):
    """The loans, below what is owed by when and the fund that answers for them."""

    template = "assistance/running/loans.html"

    def context(self, shown: ShownList) -> dict[str, Any]:
        user = self.request.user
        owed = {each.state: each for each in lists.owed(user)}
        funds = list(RiskFund.objects.visible_to(user)) if user.can(Right.FUND_VIEW) else []
        balance = sum((fund.balance for fund in funds), Decimal(0))
        return {
            "list": shown,
            "owed": owed,
            "balance": balance if funds else None,
            "multiple": (owed["open"].amount / balance).quantize(Decimal("0.1")) if balance else None,
        }


class OfCounty(ScopedForm, forms.Form):
    """About the person's county, which a form for several asks."""

    place = PlaceField(label="县", levels=[Place.Level.COUNTY])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        codes = [code for _role, code in self.user.postings_today() if len(code) >= COUNTY]
        self.initial = {"place": codes[0][:COUNTY] if codes else None, **self.initial}


class TermsForm(OfCounty):
    starts_on = Day(label="开始执行日期")
    most_rate = Number(
        label="年利率上限（%）", max_digits=5, decimal_places=3, required=False, help_text="如 LPR 3.450。"
    )
    subsidy_share = Number(label="贴息比例（%）", max_digits=5, decimal_places=2, initial=100)
    multiple = Number(
        label="放大倍数上限", max_digits=5, decimal_places=1, required=False, help_text="贷款余额是补偿金的几倍以内。"
    )
    document = forms.CharField(label="依据文件", max_length=120)


class FillForm(OfCounty):
    amount = Number(label="金额（元）", max_digits=14, decimal_places=2)
    on = Day(label="日期")
    voucher = forms.CharField(label="凭证号", max_length=60)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = timezone.localdate()


def save_terms(by: User, row: None, form: Any) -> LoanTerms:
    facts = dict(form.cleaned_data)
    return services.save_terms(by=by, county=facts.pop("place"), **facts)


def fill(by: User, row: None, form: Any) -> RiskMove:
    facts = dict(form.cleaned_data)
    return services.fill_fund(by=by, county=facts.pop("place"), **facts)


def to_loans(request: HttpRequest, row: Any) -> str:
    return reverse("loans")


def loan_rows() -> Any:
    return Measure.objects.select_related("item", "household__village")


BACK: dict[str, Any] = {"after": to_loans, "crumbs": home("小额信贷", "loans")}
TERMS = Edit(
    code="loan-terms",
    title=lambda row: "小额信贷办法",
    right=Right.CATALOGUE_EDIT,
    form=lambda request, row: TermsForm(posted(request), user=request.user),
    save=save_terms,
    done=lambda row: f"已保存，{row.starts_on:%Y-%m-%d} 起的贷款按这个办法核对。",
    subtitle=lambda row: "从哪一天起的贷款，按什么利率上限和贴息比例核对；以前的不变",
    wide=("document",),
    **BACK,
)
FILL = Edit(
    code="risk-fund-fill",
    title=lambda row: "注入风险补偿金",
    right=Right.FUND_MANAGE,
    form=lambda request, row: FillForm(posted(request), user=request.user),
    save=fill,
    done=lambda row: f"已注入 {row.amount:,.2f} 元。",
    label="登记注入",
    **BACK,
)
SETTLE = Edit(
    code="loan-settle",
    title=lambda row: "登记还清",
    right=Right.MEASURE_EDIT,
    rows=loan_rows,
    form=lambda request, row: lists.SettleForm(posted(request), loan=row),
    save=lambda by, row, form: services.settle_loan(by=by, loan=row, **form.cleaned_data),
    done=lambda row: "已登记还清。",
    **BACK,
)
COMPENSATE = Edit(
    code="loan-compensate",
    title=lambda row: "代偿",
    right=Right.FUND_MANAGE,
    rows=loan_rows,
    form=lambda request, row: lists.MoveForm(posted(request), loan=row),
    save=lambda by, row, form: services.compensate(by=by, loan=row, **form.cleaned_data),
    done=lambda row: f"已代偿 {-row.amount:,.2f} 元。",
    **BACK,
)
RECOVER = Edit(
    code="loan-recover",
    title=lambda row: "追偿收回",
    right=Right.FUND_MANAGE,
    rows=loan_rows,
    form=lambda request, row: lists.MoveForm(posted(request), loan=row),
    save=lambda by, row, form: services.recover(by=by, loan=row, **form.cleaned_data),
    done=lambda row: f"已收回 {row.amount:,.2f} 元。",
    **BACK,
)
